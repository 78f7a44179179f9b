/** A sentence of the studio and what can be done about it, until it is done. One a name: a newer one takes its place. */
const place = document.getElementById("studio-notices");
const PASSING_MS = 12_000;

/** `acts` are [label, function]; `alarm` interrupts a screen reader; `passing` goes by itself. */
export function offer(name, text, acts = [], { alarm = false, passing = false } = {}) {
  const before = find(name);
  if (before?.firstElementChild.textContent === text) return; // it is not said twice
  before?.remove();
  const notice = document.createElement("div");
  notice.className = "saving-notice";
  notice.dataset.name = name;
  if (alarm) notice.setAttribute("role", "alert");
  notice.append(Object.assign(document.createElement("p"), { textContent: text }));
  for (const [label, act] of acts) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: label });
    button.addEventListener("click", () => { dismiss(name); act(); });
    notice.append(button);
  }
  place.append(notice);
  if (passing) setTimeout(() => { if (!notice.matches(":hover, :focus-within")) notice.remove(); }, PASSING_MS);
}

export function dismiss(name) {
  find(name)?.remove();
}

const find = (name) => place.querySelector(`[data-name="${name}"]`);
