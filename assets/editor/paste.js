/**
 * What is pasted from Word, Google Docs or the web, as clean Markdown. It is read by DOMParser, which runs nothing and
 * loads nothing; styles are read where they say what elements do not, and everything else of them is left behind.
 */
import TurndownService from "turndown";

const GONE = ["script", "style", "title", "meta", "link", "object", "embed", "iframe", "noscript", "template", "svg", "math", "xml", "button", "input", "select", "textarea"];
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
const SPACES = /[\u00a0\u202f]/g;
const REFERENCE = /^\s*\[?(\d{1,4}|[ivx]{1,6}|[*†‡])\]?\s*$/;
const BLOCK_START = /^(?:#{1,6} |> |[-*+] |\d+[.)] |\||```|\* \* \*|\[\^)/;
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre";

const LOOK = "data-look";
const styleOf = (element) => element.getAttribute?.(LOOK) ?? "";

/** Styles and handlers under other names: as such the page's policy forbids them, and says so, even where nothing is shown. */
function parsed(html) {
  const renamed = (_attribute, name, equals) => ` ${name.toLowerCase() === "style" ? LOOK : "data-left"}${equals}`;
  const quiet = html
    .replace(/<style[\s>][\s\S]*?(?:<\/style>|$)/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)(\s*=)/gi, renamed));
  return new DOMParser().parseFromString(quiet, "text/html").body;
}

/** No-break spaces, and what nobody sees, out of all but code: there each character counts. */
function plainSpaces(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest("pre, code")) text.data = text.data.replace(INVISIBLE, "").replace(SPACES, " ");
  }
}

/** `{markdown, pictures}`: how many pictures were left out. Notes are numbered from `firstNote` on. */
export function toMarkdown(html, firstNote = 1) {
  const body = parsed(html);
  const pictures = body.querySelectorAll("img, picture, v\\:imagedata").length;
  for (const element of body.querySelectorAll([...GONE, "img", "picture"].join(","))) element.remove();
  unwrapForeign(body);
  plainSpaces(body);
  const notes = takeNotes(body, firstNote);
  wordLists(body);
  nestedLists(body);
  looseBreaks(body);
  blockStyles(body);
  inlineStyles(body);
  flattenTables(body);
  const turned = [service().turndown(body), ...notes.map(({ label, body: text }) => `[^${label}]: ${service().turndown(text).replaceAll("\n", "\n    ")}`)];
  const joined = turned.filter(Boolean).join("\n\n");
  return { markdown: joined.replace(/(?:\\\n[ \t]*){2,}/g, "\n\n").replace(/[ \t]+$/gm, "").trim(), pictures };
}

/** Elements of Office (`o:p`, `st1:place`…) and what Word says only to itself. */
function unwrapForeign(body) {
  for (const element of [...body.querySelectorAll("*")]) {
    if (/mso-(?:hide:\s*all|element:\s*(?:comment|header|footer))/i.test(styleOf(element)) || /display:\s*none/i.test(styleOf(element))) element.remove();
    else if (element.localName.includes(":")) element.replaceWith(...element.childNodes);
  }
}

/** Take the notes out: a link with a number that leads further down, to the note's text. */
function takeNotes(body, firstNote) {
  const notes = [];
  for (const link of [...body.querySelectorAll("a[href]")]) {
    const id = /#(.+)$/.exec(link.getAttribute("href"))?.[1];
    if (!id || !body.contains(link) || !REFERENCE.test(link.textContent)) continue;
    const target = [...body.querySelectorAll(`[id="${CSS.escape(id)}"], [name="${CSS.escape(id)}"]`)].find((one) => follows(link, one));
    if (!target) continue;
    const label = firstNote + notes.length;
    const place = body.ownerDocument.createElement("span");
    place.dataset.note = label;
    place.textContent = label; // An empty one would be blank to turndown, which leaves blanks out.
    (link.closest("sup") ?? link).replaceWith(place);
    notes.push({ label, id, text: noteText(target) });
  }
  for (const note of notes) note.body = cleared(note.text, note.id);
  for (const list of body.querySelectorAll('[data-look*="footnote-list" i], [data-look*="endnote-list" i], section.footnotes, .footnotes')) {
    if (!list.textContent.trim()) list.remove();
  }
  for (const rule of body.querySelectorAll("hr")) {
    if (notes.length && /33%|footnote/i.test(rule.outerHTML)) rule.remove();
  }
  return notes;
}

