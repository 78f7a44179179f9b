/** Markdown as the book's own pipeline reads it: CommonMark, tables, strikethrough and footnotes. */
import { defineLanguageFacet, Language, languageDataProp } from "@codemirror/language";
import { parser, Strikethrough, Table } from "@lezer/markdown";

const data = defineLanguageFacet();
const LABEL = /^\[\^[^\]\s]+\]/;
const BRACKET = 91;
const CARET = 94;

/** `[^label]` in a sentence, and at a line's start with a colon behind it. */
const Footnotes = {
  defineNodes: ["Footnote", { name: "FootnoteDefinition", block: true }, "FootnoteMark"],
  parseInline: [{
    name: "Footnote",
    before: "Link",
    parse(context, next, at) {
      if (next !== BRACKET || context.char(at + 1) !== CARET) return -1;
      const found = LABEL.exec(context.slice(at, Math.min(context.end, at + 100)));
      return found ? context.addElement(context.elt("Footnote", at, at + found[0].length)) : -1;
    },
  }],
  parseBlock: [{
    name: "FootnoteDefinition",
    before: "LinkReference",
    leaf: (context, leaf) => (/^\[\^[^\]\s]+\]:/.test(leaf.content) ? new Definition() : null),
  }],
};

/** A paragraph that begins with `[^label]:` is a note's text, however many lines it has. */
class Definition {
  nextLine() {
    return false;
  }

  finish(context, leaf) {
    const mark = LABEL.exec(leaf.content)[0].length + 1;
    const { start, content } = leaf;
    const inline = context.parser.parseInline(content.slice(mark), start + mark);
    const elements = [context.elt("FootnoteMark", start, start + mark), ...inline];
    context.addLeafElement(leaf, context.elt("FootnoteDefinition", start, start + content.length, elements));
    return true;
  }
}

const reader = parser.configure([Table, Strikethrough, Footnotes, { props: [languageDataProp.add({ Document: data })] }]);

export const markdown = new Language(data, reader, [], "markdown").extension;

/** The inline parser alone, for what is shown in a table's cell. */
export const inlineOf = (text) => reader.parse(text);
