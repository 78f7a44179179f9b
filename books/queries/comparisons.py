"""Two texts beside each other: which paragraphs stayed, moved, came and went, and which words of the others changed."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby, pairwise

from core.blocks import blocks
from core.diffs import Changes, Edit, edits
from core.text import count_words

# How a paragraph that is no plain text begins in Markdown.
MARK = re.compile(r"(?P<heading>#{1,6}\s+)|(?P<quote>(?:>\s?)+)|(?P<note>\[\^[^\]]+\]:\s*)|(?P<rule>)(?:[*_-]\s*){3,}$")
ALIKE = 0.45  # of their characters: two paragraphs less alike than this are two paragraphs, not one that changed
TINY = 4  # letters: fewer between two changes are shown as part of one
AROUND = 1  # unchanged paragraphs shown before and after a change; the others are folded


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

    @property
    def changed_words(self) -> int:
        """How many of its words the other text does not have there."""
        return sum(count_words(piece.text) for piece in self.pieces if piece.changed)

    def _mark(self) -> re.Match[str] | None:
        return MARK.match("".join(piece.text for piece in self.pieces))


@dataclass(frozen=True)
class Row:
    """A paragraph in both texts, or in one of them: `kind` is same, changed, added, removed, moved_from or moved_to.

    `was` and `now` are its places among the paragraphs of each; where a side has none, the place it would come at.
    `number` counts the rows that differ, from 1; it is 0 for the others.
    """

    kind: str
    was: int
    now: int
    old: Paragraph | None = None
    new: Paragraph | None = None
    number: int = 0

    @property
    def can_go_back(self) -> bool:
        """Whether this paragraph alone can be made what it was; of one that moved the other place would stay."""
        return self.kind in {"changed", "added", "removed"}

    @property
    def inline(self) -> tuple[tuple[str, str], ...]:
        """Both sides in one line of reading: (`same`, `gone` or `new`; text)."""
        gone = [("gone" if one.changed else "same", one.text) for one in self.old.shown] if self.old else []
        come = [("new" if one.changed else "same", one.text) for one in self.new.shown] if self.new else []
        return tuple(_merged(gone, come)) if gone and come else tuple(gone or come)


@dataclass(frozen=True)
class Stretch:
    """Rows that follow one another; `is_folded` when nothing changed in or next to them."""

    rows: tuple[Row, ...]
    is_folded: bool = False


@dataclass(frozen=True)
class Comparison:
    """Both texts, paragraph by paragraph."""

    rows: tuple[Row, ...]

    @cached_property
    def old(self) -> tuple[Paragraph, ...]:
        """The old text, in its own order."""
        return tuple(row.old for row in self.rows if row.old)

    @cached_property
    def new(self) -> tuple[Paragraph, ...]:
        """The new text, in its own order."""
        return tuple(row.new for row in self.rows if row.new)

    @property
    def words_gone(self) -> int:
        """Words that only the old text has; those of paragraphs that moved are in both."""
        return sum(row.old.changed_words for row in self.rows if row.old and row.kind != "moved_from")

    @property
    def words_new(self) -> int:
        """Words that only the new text has."""
        return sum(row.new.changed_words for row in self.rows if row.new and row.kind != "moved_to")

    @property
    def moved(self) -> int:
        """How many paragraphs stand elsewhere."""
        return sum(row.kind == "moved_to" for row in self.rows)

    @property
    def differences(self) -> int:
        """How many rows differ."""
        return sum(row.number > 0 for row in self.rows)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The rows, those far from any change folded."""
        near = {
            place + offset for place, row in enumerate(self.rows) if row.number for offset in range(-AROUND, AROUND + 1)
        }
        found = []
        for is_near, places in groupby(range(len(self.rows)), lambda place: place in near):
            rows = tuple(self.rows[place] for place in places)
            # One paragraph takes no more room than the words that say it is folded.
            found.append(Stretch(rows, is_folded=not is_near and len(rows) > 1))
        return tuple(found)


def compare(old: str, new: str) -> Comparison:
    """Compare two Markdown texts by paragraphs, and paragraphs that are alike by words."""
    changes = edits(old, new)
    shown = list(_readable(old, changes))
    sides = (
        _Side.of(old, [(one.start, one.end) for one in shown]),
        _Side.of(new, [(one.new_start, one.new_end) for one in shown]),
    )
    return Comparison(tuple(_numbered(_rows(*sides, changes))))


def gone_back(old: str, new: str, row: Row) -> str:
    """The new text with the paragraph of one row (that `can_go_back`) as it is in the old one; all else to the byte."""
    earlier, present = _Side.of(old, []), _Side.of(new, [])
    start = present.starts[row.now]
    end = start + len(present.paragraph(row.now)) if row.new else start
    if row.old and row.new:
        return new[:start] + earlier.paragraph(row.was) + new[end:]
    is_last = row.now + (row.new is not None) == len(present)
    head, tail = (new[:start].rstrip("\n"), new[end:]) if is_last else (new[:start], new[end:].lstrip("\n"))
    if row.old is None:
        return head + tail
    paragraph = earlier.paragraph(row.was)
    if not is_last:
        return f"{head}{paragraph}\n\n{tail}"
    return "\n\n".join(filter(None, [head, paragraph])) + new[len(head) :]