const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

/** The element that holds all of a note. */
function noteText(target) {
  const division = target.closest('[data-look*="mso-element:footnote" i], [data-look*="mso-element:endnote" i]');
  return division ?? target.closest("li") ?? target.closest("p") ?? target.closest("div") ?? target;
}

/** A note's text out of the page, without the links that lead back up. */
function cleared(text) {
  for (const back of text.querySelectorAll('a[href*="#"], a[name]')) {
    if (REFERENCE.test(back.textContent) || /^\s*[↩↑^]/.test(back.textContent) || !back.textContent.trim()) back.remove();
  }
  text.remove();
  inlineStyles(text);
  const holder = text.ownerDocument.createElement("div");
  holder.append(...text.childNodes);
  return holder;
}

/** Word's lists are paragraphs that say in their style on which level they stand. */
function wordLists(body) {
  let open = [];
  let previous = null;
  for (const paragraph of [...body.querySelectorAll('[data-look*="mso-list" i]')]) {
    const level = Number(/mso-list:[^;]*level(\d)/i.exec(styleOf(paragraph))?.[1] ?? 0);
    if (!level || !body.contains(paragraph)) continue;
    const mark = [...paragraph.querySelectorAll('[data-look*="mso-list" i]')].find((one) => /ignore/i.test(styleOf(one)));
    const numbered = /^\s*[(\[]?(?:\d+|[a-z]|[ivxlc]+)[.)\]]/i.test(mark?.textContent ?? "");
    mark?.remove();
    if (!previous || previous !== paragraph.previousElementSibling) open = [];
    const name = numbered ? "ol" : "ul";
    open.length = Math.min(open.length, level);
    if (open.length === level && open[level - 1].localName !== name && level === 1) open = [];
    while (open.length < level) {
      const list = body.ownerDocument.createElement(name);
      if (open.length) (open.at(-1).lastElementChild ?? open.at(-1)).append(list);
      else paragraph.before(list);
      open.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).append(item);
    paragraph.remove();
    previous = open[0];
  }
}

/** Google Docs and Outlook put a list beside the item it belongs to. */
function nestedLists(body) {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
  for (const item of body.querySelectorAll("li")) {
    for (const paragraph of item.querySelectorAll(":scope > p:only-of-type")) paragraph.replaceWith(...paragraph.childNodes);
  }
}

/** Between blocks a line break is an empty line, which they have anyway. */
function looseBreaks(body) {
  for (const line of body.querySelectorAll("br")) {
    if (line.previousElementSibling?.matches(BLOCKS) || line.nextElementSibling?.matches(BLOCKS)) line.remove();
  }
}

/** Headings and quotes that are said by class or role alone. */
function blockStyles(body) {
  for (const element of [...body.querySelectorAll("p[class], [role=heading]")]) {
    const kind = element.className;
    const level = Number(element.getAttribute("aria-level") ?? /^(?:Mso)?Heading(\d)/i.exec(kind)?.[1] ?? (/^MsoTitle/.test(kind) ? 1 : 0));
    const name = level ? `h${Math.min(level, 6)}` : /^Mso(?:Intense)?Quote/.test(kind) ? "blockquote" : "";
    if (!name || element.closest("li")) continue;
    const named = body.ownerDocument.createElement(name);
    named.append(...element.childNodes);
    element.replaceWith(named);
  }
}

