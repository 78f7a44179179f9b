/**
 * Markdown that looks like a page: headings, quotes, lists, links, notes, breaks; marks show where the cursor is.
 *
 * Only what is in sight is decorated. Nothing here changes the text: a hidden mark is still there, and comes to light as
 * soon as the cursor touches what it belongs to.
 */
import { syntaxTree } from "@codemirror/language";
import { Decoration, EditorView, ViewPlugin, WidgetType } from "@codemirror/view";

/** What stands in for characters of a line: a bullet, three stars, a picture. */
class Shown extends WidgetType {
  constructor(name, text, attributes = {}) {
    super();
    Object.assign(this, { name, text, attributes });
  }

  eq(other) {
    return this.name === other.name && this.text === other.text && this.attributes.src === other.attributes.src;
  }

  toDOM() {
    const element = document.createElement(this.name);
    element.className = `md-${this.attributes.as}`;
    if (this.name === "img") Object.assign(element, { src: this.attributes.src, alt: this.text, loading: "lazy" });
    else element.textContent = this.text;
    return element;
  }

  ignoreEvent() {
    return false;
  }
}

const hidden = Decoration.replace({});
const line = (name) => Decoration.line({ class: `md-${name}` });
const span = (name) => Decoration.mark({ class: `md-${name}` });
const instead = (name, text, attributes) => Decoration.replace({ widget: new Shown(name, text, attributes) });

const whole = Decoration.mark({ class: "md-whole", inclusiveEnd: true });

const HEADING = /^(?:ATX|Setext)Heading(\d)$/;
const SPANS = { Emphasis: "em", StrongEmphasis: "strong", Strikethrough: "del", InlineCode: "code" };
const MARKS = { EmphasisMark: true, CodeMark: true, StrikethroughMark: true };
const LAST_WORD = /\S*$/;
const BLANK = /^[ \t]*$/;
const CODE = /Code/;

/** One pass over what is in sight. */
class Painter {
  constructor(view, pictures) {
    this.state = view.state;
    this.tree = syntaxTree(view.state);
    this.view = view;
    this.pictures = pictures;
    this.found = [];
    this.lists = 0;
  }

  /** Whether the cursor or selection touches this stretch; without focus nothing is touched. */
  touched(from, to) {
    return this.view.hasFocus && this.state.selection.ranges.some((range) => range.from <= to && range.to >= from);
  }

  touchedLine(at) {
    const { from, to } = this.state.doc.lineAt(at);
    return this.touched(from, to);
  }

  add(decoration, from, to) {
    if (from < to) this.found.push(decoration.range(from, to));
  }

  lines(node, decoration) {
    const { doc } = this.state;
    const last = Math.min(node.to, this.view.viewport.to);
    for (let at = doc.lineAt(Math.max(node.from, this.view.viewport.from)); ; at = doc.line(at.number + 1)) {
      this.found.push(decoration.range(at.from));
      if (at.to >= last || at.number === doc.lines) break;
    }
  }

  /** A mark: hidden where the cursor is not, faint where it is. */
  mark(from, to, shows) {
    this.add(shows ? span("mark") : hidden, from, to);
  }

  /** The space between two paragraphs is a paragraph's, not a line's; where one types in the midst of it, it is a line's. */
  blanks(from, to) {
    const { doc } = this.state;
    const isBlank = (number) => BLANK.test(doc.line(number).text);
    for (let number = doc.lineAt(from).number; number < doc.lines && doc.line(number).from <= to; number++) {
      if (number === 1 || !isBlank(number) || (isBlank(number - 1) && isBlank(number + 1))) continue;
      const at = doc.line(number).from;
      if (!CODE.test(this.tree.resolveInner(at, 1).name)) this.found.push(line("blank").range(at));
    }
  }

  enter(node) {
    const { name } = node;
    const heading = HEADING.exec(name);
    if (heading) this.lines(node, line(`h${heading[1]}`));
    else if (SPANS[name]) this.add(span(SPANS[name]), node.from, node.to);
    else if (MARKS[name]) this.inlineMark(node);
    else this[name]?.(node);
  }

  inlineMark(node) {
    const parent = node.node.parent;
    if (parent.name === "FencedCode") this.mark(node.from, node.to, true);
    else this.mark(node.from, node.to, this.touched(parent.from, parent.to));
  }

  HeaderMark(node) {
    const { doc } = this.state;
    const whole = doc.lineAt(node.from);
    // The space behind an opening mark goes with it; a closing or underlining mark has none.
    const space = node.from === whole.from && /^#+[ \t]+/.exec(whole.text);
    this.mark(node.from, space ? whole.from + space[0].length : node.to, this.touchedLine(node.from));
  }

  Blockquote(node) {
    this.lines(node, line("quote"));
  }

  QuoteMark(node) {
    const space = this.state.doc.sliceString(node.to, node.to + 1) === " " ? 1 : 0;
    this.mark(node.from, node.to + space, this.touchedLine(node.from));
  }

  ListItem(node) {
    let depth = 0;
    for (let up = node.node.parent; up; up = up.parent) if (/List$/.test(up.name)) depth++;
    const { doc } = this.state;
    const first = doc.lineAt(node.from);
    this.found.push(line(`item md-depth-${Math.min(depth, 6)}`).range(first.from));
    if (node.to > first.to) this.continued(node, first, depth);
  }

