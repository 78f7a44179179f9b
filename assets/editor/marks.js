/**
 * What lies over the text without being of it: comments, suggestions, origin labels, what a search of the book found.
 *
 * They are CodeMirror decorations, so they move with each edit and only those in sight are drawn. A suggestion shows its
 * quote struck and its proposal behind it.
 */
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";
import { toPoints, toUnits } from "./positions.js";

const setMarks = StateEffect.define();
const shine = StateEffect.define();

class Proposal extends WidgetType {
  constructor(mark) {
    super();
    this.mark = mark;
  }

  eq(other) {
    return other.mark.id === this.mark.id && other.mark.proposal === this.mark.proposal;
  }

  toDOM() {
    const ins = document.createElement("ins");
    ins.className = "mark mark-proposal";
    ins.dataset.mark = this.mark.id;
    ins.dataset.kind = this.mark.kind;
    // A line break proposed is shown as such: the widget stands within a line.
    ins.textContent = this.mark.proposal.replaceAll("\n", "↵");
    return ins;
  }

  ignoreEvent() {
    return false;
  }
}

/** The decorations of one mark: over its passage, behind it, or both. */
function* drawn(mark, shining) {
  const classes = ["mark", `mark-${mark.kind}`];
  if (mark.tone) classes.push(`mark-tone-${mark.tone}`);
  if (shining) classes.push("mark-open");
  if (mark.from < mark.to) {
    const attributes = { "data-mark": mark.id, "data-kind": mark.kind };
    if (mark.title) attributes.title = mark.title;
    yield Decoration.mark({ class: classes.join(" "), attributes, mark, tagName: "span" }).range(mark.from, mark.to);
  }
  if (mark.kind === "suggestion" && (mark.proposal || mark.from === mark.to)) {
    yield Decoration.widget({ widget: new Proposal(mark), side: 1, mark }).range(mark.to);
  }
}

function build(marks, open) {
  const ranges = marks.flatMap((mark) => [...drawn(mark, mark.id === open)]);
  return Decoration.set(ranges, true);
}

const field = StateField.define({
  create: () => ({ decorations: Decoration.none, open: null }),
  update(value, transaction) {
    let { decorations, open } = value;
    if (transaction.docChanged) decorations = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) {
        const others = present(decorations).filter(({ layer }) => layer !== effect.value.layer);
        decorations = build([...others, ...effect.value.marks], open);
      }
      if (effect.is(shine)) {
        decorations = build(present(decorations), effect.value);
        open = effect.value;
      }
    }
    return decorations === value.decorations && open === value.open ? value : { decorations, open };
  },
  provide: (own) => EditorView.decorations.from(own, (value) => value.decorations),
});

/** The marks as they stand after all edits. */
function present(decorations) {
  const found = new Map();
  const cursor = decorations.iter();
  for (; cursor.value; cursor.next()) {
    const { mark } = cursor.value.spec;
    // The passage says more than the point behind it.
    if (!found.has(mark.id) || cursor.from < cursor.to) found.set(mark.id, { ...mark, from: cursor.from, to: cursor.to });
  }
  return [...found.values()];
}

function placeOf(state, id) {
  let place = null;
  const cursor = state.field(field).decorations.iter();
  for (; cursor.value; cursor.next()) {
    if (cursor.value.spec.mark.id !== id) continue;
    place = { from: cursor.from, to: cursor.to };
    if (cursor.from < cursor.to) break;
  }
  return place;
}

const listenersOf = new WeakMap();

function open(event, view) {
  const element = event.target.closest?.("[data-mark]");
  if (element) for (const listener of listenersOf.get(view) ?? []) listener(element.dataset.mark, element.dataset.kind);
  return false;
}

/** What the editor offers of its marks; places are code points. */
function offer(view) {
  const listeners = [];
  listenersOf.set(view, listeners);
  return {
    /** Replace the marks of one layer; those of others stay. */
    set(given, layer = "") {
      const { doc } = view.state;
      const placed = given.map((mark) => ({ ...mark, layer, id: String(mark.id), from: toUnits(doc, mark.start), to: toUnits(doc, mark.end) }));
      view.dispatch({ effects: setMarks.of({ layer, marks: placed }) });
    },
    onOpen: (listener) => listeners.push(listener),
    /** Scroll to a mark and bring it out; false when its passage is gone. */
    show(id) {
      const place = placeOf(view.state, String(id));
      const effects = [shine.of(place ? String(id) : null)];
      if (place) effects.push(EditorView.scrollIntoView(place.from, { y: "center" }));
      view.dispatch({ effects });
      return Boolean(place);
    },
    place(id) {
      const place = placeOf(view.state, String(id));
      const { doc } = view.state;
      return place && { start: toPoints(doc, place.from), end: toPoints(doc, place.to) };
    },
  };
}

export const marks = { extension: [field, EditorView.domEventHandlers({ click: open })], offer };
