"""Passages of a chapter that somebody chose: by their place, or by the paragraphs they are made of."""

from dataclasses import dataclass

from core.blocks import blocks

SHOWN = 60  # characters of a paragraph's beginning, to know it by


@dataclass(frozen=True)
class Extract:
    """A passage: characters `start` to `end` of a text, which were `quote` when it was chosen."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Beginning:
    """A paragraph by its number, from 1, and its first words."""

    number: int
    words: str


def beginnings(text: str) -> tuple[Beginning, ...]:
    """The paragraphs of a text, to choose from."""
    lines = [" ".join(block.split()) for block in blocks(text)]
    return tuple(
        Beginning(number, line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…")
        for number, line in enumerate(lines, 1)
    )


def of_paragraphs(text: str, first: int, last: int) -> Extract | None:
    """The passage from one paragraph to another, both in it; None when there are none of these numbers."""
    parts = blocks(text)
    if not 1 <= first <= last <= len(parts):
        return None
    start = sum(map(len, parts[: first - 1]))
    return _trimmed(text, start, start + sum(map(len, parts[first - 1 : last])))


def standing(text: str, chosen: Extract) -> Extract | None:
    """The passage where it stands: at its place, or at the only other one; without white space around it."""
    start = chosen.start
    if text[start : chosen.end] != chosen.quote:
        if text.count(chosen.quote) != 1:
            return None
        start = text.index(chosen.quote)
    return _trimmed(text, start, start + len(chosen.quote))


def is_inline(text: str, chosen: Extract) -> bool:
    """Whether the passage stands inside a paragraph, with more of it before or behind."""
    alone_before = not text[: chosen.start].strip() or text[: chosen.start].endswith("\n\n")
    alone_behind = not text[chosen.end :].strip() or text[chosen.end :].startswith("\n\n")
    return not (alone_before and alone_behind) and "\n\n" not in chosen.quote


def around(text: str, chosen: Extract, words: int) -> tuple[str, str]:
    """At most that many words before the passage and behind it."""
    before, behind = text[: chosen.start].split(), text[chosen.end :].split()
    return " ".join(before[-words:]), " ".join(behind[:words])


def _trimmed(text: str, start: int, end: int) -> Extract | None:
    bare = text[start:end].strip()
    if not bare:
        return None
    at = start + text[start:end].index(bare)
    return Extract(at, at + len(bare), bare)