  /** Further lines of an item stand under its first one, without the spaces that say so. */
  continued(node, first, depth) {
    const { doc } = this.state;
    for (let number = first.number + 1; number <= doc.lines; number++) {
      const at = doc.line(number);
      if (at.from >= node.to) break;
      const inner = node.node.resolve(at.from + /^\s*/.exec(at.text)[0].length, 1);
      let owner = inner;
      while (owner && owner.name !== "ListItem") owner = owner.parent;
      if (!owner || owner.from !== node.from || BLANK.test(at.text)) continue;
      this.found.push(line(`item-more md-depth-${Math.min(depth, 6)}`).range(at.from));
      const space = /^[ \t]+/.exec(at.text)?.[0].length ?? 0;
      this.mark(at.from, at.from + space, this.touched(at.from, at.from + space));
    }
  }

  ListMark(node) {
    const { doc } = this.state;
    const whole = doc.lineAt(node.from);
    const lead = /^[ \t]*$/.exec(doc.sliceString(whole.from, node.from)) ? whole.from : node.from;
    const space = /^[ \t]/.test(doc.sliceString(node.to, node.to + 1)) ? 1 : 0;
    const text = doc.sliceString(node.from, node.to);
    // The very end is where one types: there the bullet stays.
    if (this.touched(lead, node.to - 1)) this.add(span("bullet md-mark"), node.from, node.to + space);
    else this.add(instead("span", /\d/.test(text) ? text : "•", { as: "bullet" }), lead, node.to + space);
  }

  HorizontalRule(node) {
    const touched = this.touchedLine(node.from);
    this.found.push(line("scene").range(this.state.doc.lineAt(node.from).from));
    if (touched) this.add(span("mark"), node.from, node.to);
    else this.add(instead("span", "* * *", { as: "stars" }), node.from, node.to);
  }

  FencedCode(node) {
    this.lines(node, line("block"));
  }

  CodeBlock(node) {
    this.lines(node, line("block"));
  }

  CodeInfo(node) {
    this.add(span("mark"), node.from, node.to);
  }

  Table(node) {
    this.lines(node, line("table-source"));
  }

  Escape(node) {
    this.mark(node.from, node.from + 1, this.touched(node.from, node.to));
  }

  Footnote(node) {
    const label = this.state.doc.sliceString(node.from + 2, node.to - 1);
    const { from } = this.state.doc.lineAt(node.from);
    // No line ends between a word and its note.
    const word = LAST_WORD.exec(this.state.doc.sliceString(Math.max(from, node.from - 24), node.from))[0].length;
    this.add(whole, node.from - word, node.to);
    if (this.touched(node.from, node.to)) this.add(span("note md-mark"), node.from, node.to);
    else this.add(instead("sup", label, { as: "note" }), node.from, node.to);
  }

  FootnoteDefinition(node) {
    this.lines(node, line("definition"));
  }

  FootnoteMark(node) {
    const label = this.state.doc.sliceString(node.from + 2, node.to - 2);
    if (this.touched(node.from, node.to)) this.add(span("mark"), node.from, node.to);
    else this.add(instead("sup", label, { as: "note" }), node.from, node.to);
  }

  Link(node) {
    const marks = node.node.getChildren("LinkMark");
    const address = node.node.getChild("URL");
    if (marks.length < 2 || !address) return;
    const touched = this.touched(node.from, node.to);
    this.add(Decoration.mark({ class: "md-link", attributes: { title: this.state.doc.sliceString(address.from, address.to) } }), marks[0].to, marks[1].from);
    this.mark(marks[0].from, marks[0].to, touched);
    this.mark(marks[1].from, node.to, touched);
  }

  Image(node) {
    const address = node.node.getChild("URL");
    const marks = node.node.getChildren("LinkMark");
    if (!address || marks.length < 2) return false;
    const { doc } = this.state;
    if (this.touched(node.from, node.to)) {
      this.add(span("mark"), node.from, node.to);
      return false;
    }
    const whole = doc.lineAt(node.from);
    if (whole.text.trim().length === node.to - node.from) this.found.push(line("figure").range(whole.from));
    const description = doc.sliceString(marks[0].to, marks[1].from);
    const id = /^picture:([\w-]+)$/.exec(doc.sliceString(address.from, address.to))?.[1];
    const shown = id && this.pictures
      ? instead("img", description, { as: "picture", src: this.pictures.replace("{id}", id) })
      : instead("span", description || "…", { as: "described" });
    this.add(shown, node.from, node.to);
    return false;
  }
}

function paint(view, pictures) {
  const painter = new Painter(view, pictures);
  for (const { from, to } of view.visibleRanges) {
    painter.blanks(from, to);
    painter.tree.iterate({ from, to, enter: (node) => painter.enter(node) });
  }
  return Decoration.set(painter.found, true);
}

/** The extension; `pictures` is an address with `{id}` where a picture's id goes, or nothing. */
export function prose(pictures) {
  return ViewPlugin.fromClass(
    class {
      constructor(view) {
        this.decorations = paint(view, pictures);
      }

      update(update) {
        const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
        if (update.docChanged || update.viewportChanged || update.selectionSet || update.focusChanged || parsed) {
          this.decorations = paint(update.view, pictures);
        }
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
