"""What became of one text in another: by paragraph, by sentence inside changed paragraphs, by word inside those.

No level compares more than what the one above left over, and none more than MOST pairs: whatever two texts are, the
time is bounded. A paragraph that stands elsewhere unchanged was moved: it is gone in one place and new in another, and
what stood in it can be found again.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from operator import attrgetter
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from core.blocks import blocks

# What is compared where the level above found nothing equal. A word brings the spaces before it along.
_SENTENCES = re.compile(r"[^.!?…\n]*[.!?…\n]*\s*")
_WORDS = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
_ATOMS = re.compile(r"\w+|\s|[^\w\s]")
MOST = 300_000_000  # pairs of parts: a tenth of a second, forty megabytes


@dataclass(frozen=True, slots=True)
class Edit:
    """`old[start:end]` became `new[new_start:new_end]`; either may be empty, never both."""

    start: int
    end: int
    new_start: int
    new_end: int


class Run(NamedTuple):
    """Text that stands in both, in the same order: `old[start:][:length] == new[new_start:][:length]`."""

    start: int
    new_start: int
    length: int


class Move(Run):
    """A paragraph that stands elsewhere, without the blank lines behind it: part of an edit here, of another there."""


class Changes(tuple[Edit, ...]):
    """What changed, in order, as edits that neither overlap nor touch; and which paragraphs moved."""

    moves: tuple[Move, ...]

    def __new__(cls, edits: Iterable[Edit], moves: Iterable[Move] = ()) -> "Changes":
        """These edits, and these moves in the order of the old text."""
        changes = super().__new__(cls, edits)
        changes.moves = tuple(moves)
        return changes


class _Part(NamedTuple):
    at: int
    text: str


def edits(old: str, new: str) -> Changes:
    """What changed; nothing of it when the texts are equal."""
    before, after = _parts(old), _parts(new)
    runs: list[Run] = []
    gaps: list[tuple[list[_Part], list[_Part]]] = []
    for step in aligned([_key(part) for part in before], [_key(part) for part in after]):
        gone, come = before[step.gone], after[step.come]
        gaps += [(gone, come)] if gone or come else []
        # Two paragraphs are equal whatever blank lines follow them.
        for was, now in zip(before[step.kept], after[step.found], strict=True):
            runs.append(Run(was.at, now.at, min(len(was.text), len(now.text))))
    moves = list(_moves([one for gone, _come in gaps for one in gone], [one for _gone, come in gaps for one in come]))
    left, arrived = {move.start for move in moves}, {move.new_start for move in moves}
    for gone, come in gaps:
        runs += _within([one for one in gone if one.at not in left], [one for one in come if one.at not in arrived])
    return Changes(_settled(old, new, list(_between(sorted(runs), len(old), len(new))), moves), moves)


def replay(old: str, new: str, changes: Sequence[Edit]) -> str:
    """The old text with every edit done to it: the new one, whatever the edits are that `edits` found."""
    pieces, reached = [], 0
    for change in changes:
        pieces += [old[reached : change.start], new[change.new_start : change.new_end]]
        reached = change.end
    return "".join([*pieces, old[reached:]])


def moved(changes: Changes, start: int, end: int) -> tuple[int, int]:
    """Where a passage of the old text stands in the new one; both ends are equal when nothing of it is left.

    What is typed at its edges stays outside it; what replaces words at its edges stays inside. A passage within a
    paragraph that was moved goes with it.
    """
    index = bisect_right(changes.moves, start, key=attrgetter("start")) - 1
    if index >= 0 and end <= changes.moves[index].start + changes.moves[index].length:
        shift = changes.moves[index].new_start - changes.moves[index].start
        return start + shift, end + shift
    first = _placed(changes, start, is_end=False)
    return first, max(first, _placed(changes, end, is_end=True))


def _placed(changes: Sequence[Edit], position: int, *, is_end: bool) -> int:
    reach = bisect_left if is_end else bisect_right
    index = reach(changes, position, key=attrgetter("start")) - 1
    if index < 0:
        return position
    change = changes[index]
    if position >= change.end:
        return position + change.new_end - change.end
    return change.new_start if is_end or change.start == position else change.new_end


def _parts(text: str) -> list[_Part]:
    found = blocks(text)
    return list(map(_Part, _starts(found), found))


def _key(part: _Part) -> str:
    """What a paragraph is compared by: without the line feeds behind it, but never as nothing."""
    return part.text.rstrip("\n") or "\n"


def _starts(parts: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, parts), initial=0))


class Step(NamedTuple):
    """What went and what came in its place, and what follows equal in both: places in either list."""

    gone: slice
    come: slice
    kept: slice
    found: slice


def aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[Step]:
    """The longest common sequence, stretch by stretch; between both ends all in one step where it were too many pairs.

    No part may be a zero byte: rapidfuzz compares what Python hashes them to, and "" has the same hash.
    """
    reached = new_reached = 0
    for start, new_start, length in _equal(before, after):
        gone, come = slice(reached, start), slice(new_reached, new_start)
        reached, new_reached = start + length, new_start + length
        yield Step(gone, come, slice(start, reached), slice(new_start, new_reached))
    yield Step(slice(reached, len(before)), slice(new_reached, len(after)), slice(0), slice(0))


def _equal(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    """Stretches of equal parts, none of them empty."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    if head:
        yield Run(0, 0, head)
    middle, new_middle = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(middle) * len(new_middle) <= MOST:
        for step in LCSseq.opcodes(middle, new_middle):
            if step.tag == "equal":
                yield Run(head + step.src_start, head + step.dest_start, step.src_end - step.src_start)
    if tail:
        yield Run(len(before) - tail, len(after) - tail, tail)