@dataclass(frozen=True)
class _Side:
    """A text as paragraphs, with where each begins and what of the text changed."""

    text: str
    starts: list[int]
    changed: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str, changed: list[tuple[int, int]]) -> "_Side":
        starts = list(accumulate(map(len, blocks(text)), initial=0))
        return cls(text, starts, [one for one in changed if one[0] < one[1]])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def index(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1

    def paragraph(self, index: int) -> str:
        return self.text[self.starts[index] : self.starts[index + 1]].rstrip("\n")

    def whole(self, index: int, *, changed: bool = False) -> Paragraph:
        return Paragraph((Piece(self.paragraph(index), changed),), changed)

    def marked(self, index: int) -> Paragraph:
        """The paragraph with what changed in it as pieces of its own."""
        start, text = self.starts[index], self.paragraph(index)
        end = start + len(text)
        first = max(0, bisect_right(self.changed, (start, start)) - 1)
        cuts = [start]
        for begins, ends in self.changed[first:]:
            if begins >= end:
                break
            if ends > start:
                cuts += [max(begins, start), min(ends, end)]
        bounds = pairwise([*cuts, end])
        pieces = [Piece(self.text[a:b], place % 2 == 1) for place, (a, b) in enumerate(bounds) if a < b]
        return Paragraph(tuple(pieces))


def _readable(old: str, changes: Sequence[Edit]) -> Iterator[Edit]:
    """The edits with those joined between which a few letters of one line stand alone."""
    held: Edit | None = None
    for change in changes:
        between = old[held.end : change.start] if held else ""
        if held and "\n" not in between and sum(map(str.isalnum, between)) < TINY:
            held = Edit(held.start, change.end, held.new_start, change.new_end)
            continue
        if held:
            yield held
        held = change
    if held:
        yield held


def _rows(old: _Side, new: _Side, changes: Changes) -> Iterator[Row]:
    left = {old.index(move.start) for move in changes.moves}
    arrived = {new.index(move.new_start) for move in changes.moves}
    shared = _shared(old, new, changes)
    reached = new_reached = 0
    for index, place in [*_pairs(old, new, shared), (len(old), len(new))]:
        for gone in range(reached, index):
            yield _gone(old, gone, new_reached, left, shared)
        for come in range(new_reached, place):
            yield _come(new, index, come, arrived, shared)
        if index < len(old):
            is_same = old.paragraph(index) == new.paragraph(place)
            sides = (old.whole(index), new.whole(place)) if is_same else (old.marked(index), new.marked(place))
            yield Row("same" if is_same else "changed", index, place, *sides)
        reached, new_reached = index + 1, place + 1


def _gone(old: _Side, index: int, place: int, left: set[int], shared: "_Shared") -> Row:
    if index in left:
        return Row("moved_from", index, place, old=old.whole(index, changed=True))
    return Row("removed", index, place, old=_alone(old, index, sum(shared[index].values())))


def _come(new: _Side, index: int, place: int, arrived: set[int], shared: "_Shared") -> Row:
    if place in arrived:
        return Row("moved_to", index, place, new=new.whole(place, changed=True))
    return Row("added", index, place, new=_alone(new, place, sum(one[place] for one in shared.values())))


def _alone(side: _Side, index: int, stays: int) -> Paragraph:
    """A paragraph that stands on one side only: its words may still stand on the other, in one that was split."""
    is_other = stays < ALIKE * len(side.paragraph(index))
    return side.whole(index, changed=True) if is_other else side.marked(index)


_Shared = defaultdict[int, Counter[int]]


def _shared(old: _Side, new: _Side, changes: Changes) -> _Shared:
    """How many characters each paragraph of the old text has in common with which ones of the new."""
    found: _Shared = defaultdict(Counter)
    reached = new_reached = 0
    for change in [*changes, Edit(len(old.text), len(old.text), len(new.text), len(new.text))]:
        while reached < change.start:
            index, new_index = old.index(reached), new.index(new_reached)
            length = min(
                change.start - reached, old.starts[index + 1] - reached, new.starts[new_index + 1] - new_reached
            )
            found[index][new_index] += length
            reached, new_reached = reached + length, new_reached + length
        reached, new_reached = change.end, change.new_end
    return found


def _pairs(old: _Side, new: _Side, shared: _Shared) -> list[tuple[int, int]]:
    """Which paragraph of the old text is which of the new one: both in order, each once."""
    found: list[tuple[int, int]] = []
    last = -1
    for index in range(len(old)):
        length = len(old.paragraph(index))
        for place, common in shared[index].most_common():
            both = length + len(new.paragraph(place))
            if place > last and 2 * common >= ALIKE * both:
                found.append((index, place))
                last = place
                break
    return found


def _numbered(rows: Iterator[Row]) -> Iterator[Row]:
    number = 0
    for row in rows:
        if not any(piece.text for side in (row.old, row.new) if side for piece in side.pieces):
            continue  # blank lines before the first paragraph
        number += row.kind != "same"
        yield row if row.kind == "same" else replace(row, number=number)


def _merged(gone: Sequence[tuple[str, str]], come: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What both have once, with what went before what came in its place."""
    left = list(gone)
    for kind, text in come:
        while left and left[0][0] == "gone" and kind == "same":
            yield left.pop(0)
        if kind == "same" and left:
            left.pop(0)
        elif left and left[0][0] == "gone":
            yield left.pop(0)
        yield kind, text
    yield from (one for one in left if one[0] == "gone")
