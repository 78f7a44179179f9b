"""Texts kept as what changed since the one before: small when the change is small, whatever the text's length.

A payload is zlib-compressed JSON: `["whole text"]`, or for a delta a list of `[start, length]` (copied from the text
before) and strings (new).
"""

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from core.diffs import Edit, Move, edits

Copy = tuple[int, int]
_arrival = attrgetter("new_start")
WORTH = 16  # characters: to say where fewer stand takes as many as to say them


def whole(text: str) -> bytes:
    """A text by itself."""
    return _packed([text])


def delta(old: str, new: str) -> bytes:
    """The new text as what it takes from the old one, moved paragraphs included, and what it adds."""
    changes = edits(old, new)
    arrived = sorted(changes.moves, key=_arrival)
    bounds = [Edit(0, 0, 0, 0), *changes, Edit(len(old), len(old), len(new), len(new))]
    parts: list[str | Copy] = []
    for before, change in pairwise(bounds):
        parts.append((before.end, change.start - before.end))
        first, last = (bisect_left(arrived, at, key=_arrival) for at in (change.new_start, change.new_end))
        parts += _added(new, change, arrived[first:last])
    return _packed(_joined(old, parts))


def restored(old: str, payload: bytes) -> str:
    """The text that a payload was made of, from the text it was made against ("" for a whole one)."""
    parts = json.loads(zlib.decompress(payload))
    return "".join([part if isinstance(part, str) else old[part[0] : part[0] + part[1]] for part in parts])


def _added(new: str, change: Edit, arrived: Sequence[Move]) -> Iterator[str | Copy]:
    """What stands in the place of an edit: copies of the paragraphs that were moved there, the rest as it is."""
    reached = change.new_start
    for move in arrived:
        yield new[reached : move.new_start]
        yield move.start, move.length
        reached = move.new_start + move.length
    yield new[reached : change.new_end]


def _joined(old: str, parts: Sequence[str | Copy]) -> Iterator[str | Copy]:
    """Neighbouring texts as one, and short copies as the text they are."""
    said: list[str] = []
    for part in parts:
        if isinstance(part, str) or part[1] < WORTH:
            said.append(part if isinstance(part, str) else old[part[0] : sum(part)])
            continue
        yield from filter(None, ["".join(said)])
        said.clear()
        yield part
    yield from filter(None, ["".join(said)])


def _packed(parts: Sequence[str | Copy] | Iterator[str | Copy]) -> bytes:
    return zlib.compress(json.dumps(list(parts), ensure_ascii=False, separators=(",", ":")).encode(), 9)
