/** Lists and quotes go on at Enter, and end at Enter in an empty item; Tab moves an item in, and only an item. */
import { EditorSelection } from "@codemirror/state";

const ITEM = /^((?:[ \t]*>[ \t]?)*[ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)/;
const QUOTE = /^(?:[ \t]*>[ \t]?)+/;
const STARS = /^[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,})$/;

/** The item a line opens: what stands before the mark, the mark, the space behind it; null for other lines. */
export function itemOf(text) {
  if (STARS.test(text)) return null;
  const found = ITEM.exec(text);
  return found && { lead: found[1], mark: found[2], space: found[3], length: found[0].length };
}

/** The mark of the item below: a number counts on. */
const nextMark = (mark) => (/^\d/.test(mark) ? `${parseInt(mark, 10) + 1}${mark.at(-1)}` : mark);

/** Enter. */
export function continueLine({ state, dispatch }) {
  const { main } = state.selection;
  if (!main.empty || state.readOnly) return false;
  const line = state.doc.lineAt(main.head);
  const item = itemOf(line.text);
  const opening = item ? item.length : (QUOTE.exec(line.text)?.[0].length ?? 0);
  if (!opening || main.head < line.from + opening) return false;
  if (!line.text.slice(opening).trim()) return leave(state, dispatch, line);
  const prefix = item ? item.lead + nextMark(item.mark) + item.space : line.text.slice(0, opening);
  const insert = `\n${prefix}`;
  const selection = EditorSelection.cursor(main.head + insert.length);
  dispatch(state.update({ changes: { from: main.head, insert }, selection, scrollIntoView: true, userEvent: "input" }));
  return true;
}

/** Enter in an item that is empty ends the list. */
function leave(state, dispatch, line) {
  const changes = { from: line.from, to: line.to };
  dispatch(state.update({ changes, selection: EditorSelection.cursor(line.from), userEvent: "input", scrollIntoView: true }));
  return true;
}

function itemLines(state) {
  const { from, to } = state.selection.main;
  const lines = [];
  for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
    if (itemOf(line.text)) lines.push(line);
    if (line.to >= to || line.number === state.doc.lines) return lines;
  }
}

/** Tab within a list: as far in as the text of the item above, so that it becomes its child. Elsewhere Tab leaves. */
export function moveIn({ state, dispatch }) {
  const lines = itemLines(state);
  if (!lines.length || state.readOnly) return false;
  const above = lines[0].number > 1 && itemOf(state.doc.line(lines[0].number - 1).text);
  const width = above ? above.mark.length + above.space.length : 2;
  dispatch(state.update({ changes: lines.map(({ from }) => ({ from, insert: " ".repeat(width) })), userEvent: "input.indent" }));
  return true;
}

/** Shift-Tab within a list. */
export function moveOut({ state, dispatch }) {
  const lines = itemLines(state).filter(({ text }) => /^[ \t]/.test(text));
  if (!lines.length || state.readOnly) return false;
  const changes = lines.map(({ from, text }) => ({ from, to: from + /^(?:\t| {1,4})/.exec(text)[0].length }));
  dispatch(state.update({ changes, userEvent: "delete.dedent" }));
  return true;
}
