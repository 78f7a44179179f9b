/** What the toolbar's buttons and the keys do to the text, and which of it holds where the cursor is. */
import { redo, undo } from "@codemirror/commands";
import { syntaxTree } from "@codemirror/language";
import { openSearchPanel } from "@codemirror/search";
import { EditorSelection } from "@codemirror/state";
import { itemOf } from "./lists.js";

const PAIRS = {
  bold: { mark: "**", node: "StrongEmphasis" },
  italic: { mark: "*", node: "Emphasis" },
  strike: { mark: "~~", node: "Strikethrough" },
  code: { mark: "`", node: "InlineCode" },
};
const HEADING = /^#{1,6}(?:[ \t]+|$)/;
const QUOTE = /^>[ \t]?/;
const NUMBER = /^\d/;

/** The innermost node of that name around the selection, or null. */
function around(state, name) {
  const { from, to } = state.selection.main;
  for (const side of [1, -1]) {
    for (let node = syntaxTree(state).resolveInner(from, side); node; node = node.parent) {
      if (node.name === name && node.from <= from && node.to >= to) return node;
    }
  }
  return null;
}

/** Words to mark: the selection without the spaces at its ends, or the word the cursor is in. */
function words(state) {
  const { main } = state.selection;
  if (main.empty) return state.wordAt(main.head) ?? main;
  const text = state.sliceDoc(main.from, main.to);
  const blank = text.length - text.trimStart().length;
  if (blank === text.length) return main;
  return { from: main.from + blank, to: main.from + text.trimEnd().length, empty: false };
}

