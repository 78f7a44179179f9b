"""The one way from Markdown to text: comrak, then nh3, then an lxml tree that every format is made of.

Raw HTML comes out as the text it was typed as, pictures that are not the book's own as their description (nothing is
fetched), and links keep only addresses with a scheme a reader may follow. Footnotes are the only source of ids.
"""

import re
from typing import TypeAlias
from urllib.parse import urlsplit

import comrak
import nh3
from lxml import etree, html

from books.providers.exports import figures
from books.providers.exports.labels import Labels, labels_for
from books.providers.exports.notes import told_apart
from books.providers.exports.typography import polish, printable

Element: TypeAlias = html.HtmlElement

_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "hr", "br", "a", "img"),
    *("em", "strong", "del", "code", "sup", "section", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "id"},
    "img": {"alt", "src", "title"},
    "li": {"id"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
_CLASSES = {"section": {"footnotes"}, "sup": {"footnote-ref"}, "a": {"footnote-backref"}}
_ADDRESS = re.compile(
    r"(?:https?://[a-z0-9.-]+(?::\d{1,5})?(?:[/?#][\w\-.~:/?#@!$&'()*+,;=%]*)?|mailto:[\w.+%-]+@[\w.-]+)",
    re.ASCII | re.IGNORECASE,
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Deeper quotes and lists are a mistake or an attack; engines and the stack end before imagination does.
_DEEPEST = 12
# The sanitizer's time grows with the square of the depth: what is deeper than this never reaches it.
_BOTTOM = 100
_LEVEL = re.compile(r"<(/?)(?:blockquote|ul|ol|li|em|strong|del)(?: [^>]*)?>")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NESTING = {"blockquote", "ul", "ol", "em", "strong", "del"}
_BLOCKS = {"p", *_HEADINGS, "li", "td", "th", "blockquote", "section", "div", "figure", "figcaption"}
# How wide a page of the site shows a text's picture, at most.
_SIZES = "(min-width: 46rem) 42rem, 100vw"


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.footnotes = options.table = options.strikethrough = True
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.escape = True
    return options


_EXTENSIONS, _RENDERING = _extensions(), _rendering()


def parse(
    markdown: str, language: str, *, prefix: str = "", top: int = 2, pictures: figures.Pictures = figures.NONE
) -> Element:
    """A chapter's text as a `div`: clean, polished, headings from level `top` on, ids starting with `prefix`."""
    text = told_apart(printable(markdown))
    raw = comrak.render_markdown(text, extension_options=_EXTENSIONS, render_options=_RENDERING)
    # Once more: `&#27;` is a character only now.
    clean = nh3.clean(
        printable(_shallow(raw)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto", figures.SCHEME},
        link_rel=None,
    )
    root: Element = html.fragment_fromstring(clean, create_parent="div")
    _flatten(root)
    _wrap_loose_text(root)
    figures.settle(root, pictures)
    _settle_notes(root)
    _settle_links(root, prefix, labels_for(language))
    _settle_headings(root, top)
    _settle_cells(root)
    _polish_texts(root, language)
    return root


def chapter_html(markdown: str, language: str, *, top: int = 2, pictures: figures.Pictures = figures.NONE) -> str:
    """A chapter for a page of the site, safe to mark as such; its headings start at `top`, below its title.

    Pictures that are not in `pictures` are their description.
    """
    root = parse(markdown, language, top=top, pictures=pictures)
    for picture in root.iter("img"):
        picture.set("loading", "lazy")
        picture.set("decoding", "async")
        if picture.get("srcset"):
            picture.set("sizes", _SIZES)
    for link in root.iter("a"):
        if not link.get("href", "").startswith("#"):
            link.set("rel", "nofollow noopener noreferrer")
    return inner_html(root)


def inner_html(root: Element) -> str:
    """What stands inside the element, as HTML."""
    text: str = etree.tostring(root, method="html", encoding="unicode")
    return text[len("<div>") : -len("</div>")]


def plain_text(root: Element) -> str:
    """The text of the tree, notes included and their marks left out, one block a line."""
    pieces: list[str] = []
    for element in root.iter():
        mark = element.get("role") in {"doc-noteref", "doc-backlink"}
        if element.tag in _BLOCKS or element.tag in {"br", "pre"}:
            pieces.append("\n")
        pieces.append("" if mark else element.text or "")
        pieces.append(element.tail or "" if element is not root else "")
    return "".join(pieces)


def _shallow(raw: str) -> str:
    """comrak's HTML without the tags below _BOTTOM; what stands between them stays."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        depth += not tag[1]
        deep = depth > _BOTTOM
        depth -= bool(tag[1])
        return "" if deep else tag[0]

    return _LEVEL.sub(kept, raw)


def _flatten(root: Element) -> None:
    """Keep the text of what is nested too deep, without its nesting."""
    depth = 0
    too_deep: list[Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _NESTING:
            depth += 1 if event == "start" else -1
            if event == "start" and depth == _DEEPEST + 1:
                too_deep.append(element)
    for element in too_deep:
        for picture in list(element.iter("img")):
            figures.describe(picture)
        text = " ".join("".join(element.itertext()).split())
        element[:] = []
        element.text = text
        element.tag = "p" if element.tag in {"blockquote", "ul", "ol"} else element.tag


def _wrap_loose_text(root: Element) -> None:
    """comrak writes an escaped HTML block as bare text between blocks: give it its paragraph."""
    if root.text and root.text.strip():
        root.insert(0, _paragraph(root.text))
        root.text = None
    for child in list(root):
        if child.tail and child.tail.strip():
            paragraph = _paragraph(child.tail)
            child.tail = None
            child.addnext(paragraph)


def _paragraph(text: str) -> Element:
    paragraph: Element = html.Element("p")
    paragraph.text = text.strip()
    return paragraph


def _settle_notes(root: Element) -> None:
    """Where a quote or a list gives a note a second time, comrak takes the text between the two for notes: undo it."""
    for section in root.iter("section"):
        names: set[str] = set()
        for item in list(section[0]):
            if item.tag != "li":
                section.addprevious(item)
            elif item.get("id") in names:
                del item.attrib["id"]
            else:
                names.add(item.get("id"))


def _settle_links(root: Element, prefix: str, labels: Labels) -> None:
    """Name the parts of footnotes for assistive technology; unwrap every link that leads nowhere."""
    for section in root.iter("section"):
        section.set("role", "doc-endnotes")
        section.set("aria-label", labels.notes)
    for item in root.iter("li"):
        if item.get("id"):
            item.set("id", prefix + item.get("id"))
    for link in list(root.iter("a")):
        href = link.get("href") or ""
        if link.get("class") == "footnote-backref":
            link.set("href", f"#{prefix}{href[1:]}")
            link.set("role", "doc-backlink")
            number = "".join(sup.text or "" for sup in link)
            link.set("aria-label", f"{labels.back} ({number})" if number else labels.back)
            link[:] = []
            link.text = "\u21a9\ufe0e"
        elif link.get("id", "").startswith("fnref-"):
            link.set("id", prefix + link.get("id"))
            link.set("href", f"#{prefix}{href[1:]}")
            link.set("role", "doc-noteref")
            link.set("aria-label", labels.note.format(number=link.text or ""))
        elif not _leads_somewhere(href):
            link.drop_tag()


def _leads_somewhere(href: str) -> bool:
    if not _ADDRESS.fullmatch(href) or _BAD_ESCAPE.search(href):
        return False
    try:
        parts = urlsplit(href)
        return parts.scheme.lower() == "mailto" or bool(parts.hostname and (parts.port or 1) < 65536)
    except ValueError:
        return False


def _settle_headings(root: Element, top: int) -> None:
    """Close the gaps between the levels used and start at `top`; an empty heading would be a nameless landmark."""
    for element in list(root.iter(*_HEADINGS)):
        if not element.text_content().strip():
            element.drop_tree()
    found = list(root.iter(*_HEADINGS))
    levels = sorted({element.tag for element in found})
    level = top - 1
    for element in found:
        level = min(6, level + 1, top + levels.index(element.tag))
        element.tag = f"h{level}"


def _settle_cells(root: Element) -> None:
    """Say a column's alignment with a class: the attribute is not in HTML 5 and inline style not in our policy."""
    for cell in root.iter("th", "td"):
        if align := cell.attrib.pop("align", ""):
            cell.set("class", f"align-{align}")


def _polish_texts(element: Element, language: str, before: str = "") -> str:
    """Typographic marks in every text that is not code; takes and gives the last character of the line so far."""
    tag, text = element.tag, element.text
    before = "" if tag in _BLOCKS else before
    code = tag in {"code", "pre"}
    if code:
        before = "x"
    elif text:
        element.text = text = polish(text, language, before)
        before = text[-1]
    for child in element:
        before = _polish_texts(child, language, before)
        tail = child.tail
        if tail and not code:
            child.tail = tail = polish(tail, language, before)
            before = tail[-1]
    return "" if tag in _BLOCKS or tag == "br" else before
