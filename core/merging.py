"""Two people's changes to one text, merged by paragraph: nothing that either of them typed is lost.

A paragraph that one of them changed is theirs, whatever the other did elsewhere; what both added at one place is kept
in order, mine first. Where both changed one paragraph differently, that is a conflict, which holds both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.blocks import blocks
from core.diffs import aligned

BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the line feeds behind it, two at least; those at the end of a text are its tail."""

    text: str
    gap: str = BETWEEN

    def __str__(self) -> str:
        return self.text + self.gap


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the merged text: `mine` and `theirs` are the same but in a conflict, where either may be empty."""

    mine: str
    theirs: str

    @property
    def is_conflict(self) -> bool:
        """Whether somebody has to choose."""
        return self.mine != self.theirs

    @property
    def both(self) -> str:
        """What stands here until somebody has chosen."""
        return self.mine + self.theirs if self.is_conflict else self.mine


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text in parts, and the line feeds it ends with."""

    parts: tuple[Part, ...]
    tail: str

    @property
    def conflicts(self) -> tuple[Part, ...]:
        """Where both changed the same paragraphs."""
        return tuple(part for part in self.parts if part.is_conflict)

    @property
    def text(self) -> str:
        """The merged text; of each conflict both, mine first."""
        body = "".join(part.both for part in self.parts)
        return body.rstrip("\n") + self.tail


@dataclass(frozen=True, slots=True)
class _Change:
    """`base[start:end]` became `paragraphs`: one side's doing."""

    start: int
    end: int
    paragraphs: tuple[Paragraph, ...]


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Merge two texts that began as `base`; of the same sides in the other order it is the same but for that order."""
    (before, end), (left, my_end), (right, their_end) = _read(base), _read(mine), _read(theirs)
    my_changes, my_gaps = _compared(before, left)
    their_changes, their_gaps = _compared(before, right)
    parts: list[Part] = []
    reached = 0
    for start, stop, mine_here, theirs_here in _groups(my_changes, their_changes):
        parts += _kept(before[reached:start], my_gaps[reached:start], their_gaps[reached:start])
        parts += _settled(before[start:stop], start, mine_here, theirs_here)
        reached = stop
    parts += _kept(before[reached:], my_gaps[reached:], their_gaps[reached:])
    return Merge(tuple(_joined(parts)), _chosen(end, my_end, their_end))


def _read(text: str) -> tuple[list[Paragraph], str]:
    """The paragraphs of a text, and the line feeds at its end."""
    body = text.rstrip("\n")
    found = []
    for block in blocks(body):
        paragraph = block.rstrip("\n")
        found.append(Paragraph(paragraph, block[len(paragraph) :] or BETWEEN))
    return found, text[len(body) :]


def _compared(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> tuple[list[_Change], list[str]]:
    """What a side changed, in order; and of each paragraph of the base the gap it has there."""
    changes: list[_Change] = []
    gaps = [paragraph.gap for paragraph in before]
    for step in aligned([one.text for one in before], [one.text for one in after]):
        change = _Change(step.gone.start, step.gone.stop, tuple(after[step.come]))
        changes += _apart(change) if change.start < change.end or change.paragraphs else []
        gaps[step.kept] = [one.gap for one in after[step.found]]
    return changes, gaps


def _apart(change: _Change) -> list[_Change]:
    """As many paragraphs for as many: each was changed for itself."""
    if change.end - change.start != len(change.paragraphs):
        return [change]
    return [
        _Change(place, place + 1, (paragraph,)) for place, paragraph in enumerate(change.paragraphs, start=change.start)
    ]


def _groups(
    mine: Sequence[_Change], theirs: Sequence[_Change]
) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """Changes of both that meet, together: (start, end, mine, theirs), in order; most are one side's alone."""
    waiting = [(one.start, one.end, 0, one) for one in mine] + [(one.start, one.end, 1, one) for one in theirs]
    waiting.sort(key=lambda entry: entry[:3])
    start = end = 0
    here: tuple[list[_Change], list[_Change]] = ([], [])
    for first, last, side, change in waiting:
        if any(here) and not _meet((start, end), (first, last)):
            yield start, end, *here
            here = ([], [])
        start, end = (min(start, first), max(end, last)) if any(here) else (first, last)
        here[side].append(change)
    if any(here):
        yield start, end, *here


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans share a paragraph, one is an addition inside the other, or both are additions at one place."""
    return one == other or (one[0] < other[1] and other[0] < one[1])


def _kept(before: Sequence[Paragraph], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Part]:
    for paragraph, my_gap, their_gap in zip(before, mine, theirs, strict=True):
        text = str(replace(paragraph, gap=_chosen(paragraph.gap, my_gap, their_gap)))
        yield Part(text, text)


def _settled(
    before: Sequence[Paragraph], start: int, mine: Sequence[_Change], theirs: Sequence[_Change]
) -> Iterator[Part]:
    """What stands where one side, or both, changed these paragraphs."""
    left, right = _done(before, start, mine), _done(before, start, theirs)
    if not (mine and theirs):
        text = "".join(map(str, left if mine else right))
        yield Part(text, text)
        return
    same_before = _same(left, right)
    same_behind = _same(left[same_before:][::-1], right[same_before:][::-1])
    ends = len(left) - same_behind, len(right) - same_behind
    my_part = "".join(map(str, left[same_before : ends[0]]))
    their_part = "".join(map(str, right[same_before : ends[1]]))
    yield from _agreed(left[:same_before])
    if not before or ((same_before or same_behind) and not (my_part and their_part)):
        yield from (Part(my_part, my_part), Part(their_part, their_part))  # additions at one place
    else:
        yield Part(my_part, their_part)
    yield from _agreed(left[ends[0] :])


def _agreed(paragraphs: Sequence[Paragraph]) -> Iterator[Part]:
    for text in map(str, paragraphs):
        yield Part(text, text)


def _done(before: Sequence[Paragraph], start: int, changes: Sequence[_Change]) -> list[Paragraph]:
    """The paragraphs from `start` on with a side's changes done to them."""
    found: list[Paragraph] = []
    reached = start
    for change in changes:
        found += [*before[reached - start : change.start - start], *change.paragraphs]
        reached = change.end
    return [*found, *before[reached - start :]]


def _same(left: Sequence[Paragraph], right: Sequence[Paragraph]) -> int:
    """How many paragraphs are the same at the beginning of both."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one.text != other.text), min(len(left), len(right)))


def _chosen(base: str, mine: str, theirs: str) -> str:
    """Mine, unless only they changed it."""
    return theirs if mine == base else mine


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """Stretches without a conflict as one part."""
    held = ""
    for part in parts:
        if part.is_conflict:
            if held:
                yield Part(held, held)
            yield part
            held = ""
        else:
            held += part.mine
    if held:
        yield Part(held, held)
