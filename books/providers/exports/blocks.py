"""The tree of a chapter as plain lists and dictionaries: read by the typesetter as JSON, by the Word writer as it is.

A block is `{"t": kind, …}`: `p` and `h` hold inlines in `c`, `quote` holds blocks, `ul` and `ol` hold items of blocks,
`table` holds `align`, `head` and `rows` of cells of inlines, `code` (with `block`) holds a string, `hr` nothing,
`figure` holds a picture and its caption (inlines) in `c`. An inline is a string, or `{"t": kind, …}`: `em`, `strong`,
`del`, `sup`, `link` (with `href`), `code`, `br`, `picture`, and `note` with blocks (and with `again`, its number, where
the same note is called once more). A picture is `src`, `width` and `height` in pixels, and `alt`.
"""

from collections.abc import Iterator
from typing import Any

from books.providers.exports.markdown import Element

Block = dict[str, Any]
Inline = str | dict[str, Any]
_INLINE = {"em", "strong", "del", "sup", "a", "code", "br", "img"}


def blocks_of(root: Element) -> list[Block]:
    """The blocks of a parsed chapter, each footnote standing where it is called."""
    sections = [section for section in root.iter("section") if section.get("role") == "doc-endnotes"]
    notes = {item.get("id"): item for section in sections for item in section.iter("li") if item.get("id")}
    for section in sections:
        section.drop_tree()
    return _Reader(notes).blocks(root)


class _Reader:
    """Walks one chapter; knows which notes were called and whether one is open (a note in a note is a bare number)."""

    def __init__(self, notes: dict[str, Element]) -> None:
        self._notes = notes
        self._called: set[str] = set()
        self._open: set[str] = set()

    def blocks(self, parent: Element) -> list[Block]:
        """Blocks inside an element; loose inlines (tight list items, escaped HTML) become paragraphs."""
        found: list[Block] = []
        loose: list[Inline] = _text(parent.text)
        for child in parent:
            if child.tag in _INLINE:
                loose.extend(self._inline(child))
            else:
                found.extend(_paragraph(loose))
                loose = []
                found.extend(self._block(child))
            loose.extend(_text(child.tail))
        found.extend(_paragraph(loose))
        return found

    def _block(self, element: Element) -> Iterator[Block]:
        tag = element.tag
        if tag == "p":
            yield from _paragraph(self.inlines(element))
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            yield {"t": "h", "level": int(tag[1]), "c": _trimmed(self.inlines(element))}
        elif tag == "blockquote":
            yield {"t": "quote", "c": self.blocks(element)}
        elif tag in {"ul", "ol"}:
            items = [self.blocks(item) for item in element.iterchildren("li")]
            yield {"t": tag, "start": _start(element), "tight": element.find("li/p") is None, "c": items}
        elif tag == "pre":
            yield {"t": "code", "block": True, "c": "".join(element.itertext()).rstrip("\n")}
        elif tag == "hr":
            yield {"t": "hr"}
        elif tag == "table":
            yield self._table(element)
        elif tag == "figure":
            caption = element.find("figcaption")
            said = [] if caption is None else _trimmed(self.inlines(caption))
            yield {"t": "figure", "c": said, **_picture(element[0])}

    def _table(self, element: Element) -> Block:
        rows = [[_trimmed(self.inlines(cell)) for cell in row] for row in element.iter("tr")]
        align = [(cell.get("class") or "align-left")[len("align-") :] for cell in element.iter("th")]
        return {"t": "table", "align": align, "head": rows[0], "rows": rows[1:]}

    def inlines(self, parent: Element) -> list[Inline]:
        """Inlines inside an element, texts and elements in order."""
        found = _text(parent.text)
        for child in parent:
            found.extend(self._inline(child))
            tail = child.tail.lstrip("\n") if child.tail and child.tag == "br" else child.tail
            found.extend(_text(tail))
        return found

    def _inline(self, element: Element) -> list[Inline]:
        tag, role = element.tag, element.get("role")
        if tag == "sup" and (called := element.find("a[@role='doc-noteref']")) is not None:
            return [self._note(called)]
        if role == "doc-backlink":
            return []
        if tag == "code":
            return [{"t": "code", "c": element.text_content()}]
        if tag == "br":
            return [{"t": "br"}]
        if tag == "img":
            return [{"t": "picture", **_picture(element)}]
        content = self.inlines(element)
        return [{"t": "link", "href": element.get("href"), "c": content} if tag == "a" else {"t": tag, "c": content}]

    def _note(self, called: Element) -> Inline:
        key, number = (called.get("href") or "#")[1:], called.text or ""
        item = self._notes.get(key)
        if item is None or self._open:
            return {"t": "sup", "c": [number]}
        self._open.add(key)
        note: dict[str, Any] = {"t": "note", "c": self.blocks(item)}
        self._open.discard(key)
        if key in self._called:
            note["again"] = number
        self._called.add(key)
        return note


def _picture(element: Element) -> dict[str, Any]:
    width, height = int(element.get("width")), int(element.get("height"))
    return {"src": element.get("src"), "width": width, "height": height, "alt": element.get("alt")}


def _start(element: Element) -> int:
    start = element.get("start") or "1"
    return int(start) if start.isdigit() else 1


def _text(text: str | None) -> list[Inline]:
    return [text.replace("\n", " ")] if text else []


def _trimmed(inlines: list[Inline]) -> list[Inline]:
    """Without white space at either end; an empty list when nothing else is there."""
    kept = list(inlines)
    while kept and isinstance(kept[-1], str) and not kept[-1].strip(" "):
        kept.pop()
    while kept and isinstance(kept[0], str) and not kept[0].strip(" "):
        kept.pop(0)
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip(" ")
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(" ")
    return kept


def _paragraph(inlines: list[Inline]) -> Iterator[Block]:
    if kept := _trimmed(inlines):
        yield {"t": "p", "c": kept}
