/**
 * The editor of a chapter: prose over Markdown, in the place of a text area, whose text it keeps byte for byte.
 *
 * `mount(textarea, options)` gives what static/js/studio.js and its parts use; places are code points, as the server's.
 * Options: readOnly; nonce (of the page's policy); language (of the book); pictures (address with `{id}`); find
 * (template of the panel) and findPlace; phrases (what the editor says, by its English); onPicture(file), onLeftOut(count).
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, keymap, placeholder } from "@codemirror/view";
import { changesBetween } from "./changes.js";
import { clipboardOf } from "./clipboard.js";
import { active, commands, HARMLESS, keys } from "./commands.js";
import { findIn } from "./find.js";
import { markdown } from "./language.js";
import { continueLine, moveIn, moveOut } from "./lists.js";
import { marks } from "./marks.js";
import { toPoints, toUnits } from "./positions.js";
import { prose } from "./prose.js";
import { tables } from "./tables.js";
import { typing } from "./typing.js";
import { typographyOf } from "./typography.js";

/** On what the server gave and nobody typed. */
const given = Annotation.define();

const OWN_KEYS = [
  ...keys,
  { key: "Enter", run: continueLine },
  { key: "Tab", run: moveIn },
  { key: "Shift-Tab", run: moveOut },
];
// What these do by default is another key's work here, or the page's.
const LEFT_OUT = new Set(["Mod-i", "Mod-Enter", "Mod-/", "Alt-A", "Mod-d", "Mod-Alt-g", "Mod-Shift-l", "Mod-Shift-k", "Mod-Alt-ArrowUp", "Mod-Alt-ArrowDown"]);
const kept = (bindings) => bindings.filter(({ key }) => !LEFT_OUT.has(key));

export function mount(textarea, options = {}) {
  const typed = [];
  const selected = [];
  const writable = new Compartment();
  const typography = typographyOf(options.language ?? "");
  const view = new EditorView({
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        // Only LF ends a line: nothing else is folded, so the text comes out as it went in.
        EditorState.lineSeparator.of("\n"),
        EditorState.allowMultipleSelections.of(true),
        EditorState.phrases.of(options.phrases ?? {}),
        EditorView.cspNonce.of(options.nonce ?? ""),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of(described(textarea)),
        writable.of(locked(options.readOnly)),
        history(),
        drawSelection(),
        dropCursor(),
        placeholder(textarea.placeholder),
        typing,
        typography.extension,
        keymap.of([...OWN_KEYS, ...kept(searchKeymap), ...kept(defaultKeymap), ...historyKeymap]),
        markdown,
        prose(options.pictures),
        tables,
        findIn(options.find, options.findPlace),
        clipboardOf(options),
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
  return {
    ...texts(view, given),
    ...places(view),
    onTyped: (listener) => typed.push(listener),
    onSelect: (listener) => selected.push(listener),
    focus: () => view.focus(),
    readOnly: (locks) => view.dispatch({ effects: writable.reconfigure(locked(locks)) }),
    marks: marks.offer(view),
    command(name) {
      if (view.state.readOnly && !HARMLESS.has(name)) return false;
      const done = Boolean(commands[name]?.(view));
      if (done && name !== "find") view.focus();
      return done;
    },
    active: () => active(view.state),
    typography: typography.known ? typography.offer(view) : null,
  };
}

function texts(view, quiet) {
  return {
    text: () => view.state.doc.toString(),
    /** The server's text in place of this one, by the smallest change; no undo brings the old one back. */
    setText(text) {
      const changes = changesBetween(view.state.doc.toString(), text);
      if (changes.length) view.dispatch({ changes, annotations: [quiet.of(true), Transaction.addToHistory.of(false)] });
    },
    insert: (text) => view.dispatch(view.state.replaceSelection(text), { userEvent: "input", scrollIntoView: true }),
  };
}

function places(view) {
  return {
    selection() {
      const { doc, selection } = view.state;
      const { from, to } = selection.main;
      return { start: toPoints(doc, from), end: toPoints(doc, to), text: doc.sliceString(from, to) };
    },
    select(start, end) {
      const { doc } = view.state;
      view.dispatch({ selection: { anchor: toUnits(doc, start), head: toUnits(doc, end) }, effects: EditorView.scrollIntoView(toUnits(doc, start), { y: "center" }) });
    },
    /** What is at this height of the window: the place where its line starts, and the share of the line above it. */
    firstInSight(top) {
      const block = view.lineBlockAtHeight(top - view.documentTop);
      const within = (top - view.documentTop - block.top) / Math.max(1, block.height);
      return { point: toPoints(view.state.doc, block.from), within: Math.min(1, Math.max(0, within)) };
    },
  };
}

/** Text that may not be changed still takes the cursor: it is read by keyboard, and passages of it are commented on. */
const locked = (locks) => (locks ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ inputmode: "none", "aria-readonly": "true" })] : []);

/** What a screen reader hears is what the text area was called. */
function described(textarea) {
  const label = textarea.labels[0]?.textContent.trim() ?? "";
  return { "aria-label": label, tabindex: "0", lang: textarea.lang, spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" };
}
