/** A word to the writer at the foot of the studio: said aloud, gone after a while, or when it is clicked. */
const PATIENCE_MS = 8000;

/** `tone` is info, success, warning or error; errors stay until they are dismissed. */
export function say(text, tone = "info") {
  const place = document.getElementById("studio-notices");
  const notice = document.getElementById("studio-notice").content.firstElementChild.cloneNode(true);
  notice.className = `notice notice-${tone}`;
  notice.lastElementChild.textContent = text;
  notice.addEventListener("click", () => notice.remove());
  place.append(notice);
  if (tone !== "error") setTimeout(() => notice.remove(), PATIENCE_MS);
}