function pair({ mark, node: name }) {
  return (view) => {
    const { state } = view;
    const node = around(state, name);
    if (node) {
      // The marks as they stand: `_` and `__` are taken off as well.
      const size = mark === "`" ? /^`+/.exec(state.sliceDoc(node.from, node.to))[0].length : mark.length;
      view.dispatch({ changes: [{ from: node.from, to: node.from + size }, { from: node.to - size, to: node.to }], userEvent: "input.format" });
      return true;
    }
    const { from, to } = words(state);
    const { main } = state.selection;
    const moved = (place) => place + mark.length;
    view.dispatch({
      changes: [{ from, insert: mark }, { from: to, insert: mark }],
      selection: main.empty ? EditorSelection.cursor(moved(main.head)) : EditorSelection.range(moved(from), moved(to)),
      userEvent: "input.format",
    });
    return true;
  };
}

function selectedLines(state) {
  const { from, to } = state.selection.main;
  const lines = [];
  for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
    lines.push(line);
    if (line.to >= to || line.number === state.doc.lines) return lines;
  }
}

/** Change the start of each selected line; blank lines among several stay as they are. */
function starts(view, change) {
  const lines = selectedLines(view.state);
  const meant = lines.length > 1 ? lines.filter(({ text }) => text.trim()) : lines;
  const changes = meant.map((line, index) => {
    const { remove, insert } = change(line.text, index);
    return { from: line.from, to: line.from + remove, insert };
  });
  view.dispatch({ changes, selection: afterStarts(view.state, changes), userEvent: "input.format", scrollIntoView: true });
  return true;
}

/** A cursor at a line's start goes behind what is put there. */
function afterStarts(state, changes) {
  const set = state.changes(changes);
  const { anchor, head } = state.selection.main;
  return EditorSelection.range(set.mapPos(anchor, 1), set.mapPos(head, 1));
}

function heading(level) {
  return (view) => starts(view, (text) => {
    const present = HEADING.exec(text)?.[0] ?? "";
    const same = present.trimEnd().length === level;
    return { remove: present.length, insert: same || !level ? "" : `${"#".repeat(level)} ` };
  });
}

function quote(view) {
  const quoted = selectedLines(view.state).every(({ text }) => QUOTE.test(text) || !text.trim()) && QUOTE.test(view.state.doc.lineAt(view.state.selection.main.from).text);
  return starts(view, (text) => (quoted ? { remove: QUOTE.exec(text)?.[0].length ?? 0, insert: "" } : { remove: 0, insert: "> " }));
}

function list(numbered) {
  const ofKind = (item) => item && NUMBER.test(item.mark) === numbered;
  return (view) => {
    const listed = selectedLines(view.state).every(({ text }) => ofKind(itemOf(text)) || !text.trim()) && ofKind(itemOf(view.state.doc.lineAt(view.state.selection.main.from).text));
    return starts(view, (text, index) => {
      const item = itemOf(text);
      const mark = numbered ? `${index + 1}. ` : "- ";
      return { remove: item?.length ?? 0, insert: (item?.lead ?? "") + (listed ? "" : mark) };
    });
  };
}

function link(view) {
  const { state } = view;
  const { from, to } = words(state);
  const label = state.sliceDoc(from, to);
  const address = /^https?:\/\/\S+$/.test(label) ? label : "";
  const insert = address ? `[](${address})` : `[${label}]()`;
  // The cursor goes to what is still missing.
  const missing = address || !label ? from + 1 : from + insert.length - 1;
  view.dispatch({ changes: { from, to, insert }, selection: EditorSelection.cursor(missing), userEvent: "input.format" });
  return true;
}

/** A new note: its number behind the cursor's word, its text at the end of the chapter, where the cursor goes. */
function footnote(view) {
  const { state } = view;
  const text = state.doc.toString();
  const numbers = [...text.matchAll(/\[\^(\d{1,6})\]/g)].map((found) => Number(found[1]));
  const label = `[^${Math.max(0, ...numbers) + 1}]`;
  const end = state.doc.length;
  const gap = /\n\n$/.test(text) || !text ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  const note = `${gap}${label}: `;
  const at = state.selection.main.to;
  view.dispatch({
    changes: at === end ? { from: at, insert: label + note } : [{ from: at, insert: label }, { from: end, insert: note }],
    selection: EditorSelection.cursor(end + label.length + note.length),
    userEvent: "input.format",
    scrollIntoView: true,
  });
  return true;
}

function scene(view) {
  const { state } = view;
  const line = state.doc.lineAt(state.selection.main.head);
  const before = line.number > 1 && state.doc.line(line.number - 1).text.trim() && !line.text.trim() ? "\n" : "";
  const insert = line.text.trim() ? "\n\n* * *\n\n" : `${before}* * *\n\n`;
  view.dispatch({ changes: { from: line.to, insert }, selection: EditorSelection.cursor(line.to + insert.length), userEvent: "input.format", scrollIntoView: true });
  return true;
}

/** By name; each takes the view and says whether it did something. */
export const commands = {
  ...Object.fromEntries(Object.entries(PAIRS).map(([name, kind]) => [name, pair(kind)])),
  heading1: heading(1),
  heading2: heading(2),
  heading3: heading(3),
  paragraph: heading(0),
  quote,
  bullets: list(false),
  numbers: list(true),
  link,
  footnote,
  scene,
  undo,
  redo,
  find: openSearchPanel,
};

/** What needs no right to write. */
export const HARMLESS = new Set(["find"]);

/** Names of what holds where the cursor is, for buttons that are pressed. */
export function active(state) {
  const text = state.doc.lineAt(state.selection.main.head).text;
  const found = Object.entries(PAIRS).filter(([, { node }]) => around(state, node)).map(([name]) => name);
  const level = HEADING.exec(text)?.[0].trimEnd().length;
  if (level) found.push(`heading${level}`);
  if (QUOTE.test(text)) found.push("quote");
  const item = itemOf(text);
  if (item) found.push(NUMBER.test(item.mark) ? "numbers" : "bullets");
  if (around(state, "Link")) found.push("link");
  return new Set(found);
}

/** Keys in the editor; those of the page around it are static/js/studio/keys.js. */
export const keys = [
  { key: "Mod-b", run: commands.bold },
  { key: "Mod-i", run: commands.italic },
  { key: "Mod-k", run: commands.link },
  { key: "Mod-Shift-x", run: commands.strike },
  { key: "Mod-e", run: commands.code },
  { key: "Mod-Alt-0", run: commands.paragraph },
  { key: "Mod-Alt-1", run: commands.heading1 },
  { key: "Mod-Alt-2", run: commands.heading2 },
  { key: "Mod-Alt-3", run: commands.heading3 },
  { key: "Mod-Shift-9", run: commands.quote },
  { key: "Mod-Shift-8", run: commands.bullets },
  { key: "Mod-Shift-7", run: commands.numbers },
  { key: "Mod-Alt-f", run: commands.footnote },
  { key: "Mod-Enter", run: commands.scene },
].map((binding) => ({ ...binding, preventDefault: true }));
