/**
 * Typographer's marks while typing: quotes, apostrophes, dashes and ellipses of the book's language.
 *
 * As the book's pipeline would print them (books/providers/exports/typography.py), French spaces excepted: those are
 * printed, never stored. What was typed comes first and is replaced in a step of its own, so one Backspace or one undo
 * gives it back. In code, addresses and rows of dashes nothing is replaced.
 */
import { isolateHistory } from "@codemirror/commands";
import { syntaxTree } from "@codemirror/language";
import { Annotation, Compartment, EditorSelection, Prec, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

const OPENERS = "([{-–—“‘«¿¡/\u00a0\u202f";
const QUOTES = { en: { '"': ["“", "”"], "'": ["‘", "’"] }, fr: { '"': ["«", "»"], "'": ["’", "’"] } };
// Only English drops the start of words: once such a word is whole, its mark is an apostrophe.
const CLIPPED = /(?:^|[^\p{L}\p{N}])‘(tis|twas|twere|em|til|cause|n|round|bout|\d+s?)$/iu;
const PLAIN = new Set(["InlineCode", "FencedCode", "CodeBlock", "CodeText", "CodeInfo", "URL", "LinkReference", "Autolink", "HTMLTag", "HTMLBlock"]);
const ROW = /^[ \t|:>=-]*$/;

const replaced = Annotation.define();

/** The last replacement while nothing else happened: `{from, to, raw}`. */
const last = StateField.define({
  create: () => null,
  update(value, transaction) {
    const here = transaction.annotation(replaced);
    if (here) return here;
    return transaction.docChanged || transaction.selection ? null : value;
  },
});

function isPlain(state, at) {
  for (let node = syntaxTree(state).resolveInner(at, -1); node; node = node.parent) if (PLAIN.has(node.name)) return true;
  return false;
}

/** What the character just typed, with what stands before it, becomes: `{from, insert}` or null. */
function replacement(text, before, at, quotes) {
  const clipped = CLIPPED.exec(before)?.[1];
  // In single quotes a word is quoted, but for rock ’n’ roll.
  if (clipped && (text !== "'" || clipped.toLowerCase() === "n")) {
    return { from: at - clipped.length - 1, insert: `’${clipped}${quotes[text]?.[1] ?? text}` };
  }
  if (quotes[text]) {
    const left = before.at(-1) ?? "";
    const opens = !left || /\s/.test(left) || OPENERS.includes(left);
    return { from: at, insert: quotes[text][opens ? 0 : 1] };
  }
  if (text === "-" && !ROW.test(before)) {
    if (before.endsWith("–")) return { from: at - 1, insert: "—" };
    if (before.endsWith("-") && !before.endsWith("--")) return { from: at - 1, insert: "–" };
  }
  if (text === "." && /(?:^|[^.])\.\.$/.test(before)) return { from: at - 2, insert: "…" };
  return null;
}

function typing(quotes) {
  return EditorView.inputHandler.of((view, from, to, text, insert) => {
    if (view.composing || view.state.readOnly || !/^[^\p{L}\p{N}]$/u.test(text) || isPlain(view.state, from)) return false;
    const line = view.state.doc.lineAt(from);
    const before = line.text.slice(0, from - line.from);
    // Code that is not closed yet is no code to the parser.
    const change = before.split("`").length % 2 ? replacement(text, before, from, quotes) : null;
    if (!change) return false;
    view.dispatch(insert());
    const raw = view.state.sliceDoc(change.from, from + text.length);
    const end = change.from + change.insert.length;
    view.dispatch({
      changes: { from: change.from, to: from + text.length, insert: change.insert },
      selection: EditorSelection.cursor(end),
      annotations: [replaced.of({ from: change.from, to: end, raw }), isolateHistory.of("full")],
      userEvent: "input.complete",
      scrollIntoView: true,
    });
    return true;
  });
}

function takeBack(view) {
  const made = view.state.field(last);
  if (!made || !view.state.selection.main.empty || view.state.selection.main.head !== made.to) return false;
  view.dispatch({
    changes: { from: made.from, to: made.to, insert: made.raw },
    selection: EditorSelection.cursor(made.from + made.raw.length),
    userEvent: "delete.backward",
  });
  return true;
}

/** The extension, and the switch that turns it on and off. */
export function typographyOf(language) {
  const compartment = new Compartment();
  const quotes = QUOTES[language.toLowerCase().split("-")[0]];
  const working = quotes ? [last, typing(quotes), Prec.high(keymap.of([{ key: "Backspace", run: takeBack }]))] : [];
  return {
    extension: compartment.of(working),
    known: Boolean(quotes),
    offer: (view) => (on) => view.dispatch({ effects: compartment.reconfigure(on ? working : []) }),
  };
}
