"""Two texts beside each other: which paragraphs stayed, and which words of the others changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.text import count_words

PARAGRAPHS = re.compile(r"\n{2,}")
WORDS = re.compile(r"\S+\s*")
# How a paragraph that is no plain text begins in Markdown.
MARK = re.compile(r"(?P<heading>#{1,6}\s+)|(?P<quote>(?:>\s?)+)|(?P<note>\[\^[^\]]+\]:\s*)|(?P<rule>)(?:[*_-]\s*){3,}$")
ALIKE = 0.4  # two paragraphs less alike than this are two paragraphs, not one that changed


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph; `changed` when the other text does not have them there."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of one side; `changed` as a whole when nothing on the other side is like it."""

    pieces: tuple[Piece, ...]
    changed: bool = False

    @property
    def kind(self) -> str:
        """What it is in Markdown: `heading`, `quote`, `note`, `rule` or `text`."""
        found = self._mark()
        return str(found.lastgroup) if found else "text"

    @property
    def shown(self) -> tuple[Piece, ...]:
        """The pieces without the mark that makes it what it is; those of a line between two parts stay."""
        found = self._mark()
        rest = len(found[found.lastgroup]) if found and found.lastgroup else 0
        pieces = []
        for piece in self.pieces:
            if text := piece.text[rest:]:
                pieces.append(Piece(text, piece.changed))
            rest = max(0, rest - len(piece.text))
        return tuple(pieces)

    def _mark(self) -> re.Match[str] | None:
        return MARK.match("".join(piece.text for piece in self.pieces))


@dataclass(frozen=True)
class Comparison:
    """Both texts, and how many words only one of them has."""

    old: tuple[Paragraph, ...]
    new: tuple[Paragraph, ...]
    words_gone: int
    words_new: int


def compare(old: str, new: str) -> Comparison:
    """Compare two Markdown texts by paragraphs, and paragraphs that are alike by words."""
    before, after = _paragraphs(old), _paragraphs(new)
    left: list[Paragraph] = []
    right: list[Paragraph] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            left += [_whole(text) for text in before[a:b]]
            right += [_whole(text) for text in after[c:d]]
            continue
        pairs = min(b - a, d - c)
        for index in range(pairs):
            was, now = _pair(before[a + index], after[c + index])
            left.append(was)
            right.append(now)
        left += [_whole(text, changed=True) for text in before[a + pairs : b]]
        right += [_whole(text, changed=True) for text in after[c + pairs : d]]
    return Comparison(tuple(left), tuple(right), _changed_words(left), _changed_words(right))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in PARAGRAPHS.split(text.strip()) if paragraph]


def _whole(text: str, *, changed: bool = False) -> Paragraph:
    return Paragraph((Piece(text, changed),), changed)


def _pair(old: str, new: str) -> tuple[Paragraph, Paragraph]:
    """The two with their differing words marked, or each marked whole when they have little in common."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return _whole(old, changed=True), _whole(new, changed=True)
    left, right = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        left += _piece(before[a:b], changed=kind != "equal")
        right += _piece(after[c:d], changed=kind != "equal")
    return Paragraph(tuple(left)), Paragraph(tuple(right))


def _piece(words: Sequence[str], *, changed: bool) -> list[Piece]:
    return [Piece("".join(words), changed)] if words else []


def _changed_words(paragraphs: Sequence[Paragraph]) -> int:
    return sum(count_words(piece.text) for one in paragraphs for piece in one.pieces if piece.changed)
