/**
 * The panel "origin": while it is open, each paragraph of the text shows by a line whose it is; a click there finds its line in
 * the panel, a click here its paragraph. The panel itself is HTML of the server (templates/books/origin.html).
 */
const NAME = "origin";
const FIRST = 24; // characters of a paragraph that are underlined: a mark, not a shadow over the text

export function start({ events, editor }) {
  const side = document.getElementById("studio-side");
  const panel = () => side.querySelector("[data-origin]");
  const lines = () => [...side.querySelectorAll("[data-origin] [data-number]")];
  let shown = false;

  function mark() {
    if (!panel()) return clear();
    shown = true;
    const tick = panel().querySelector("[data-origin-tick]");
    if (tick) tick.hidden = false;
    editor.marks.set(lines().map((line) => ({
      id: `label-${line.dataset.number}`,
      kind: "label",
      tone: line.dataset.source,
      start: Number(line.dataset.start),
      end: Math.min(Number(line.dataset.end), Number(line.dataset.start) + FIRST),
      title: line.querySelector("[data-who]").textContent,
    })), "labels");
  }

  function clear() {
    if (!shown) return;
    shown = false;
    editor.marks.set([], "labels");
    events.dispatchEvent(new CustomEvent("marks"));
  }

  /** The panel tells of the saved text: after a save it is asked for again. */
  function again() {
    if (!panel()) return;
    const tab = document.querySelector(`.studio-tabs [data-panel="${NAME}"]`);
    window.htmx?.ajax("GET", tab.href, { target: "#panel", select: "#panel", swap: "outerHTML" });
  }

  function selected({ start: from, end: to }) {
    return lines().filter((line) => {
      const place = editor.marks.place(`label-${line.dataset.number}`);
      const begins = place?.start ?? Number(line.dataset.start);
      return begins < Math.max(to, from + 1) && begins + Number(line.dataset.end) - Number(line.dataset.start) >= from;
    });
  }

  events.addEventListener("panel", ({ detail }) => { if (detail?.loaded) mark(); });
  events.addEventListener("saved", again);
  events.addEventListener("replaced", again);
  side.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "panel") mark(); });
  events.addEventListener("selected", ({ detail }) => {
    if (!panel() || !detail) return;
    const here = new Set(selected(detail));
    for (const line of lines()) line.toggleAttribute("data-selected", here.has(line));
  });
  side.addEventListener("click", (event) => {
    const line = event.target.closest("[data-origin] [data-number]");
    if (event.target.closest("[data-origin-tick]")) {
      for (const one of selected(editor.selection())) one.querySelector("input").checked = true;
    } else if (line && !event.target.closest("input, label")) {
      editor.marks.show(`label-${line.dataset.number}`);
    }
  });
  editor.marks?.onOpen((id, kind) => {
    if (kind !== "label") return;
    const line = side.querySelector(`[data-number="${id.replace("label-", "")}"]`);
    line?.scrollIntoView({ block: "nearest" });
    line?.querySelector("input")?.focus();
  });
}
