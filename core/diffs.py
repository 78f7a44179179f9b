"""What became of one text in another: edits by paragraph, and by word inside the paragraphs that changed.

A whole text is never compared word by word: blocks first, which is what keeps ten thousand words within milliseconds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from rapidfuzz.distance import LCSseq

from core.blocks import blocks

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Edit:
    """`old[start:end]` became `new[new_start:new_end]`; either may be empty, never both."""

    start: int
    end: int
    new_start: int
    new_end: int


def edits(old: str, new: str) -> list[Edit]:
    """What changed, in order, as spans of characters that neither overlap nor touch."""
    before, after = blocks(old), blocks(new)
    at, new_at = _starts(before), _starts(after)
    found: list[Edit] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found += _within(old[at[a] : at[b]], new[new_at[c] : new_at[d]], at[a], new_at[c])
    return list(_joined(found))


def replay(old: str, new: str, changes: Sequence[Edit]) -> str:
    """The old text with every edit done to it: the new one, whatever the edits are that `edits` found."""
    pieces, reached = [], 0
    for change in changes:
        pieces += [old[reached : change.start], new[change.new_start : change.new_end]]
        reached = change.end
    return "".join([*pieces, old[reached:]])


def moved(changes: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """Where a passage of the old text stands in the new one; both ends are equal when nothing of it is left.

    What is typed at its edges stays outside it; what replaces words at its edges stays inside.
    """
    return _placed(changes, start, is_end=False), max(
        _placed(changes, start, is_end=False), _placed(changes, end, is_end=True)
    )


def _placed(changes: Sequence[Edit], position: int, *, is_end: bool) -> int:
    shift = 0
    for change in changes:
        if change.start > position or (change.start == position and is_end):
            break
        if change.end > position or (change.end == position and is_end and change.start < position):
            # Inside the edit, or at the edge of what it replaces.
            if is_end:
                return change.new_end if change.end == position else change.new_start
            return change.new_start if change.start == position else change.new_end
        shift = change.new_end - change.end
    return position + shift


def _within(old: str, new: str, at: int, new_at: int) -> Iterator[Edit]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    starts, new_starts = _starts(before), _starts(after)
    for step in LCSseq.opcodes(before, after):
        if step.tag != "equal":
            yield Edit(
                at + starts[step.src_start],
                at + starts[step.src_end],
                new_at + new_starts[step.dest_start],
                new_at + new_starts[step.dest_end],
            )


def _joined(changes: Sequence[Edit]) -> Iterator[Edit]:
    """Edits that touch, as one."""
    held: Edit | None = None
    for change in changes:
        if held and held.end == change.start and held.new_end == change.new_start:
            held = Edit(held.start, change.end, held.new_start, change.new_end)
            continue
        if held:
            yield held
        held = change
    if held:
        yield held


def _starts(parts: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, parts), initial=0))