def _moves(gone: Sequence[_Part], come: Sequence[_Part]) -> Iterator[Move]:
    """Paragraphs that say something and are among those that went and among those that came, each paired once."""
    places = defaultdict(list)
    for part in reversed(come):
        places[part.text.rstrip("\n")].append(part.at)
    for part in gone:
        text = part.text.rstrip("\n")
        if places.get(text) and any(one.isalnum() for one in text):
            yield Move(part.at, places[text].pop(), len(text))


def _within(gone: Sequence[_Part], come: Sequence[_Part]) -> Iterator[Run]:
    """Equal text inside paragraphs that are not, read as two texts without what stands between them."""
    old, new = "".join([part.text for part in gone]), "".join([part.text for part in come])
    starts, new_starts = _starts([part.text for part in gone]), _starts([part.text for part in come])
    for run in _runs(old, new, Run(0, 0, 0), (_SENTENCES, _WORDS)):
        # What goes over the end of a paragraph is cut there: the next one may stand elsewhere.
        at, new_at, left = run
        while left:
            index, new_index = bisect_right(starts, at) - 1, bisect_right(new_starts, new_at) - 1
            length = min(left, starts[index + 1] - at, new_starts[new_index + 1] - new_at)
            yield Run(gone[index].at + at - starts[index], come[new_index].at + new_at - new_starts[new_index], length)
            at, new_at, left = at + length, new_at + length, left - length


def _runs(old: str, new: str, at: Run, levels: Sequence[re.Pattern[str]]) -> Iterator[Run]:
    """Equal text inside two texts that begin at `at`, found by ever smaller parts."""
    if not (old and new):
        return
    if not levels:
        yield from _ends(old, new, at)
        return
    before, after = (list(filter(None, levels[0].findall(text))) for text in (old, new))
    starts, new_starts = _starts(before), _starts(after)
    for gone, come, kept, found in aligned(before, after):
        place = Run(at.start + starts[gone.start], at.new_start + new_starts[come.start], 0)
        yield from _runs("".join(before[gone]), "".join(after[come]), place, levels[1:])
        if kept.stop:
            start, new_start = starts[kept.start], new_starts[found.start]
            yield Run(at.start + start, at.new_start + new_start, starts[kept.stop] - start)


def _ends(old: str, new: str, at: Run) -> Iterator[Run]:
    """The words and spaces that both begin with, and those that both end with."""
    head = _common(_ATOMS.findall(old), _ATOMS.findall(new)) if old[0] == new[0] else 0
    rest, new_rest = old[head:], new[head:]
    tail = _common(_ATOMS.findall(rest)[::-1], _ATOMS.findall(new_rest)[::-1]) if rest[-1:] == new_rest[-1:] else 0
    if head:
        yield Run(at.start, at.new_start, head)
    if tail:
        yield Run(at.start + len(old) - tail, at.new_start + len(new) - tail, tail)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many characters both begin with, in whole parts."""
    return sum(len(a) for a, _b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _between(runs: Sequence[Run], end: int, new_end: int) -> Iterator[Edit]:
    """What lies between the runs."""
    reached = new_reached = 0
    for run in [*runs, Run(end, new_end, 0)]:
        if reached < run.start or new_reached < run.new_start:
            yield Edit(reached, run.start, new_reached, run.new_start)
        reached, new_reached = run.start + run.length, run.new_start + run.length


def _settled(old: str, new: str, found: Sequence[Edit], moves: Sequence[Move]) -> Iterator[Edit]:
    """What only came or only went, shifted to where a paragraph begins or ends if it reads the same there.

    "One." that became "One.\n\nTwo." gained a paragraph, not ".\n\nTwo" before its full stop.
    """
    reached = 0
    left, arrived = sorted(move.start for move in moves), sorted(move.new_start for move in moves)
    for index, edit in enumerate(found):
        ahead = found[index + 1].start - 1 if index + 1 < len(found) else len(old)
        moved_here = _any_within(left, edit.start, edit.end) or _any_within(arrived, edit.new_start, edit.new_end)
        shift = 0
        if edit.start == edit.end and not moved_here:
            shift = _shift(new, edit.new_start, edit.new_end, edit.start - reached, ahead - edit.end)
        elif edit.new_start == edit.new_end and not moved_here:
            shift = _shift(old, edit.start, edit.end, edit.start - reached, ahead - edit.end)
        reached = edit.end + shift + 1
        yield Edit(edit.start + shift, edit.end + shift, edit.new_start + shift, edit.new_end + shift)


def _any_within(places: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the places, which are in order, is from `start` on and before `end`."""
    return bisect_left(places, start) < bisect_left(places, end)


def _shift(text: str, start: int, end: int, back: int, ahead: int) -> int:
    """How far `text[start:end]` has to go, at most so far back or ahead, to begin or end a paragraph; else 0."""
    for by in range(ahead + 1):
        if _is_border(text, start + by):
            return by
        if end + by >= len(text) or text[start + by] != text[end + by]:
            break
    for by in range(1, back + 1):
        if text[start - by] != text[end - by]:
            break
        if _is_border(text, start - by):
            return -by
    return 0


def _is_border(text: str, position: int) -> bool:
    """Whether a paragraph begins there, or ended just before."""
    return position == 0 or text.endswith("\n\n", 0, position) or text.startswith("\n\n", position)
