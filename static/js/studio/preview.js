/**
 * The text as the book's own pipeline shows it, beside the text or in its place: asked for when typing pauses, and scrolled
 * in step: the paragraph at the top of the one is at the top of the other.
 */
const PAUSE_MS = 400;
const SHARE = 0.999;

/** Paragraphs of the text, which become elements one after another; notes go to the end of the page. */
const paragraphs = (text) => text.split(/\n{2,}/).filter((one) => one.trim() && !/^\[\^[^\]]+\]:/.test(one));

export function start({ root, data, editor, events }) {
  const button = root.querySelector("[data-studio=preview]");
  const pane = document.getElementById("studio-preview");
  const page = document.getElementById("studio-page");
  const token = document.querySelector("#studio-form [name=csrfmiddlewaretoken]");
  let asked = null;
  let waiting = 0;

  async function show() {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams({ markdown: editor.text() });
    try {
      const answer = await fetch(data.preview, { method: "POST", body, signal: asked.signal, headers: { "X-CSRFToken": token.value, "HX-Request": "true" } });
      if (answer.status !== 200 && answer.status !== 422) return;
      pane.innerHTML = await answer.text();
      follow();
    } catch {
      // Offline, or asked again meanwhile: what is shown stays.
    }
  }

  /** How far the text is scrolled, as a share of its paragraphs. */
  function share() {
    if (!editor.firstInSight) return page.scrollTop / Math.max(1, page.scrollHeight - page.clientHeight);
    const text = editor.text();
    const { point, within } = editor.firstInSight(page.getBoundingClientRect().top);
    const before = paragraphs([...text].slice(0, point).join("")).length;
    return (before + within) / Math.max(1, paragraphs(text).length);
  }

  function follow() {
    if (pane.hidden) return;
    const body = pane.querySelector(".prose");
    const bottom = page.scrollTop >= page.scrollHeight - page.clientHeight - 1;
    if (!body || !body.children.length || page.scrollTop < 1 || bottom) {
      pane.scrollTop = bottom && page.scrollTop ? pane.scrollHeight : 0;
      return;
    }
    const parts = [...body.children].filter((one) => !one.matches(".footnotes"));
    const place = Math.min(share(), SHARE) * parts.length;
    const part = parts[Math.floor(place)];
    const top = part.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
    pane.scrollTop = top + (place % 1) * part.offsetHeight;
  }

  function toggle(open = pane.hidden) {
    pane.hidden = !open;
    root.toggleAttribute("data-preview-open", open);
    button.setAttribute("aria-pressed", String(open));
    if (open) show();
    else editor.focus();
  }

  const later = () => {
    clearTimeout(waiting);
    if (!pane.hidden) waiting = setTimeout(show, PAUSE_MS);
  };
  button.addEventListener("click", () => toggle());
  events.addEventListener("typed", later);
  events.addEventListener("replaced", later);
  let drawing = 0;
  page.addEventListener("scroll", () => {
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(follow);
  }, { passive: true });
}
