/**
 * The editor of a chapter: prose over Markdown, in the place of a text area, whose text it keeps byte for byte.
 *
 * `mount(textarea, options)` gives what static/js/studio.js and its parts use; places are code points, as the server's.
 * options: readOnly, nonce (of the page's policy).
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { changesBetween } from "./changes.js";
import { marksOf } from "./marks.js";
import { toPoints, toUnits } from "./positions.js";

/** On what the server gave and nobody typed. */
const given = Annotation.define();

export function mount(textarea, options = {}) {
  const typed = [];
  const selected = [];
  const writable = new Compartment();
  const marks = marksOf({ toUnits, toPoints });
  const view = new EditorView({
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        // Only LF ends a line: nothing else is folded, so the text comes out as it went in.
        EditorState.lineSeparator.of("\n"),
        EditorView.cspNonce.of(options.nonce ?? ""),
        writable.of(locked(options.readOnly)),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of(described(textarea)),
        marks.extension,
        EditorView.updateListener.of((update) => {
          const byHand = update.transactions.some((one) => one.docChanged && !one.annotation(given));
          if (byHand) for (const listener of typed) listener();
          if (update.selectionSet || update.docChanged) for (const listener of selected) listener();
        }),
      ],
    }),
  });
  textarea.hidden = true;
  textarea.before(view.dom);
  textarea.form?.addEventListener("formdata", (event) => event.formData.set(textarea.name, view.state.doc.toString()));

  const editor = {
    view,
    text: () => view.state.doc.toString(),
    setText(text) {
      const changes = changesBetween(view.state.doc.toString(), text);
      if (changes.length) view.dispatch({ changes, annotations: [given.of(true), Transaction.addToHistory.of(false)] });
    },
    onTyped: (listener) => typed.push(listener),
    onSelect: (listener) => selected.push(listener),
    selection() {
      const { doc, selection } = view.state;
      const { from, to } = selection.main;
      return { start: toPoints(doc, from), end: toPoints(doc, to), text: doc.sliceString(from, to) };
    },
    select(start, end) {
      const { doc } = view.state;
      view.dispatch({ selection: { anchor: toUnits(doc, start), head: toUnits(doc, end) }, scrollIntoView: true });
    },
    focus: () => view.focus(),
    readOnly: (locks) => view.dispatch({ effects: writable.reconfigure(locked(locks)) }),
    marks: marks.offer(view),
    insert: (text) => view.dispatch({ ...view.state.replaceSelection(text), userEvent: "input", scrollIntoView: true }),
    command: () => false,
  };
  return editor;
}

const locked = (locks) => [EditorState.readOnly.of(Boolean(locks)), EditorView.editable.of(!locks)];

/** What a screen reader hears is what the text area was called. */
function described(textarea) {
  const label = textarea.labels[0]?.textContent.trim() ?? "";
  return { "aria-label": label, lang: textarea.lang, spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" };
}
