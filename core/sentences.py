"""A text in sentences, each with its place: what a model reads when what it answers has to find its place again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.blocks import blocks
from core.text import count_words

SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"'”’»)\]*_]*(?=\s)|\Z)", re.DOTALL)
# Blocks that are no prose: scene breaks, pictures alone, tables.
NO_PROSE = re.compile(r"\s*(?:(?:[*_-]\s*){3,}|!\[[^\]]*\]\([^)]*\)|\|.*)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Sentence:
    """Characters `start` to `end` of a text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def line(self) -> str:
        """The sentence in one line."""
        return " ".join(self.text.split())

    @property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """The sentences that stand between two places, in order; without words there is no sentence."""
    stop = len(text) if end is None else end
    found: list[Sentence] = []
    at = 0
    for block in blocks(text):
        if not NO_PROSE.match(block):
            found += [Sentence(one[0].rstrip(), at + one.start()) for one in SENTENCE.finditer(block)]
        at += len(block)
    return [one for one in found if one.words and start <= one.start and one.end <= stop]


def in_parts(found: Sequence[Sentence], words: int) -> Iterator[list[Sentence]]:
    """Sentences in parts of about so many words, at least one in each."""
    part: list[Sentence] = []
    for one in found:
        if part and sum(each.words for each in part) + one.words > words:
            yield part
            part = []
        part.append(one)
    if part:
        yield part