/** Bold, italic and struck by style; and `b` that its style takes back, as Google Docs wraps all it copies in. */
function inlineStyles(root) {
  for (const element of [...root.querySelectorAll("b, strong")]) {
    if (/(?:^|;)\s*font-weight:\s*(?:normal|[1-4]00)/i.test(styleOf(element))) element.replaceWith(...element.childNodes);
  }
  for (const element of [...root.querySelectorAll("span[data-look], font[data-look], a[data-look]")]) {
    const style = styleOf(element);
    if (element.querySelector(BLOCKS) || !element.textContent.trim()) continue;
    if (/(?:^|;)\s*font-weight:\s*(?:bold|[6-9]00)/i.test(style) && !element.closest("h1, h2, h3, h4, h5, h6, th")) wrap(element, "strong");
    if (/font-style:\s*italic/i.test(style)) wrap(element, "em");
    if (/text-decoration[^;]*line-through/i.test(style)) wrap(element, "del");
  }
}

function wrap(element, name) {
  const outer = element.ownerDocument.createElement(name);
  outer.append(...element.childNodes);
  element.append(outer);
}

/** A table of one column, or one that holds another, is there for its looks: its cells are paragraphs. */
function flattenTables(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const widest = Math.max(0, ...[...table.rows].map((row) => row.cells.length));
    if (widest > 1 && !table.querySelector("table, ul, ol, blockquote, pre")) continue;
    const parts = [...table.rows].flatMap((row) => [...row.cells]).map((cell) => {
      const part = body.ownerDocument.createElement("div");
      part.append(...cell.childNodes);
      return part;
    });
    table.replaceWith(...parts);
  }
}

function service() {
  const turndown = new TurndownService({ headingStyle: "atx", hr: "* * *", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*", strongDelimiter: "**", br: "\\" });
  turndown.addRule("note", {
    filter: (node) => Boolean(node.dataset?.note),
    replacement: (_content, node) => `[^${node.dataset.note}]`,
  });
  turndown.addRule("item", {
    filter: "li",
    replacement(content, node) {
      const list = node.parentNode;
      const place = [...list.children].filter((one) => one.localName === "li").indexOf(node);
      const mark = list.localName === "ol" ? `${Number(list.getAttribute("start") ?? 1) + place}. ` : "- ";
      const text = content.trim().replace(/\n{2,}(?=\s*(?:[-*+]|\d+[.)]) )/g, "\n").replaceAll("\n", `\n${" ".repeat(mark.length)}`);
      return `${mark}${text}${node.nextElementSibling ? "\n" : ""}`;
    },
  });
  turndown.addRule("address", {
    filter: (node) => node.localName === "a" && !/^(?:https?:|mailto:)/i.test(node.getAttribute("href") ?? ""),
    replacement: (content) => content,
  });
  turndown.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => (content.trim() ? `~~${content.trim()}~~` : "") });
  turndown.addRule("table", { filter: "table", replacement: (_content, node) => `\n\n${tableText(node, turndown)}\n\n` });
  return turndown;
}

function tableText(table, turndown) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => {
    const text = turndown.turndown(cell.innerHTML || " ");
    return text.replace(/\\?\s*\n\s*/g, " ").replaceAll("|", "\\|").trim();
  }));
  const width = Math.max(...rows.map((row) => row.length));
  const line = (texts) => `| ${Array.from({ length: width }, (_none, column) => texts[column] ?? "").join(" | ")} |`;
  return [line(rows[0]), line(Array(width).fill("---")), ...rows.slice(1).map(line)].join("\n");
}

/** The text to put in place of a selection: apart from its neighbours where it begins or ends with a block of its own. */
export function fitted(markdown, before, after) {
  const parts = markdown.split("\n\n");
  const lead = before.trim() && BLOCK_START.test(parts[0]) ? "\n\n" : "";
  const trail = after.trim() && BLOCK_START.test(parts.at(-1)) ? "\n\n" : "";
  return lead + markdown + trail;
}
