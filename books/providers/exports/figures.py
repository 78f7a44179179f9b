"""Pictures of a text: `![what it shows](picture:<id> "caption")`, alone in its paragraph a figure, else part of a line.

A picture is shown only when its id is one the caller knows, at the address the caller gives it. Every other one, also
one from elsewhere in the net, is its description in brackets: nothing is fetched that did not come from the book.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from lxml import html

Element: TypeAlias = html.HtmlElement
SCHEME = "picture"
_NAMED = re.compile(rf"{SCHEME}:([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})(?![0-9a-f-])", re.IGNORECASE)
# What it spans is bounded: a line of nothing but openings costs no more than another.
_LEFT = re.compile(
    rf"!\[((?:\\.|[^\[\]\\])*)\]\(<?{SCHEME}:[^)\s]{{0,100}}(?:\s[^)]{{0,2000}})?\)", re.IGNORECASE | re.DOTALL
)
_IN_HEADING = "ancestor::*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"


@dataclass(frozen=True)
class Shown:
    """A picture at an address; `alt` is what it shows, empty for one that only decorates; `srcset` is HTML's own."""

    src: str
    width: int  # pixels, as `height`
    height: int
    alt: str
    srcset: str = ""


Pictures = Mapping[UUID, Shown]
NONE: Pictures = {}


def named_in(markdown: str) -> Iterator[UUID]:
    """The ids of pictures that a text names, in its order, once for each time."""
    if f"{SCHEME}:" in markdown.lower():
        for found in _NAMED.finditer(markdown):
            yield UUID(found[1])


def name_of(identifier: UUID) -> str:
    """How a text names the picture."""
    return f"{SCHEME}:{identifier}"


def renamed(markdown: str, ids: Mapping[UUID, UUID]) -> str:
    """The text with pictures named by other ids; those that are not among them as they were."""
    if not ids:
        return markdown
    return _NAMED.sub(lambda found: name_of(ids.get(UUID(found[1]), UUID(found[1]))), markdown)


def settle(root: Element, pictures: Pictures) -> None:
    """Show the pictures that are known, say what the others show."""
    for element in list(root.iter("img")):
        found = _NAMED.fullmatch(element.get("src") or "")
        shown = pictures.get(UUID(found[1])) if found else None
        if shown is None or element.xpath(_IN_HEADING):
            describe(element, shown)
        else:
            _show(element, shown)


def describe(element: Element, shown: Shown | None = None) -> None:
    """What the picture shows, in brackets, in its place."""
    alt = element.get("alt") or (shown.alt if shown else "")
    element.tail = f"[{alt}]{element.tail or ''}" if alt else element.tail
    element.drop_tag()


def _show(element: Element, shown: Shown) -> None:
    alt, caption = element.get("alt") or shown.alt, element.get("title") or ""
    element.attrib.clear()
    element.set("src", shown.src)
    if shown.srcset:
        element.set("srcset", shown.srcset)
    for name, value in (("alt", alt), ("width", shown.width), ("height", shown.height)):
        element.set(name, str(value))
    if _stands_alone(element):
        parent = element.getparent()
        parent.tag = "figure"
        if caption:
            below = html.Element("figcaption")
            below.text = caption
            parent.append(below)


def _stands_alone(element: Element) -> bool:
    parent = element.getparent()
    words = "".join((parent.text or "", element.tail or ""))
    return parent.tag == "p" and len(parent) == 1 and not words.strip()


def replaced(line: str, files: Mapping[UUID, str]) -> str:
    """A line of Markdown in which pictures are named by their files; one that is not among them is its description."""
    if f"{SCHEME}:" not in line.lower():
        return line
    line = _NAMED.sub(lambda found: files.get(UUID(found[1]), found[0]), line)
    return _LEFT.sub(lambda found: rf"\[{found[1]}\]" if found[1] else "", line)
