/**
 * Tables as they will look, while the cursor is elsewhere: `| a | b |` with the row of dashes below it.
 *
 * What replaces several lines must be known before the page is laid out, so it cannot wait for what is in sight; but only
 * the paragraphs an edit touched are looked at again.
 */
import { EditorSelection, Prec, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, WidgetType } from "@codemirror/view";
import { inlineOf } from "./language.js";

const DASHES = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const BLANK = /^[ \t]*$/;
const ELEMENTS = { Emphasis: "em", StrongEmphasis: "strong", Strikethrough: "del", InlineCode: "code" };

/** The cells of a row: bars that are not escaped part them. */
function cells(row) {
  const inner = row.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Words with their emphasis, as nodes: nothing of the text is ever taken for HTML. */
function fill(element, text) {
  let place = element;
  let at = 0;
  const upTo = (end) => {
    if (end > at) place.append(text.slice(at, end));
    at = Math.max(at, end);
  };
  inlineOf(text).iterate({
    enter(node) {
      if (/Mark$/.test(node.name)) {
        upTo(node.from);
        at = Math.max(at, node.to);
      } else if (ELEMENTS[node.name]) {
        upTo(node.from);
        place = place.appendChild(document.createElement(ELEMENTS[node.name]));
      }
    },
    leave(node) {
      if (!ELEMENTS[node.name]) return;
      upTo(node.to);
      place = place.parentNode;
    },
  });
  upTo(text.length);
}

class TableShown extends WidgetType {
  constructor(source) {
    super();
    this.source = source;
  }

  eq(other) {
    return other.source === this.source;
  }

  get estimatedHeight() {
    return this.source.split("\n").length * 38;
  }

  toDOM(view) {
    const table = document.createElement("table");
    const [head, dashes, ...rows] = this.source.split("\n");
    const sides = cells(dashes).map((one) => (/^:.*:$/.test(one) ? "center" : one.endsWith(":") ? "end" : "start"));
    [head, ...rows].forEach((row, number) => {
      const line = table.appendChild(document.createElement("tr"));
      line.dataset.line = number ? number + 1 : 0;
      const texts = cells(row);
      sides.forEach((side, column) => {
        const cell = line.appendChild(document.createElement(number ? "td" : "th"));
        cell.dataset.side = side;
        fill(cell, texts[column] ?? "");
      });
    });
    const box = document.createElement("div");
    box.className = "md-table";
    box.append(table);
    box.addEventListener("mousedown", (event) => this.enter(view, box, event));
    return box;
  }

  /** A click on a row puts the cursor into it, and the source comes to light. */
  enter(view, box, event) {
    const { doc } = view.state;
    const first = doc.lineAt(view.posAtDOM(box)).number;
    const row = Number(event.target.closest("tr")?.dataset.line ?? 0);
    event.preventDefault();
    view.dispatch({ selection: EditorSelection.cursor(doc.line(Math.min(doc.lines, first + row)).to) });
    view.focus();
  }

  ignoreEvent() {
    return true;
  }
}

/** Tables among the lines `first` to `last` (numbers), as `{from, to}`. */
function tablesWithin(doc, first, last) {
  const found = [];
  for (let number = first + 1; number <= last; number++) {
    const dashes = doc.line(number);
    if (!DASHES.test(dashes.text) || !dashes.text.includes("-")) continue;
    const head = doc.line(number - 1);
    if (!head.text.includes("|") || cells(head.text).length !== cells(dashes.text).length) continue;
    let end = number;
    while (end < last && !BLANK.test(doc.line(end + 1).text)) end++;
    found.push({ from: head.from, to: doc.line(end).to });
    number = end;
  }
  return found;
}

/** The paragraph around a place, as numbers of lines. */
function paragraph(doc, from, to) {
  let first = doc.lineAt(from).number;
  let last = doc.lineAt(to).number;
  while (first > 1 && !BLANK.test(doc.line(first - 1).text)) first--;
  while (last < doc.lines && !BLANK.test(doc.line(last + 1).text)) last++;
  return { first, last };
}

function afterChanges(tables, transaction) {
  const { changes, state: { doc } } = transaction;
  const touched = [];
  changes.iterChangedRanges((_fromA, _toA, from, to) => touched.push(paragraph(doc, from, to)));
  const again = touched.map(({ first, last }) => ({ from: doc.line(first).from, to: doc.line(last).to }));
  const kept = tables
    .map((table) => ({ from: changes.mapPos(table.from, 1), to: changes.mapPos(table.to, -1) }))
    .filter((table) => table.from < table.to && !again.some(({ from, to }) => table.from <= to && table.to >= from));
  const seen = new Set();
  for (const { first, last } of touched) {
    for (const table of tablesWithin(doc, first, last)) {
      if (!seen.has(table.from)) kept.push(table);
      seen.add(table.from);
    }
  }
  return kept.sort((one, other) => one.from - other.from);
}

function shown(state, tables) {
  const away = tables.filter(({ from, to }) => !state.selection.ranges.some((range) => range.from <= to && range.to >= from));
  return Decoration.set(away.map(({ from, to }) => Decoration.replace({ widget: new TableShown(state.doc.sliceString(from, to)), block: true }).range(from, to)));
}

const field = StateField.define({
  create(state) {
    const tables = tablesWithin(state.doc, 1, state.doc.lines);
    return { tables, decorations: shown(state, tables) };
  },
  update(value, transaction) {
    if (!transaction.docChanged && (!transaction.selection || !value.tables.length)) return value;
    const tables = transaction.docChanged ? afterChanges(value.tables, transaction) : value.tables;
    if (!tables.length && !value.tables.length) return value;
    return { tables, decorations: shown(transaction.state, tables) };
  },
  provide: (own) => EditorView.decorations.from(own, (value) => value.decorations),
});

/** Up and down lead into a table, which the cursor would otherwise jump over. */
function enter(by) {
  return (view) => {
    const { state } = view;
    const { main } = state.selection;
    const line = state.doc.lineAt(main.head);
    const here = line.number + by;
    if (!main.empty || here < 1 || here > state.doc.lines) return false;
    // A paragraph has several rows on the screen: from one of its inner ones the cursor stays in it.
    const { head } = view.moveVertically(main, by > 0);
    if (head !== main.head && head >= line.from && head <= line.to) return false;
    const next = state.doc.line(here);
    if (!state.field(field).tables.some(({ from, to }) => (by > 0 ? from === next.from : to === next.to))) return false;
    view.dispatch({ selection: EditorSelection.cursor(by > 0 ? next.from : next.to), scrollIntoView: true });
    return true;
  };
}

export const tables = [field, Prec.high(keymap.of([{ key: "ArrowDown", run: enter(1) }, { key: "ArrowUp", run: enter(-1) }]))];
