/**
 * The editor's interface over the text area alone: where the editor's bundle is not to be had, or not wanted.
 * Places are code points, as the server's; there is no marking in a text area, so marks are only remembered.
 */
const points = (text, unit) => [...text.slice(0, unit)].length;
const units = (text, point) => [...text].slice(0, point).join("").length;

export function mount(textarea) {
  const layers = new Map();
  const markOf = (id) => [...layers.values()].flat().find((mark) => String(mark.id) === String(id));
  const text = () => textarea.value;
  const select = (start, end) => textarea.setSelectionRange(units(text(), start), units(text(), end));
  const typed = () => textarea.dispatchEvent(new Event("input", { bubbles: true }));
  return {
    text,
    setText(given) {
      const { selectionStart, selectionEnd, scrollTop } = textarea;
      textarea.value = given;
      textarea.setSelectionRange(selectionStart, selectionEnd);
      textarea.scrollTop = scrollTop;
    },
    onTyped: (listener) => textarea.addEventListener("input", () => listener()),
    onSelect: (listener) => textarea.addEventListener("selectionchange", () => listener()),
    selection() {
      const { selectionStart, selectionEnd } = textarea;
      const start = points(text(), selectionStart);
      return { start, end: points(text(), selectionEnd), text: text().slice(selectionStart, selectionEnd) };
    },
    select,
    focus: () => textarea.focus(),
    readOnly: (locks) => { textarea.readOnly = Boolean(locks); },
    insert(words) {
      textarea.setRangeText(words, textarea.selectionStart, textarea.selectionEnd, "end");
      typed();
    },
    command: () => false,
    marks: {
      set: (given, layer = "") => layers.set(layer, given),
      onOpen() {},
      show(id) {
        const mark = markOf(id);
        if (!mark) return false;
        textarea.focus();
        select(mark.start, mark.end);
        return true;
      },
      place(id) {
        const mark = markOf(id);
        return mark ? { start: mark.start, end: mark.end } : null;
      },
    },
  };
}
