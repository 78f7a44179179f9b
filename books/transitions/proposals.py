"""Proposed changes of a text: where they stand, which of them fit beside each other, and the text they make.

A proposal quotes what it replaces. What would quote nothing (an insertion) or leave nothing (a deletion) takes a word
beside it along, so that both before and after it is accepted its words say whether it still stands where it did.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from books.models import Suggestion, SuggestionKind, SuggestionSeverity
from core.diffs import Changes, Edit, edits, moved

_BEFORE = re.compile(r"\w{1,40}\W{0,10}\Z|\W{1,10}\Z")
_AFTER = re.compile(r"\W{0,10}\w{1,40}|\W{1,10}")
_REACH = 50  # characters: the longest a word beside can be


@dataclass(frozen=True)
class Draft:
    """A change to propose: `quote` becomes `proposal`. Without a place the quote must stand just once in the text."""

    quote: str
    proposal: str
    kind: str = SuggestionKind.STYLE
    severity: str = SuggestionSeverity.INFO
    reason: str = ""
    start: int | None = None
    end: int | None = None


def between(base: str, text: str, *, kind: str, reason: str = "") -> list[Draft]:
    """What somebody who typed `text` over `base` proposes: accepted together, it makes `text` of `base` exactly."""
    spans = _near(base, edits(base, text))
    return [
        Draft(base[one.start : one.end], text[one.new_start : one.new_end], kind, reason=reason, start=one.start,
              end=one.end)
        for one in _quoting(base, text, spans)
        if base[one.start : one.end] != text[one.new_start : one.new_end]
    ]  # fmt: skip


def carried(drafts: Iterable[Draft], base: str, now: str) -> list[Draft]:
    """Drafts made against a text that has changed meanwhile, at the places their passages have now."""
    changes = edits(base, now)
    if not changes:
        return list(drafts)
    places = [(draft, moved(changes, draft.start or 0, draft.end or 0)) for draft in drafts]
    return [replace(draft, start=start, end=end) for draft, (start, end) in places]


def placed(text: str, draft: Draft) -> Draft | None:
    """The draft at its place in the text, a word beside it taken along where needed.

    None for what does not stand there, and for what changes nothing.
    """
    if draft.proposal == draft.quote:
        return None
    start, end = draft.start, draft.end
    if start is None or end is None:
        if not draft.quote or text.count(draft.quote) != 1:
            return None
        start = text.index(draft.quote)
        end = start + len(draft.quote)
    if text[start:end] != draft.quote or not 0 <= start <= end <= len(text):
        return None
    if draft.quote and draft.proposal:
        return replace(draft, start=start, end=end)
    low, high = _widened(text, start, end, 0, len(text))
    proposal = text[low:start] + draft.proposal + text[end:high]
    return replace(draft, quote=text[low:high], proposal=proposal, start=low, end=high)


def stands(text: str, start: int, end: int, words: str) -> bool:
    """Whether exactly these words are at that place; no words stand in an empty text alone."""
    return text[start:end] == words and bool(words or not text)


def fitting(text: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that can be accepted together: whose quote stands, and of two that overlap the first by place, then age."""
    chosen: list[Suggestion] = []
    reached = 0
    for one in sorted(suggestions, key=lambda row: (row.start, row.pk)):
        free = one.start >= reached and (one.end > one.start or not chosen)
        if free and stands(text, one.start, one.end, one.quote):
            chosen.append(one)
            reached = one.end
    return chosen


def standing(text: str, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Accepted ones that can be taken back together: whose proposal stands where it was put."""
    kept: list[Suggestion] = []
    reached = 0
    for one in sorted(suggestions, key=lambda row: (row.start, row.pk)):
        if one.start >= reached and stands(text, one.start, one.end, one.proposal):
            kept.append(one)
            reached = one.end
    return kept


def exchanged(text: str, parts: Sequence[tuple[int, int, str]]) -> tuple[str, Changes]:
    """The text with each part (start, end, words) exchanged for its words, and those edits; parts are in order."""
    pieces: list[str] = []
    changes: list[Edit] = []
    reached = length = 0
    for start, end, words in parts:
        length += start - reached
        pieces += [text[reached:start], words]
        changes.append(Edit(start, end, length, length + len(words)))
        reached, length = end, length + len(words)
    return "".join([*pieces, text[reached:]]), Changes(tuple(changes))


def _near(base: str, changes: Sequence[Edit]) -> list[Edit]:
    """Edits with nothing but a space between them are one change to who reads them."""
    joined: list[Edit] = []
    for change in changes:
        if joined and base[joined[-1].end : change.start] == " ":
            first = joined.pop()
            joined.append(Edit(first.start, change.end, first.new_start, change.new_end))
        else:
            joined.append(change)
    return joined


def _quoting(base: str, text: str, changes: Sequence[Edit]) -> list[Edit]:
    """The edits, each with a word of the text around it where it would quote or leave nothing."""
    found: list[Edit] = []
    for place, change in enumerate(changes):
        if change.start < change.end and change.new_start < change.new_end:
            found.append(change)
            continue
        low = found[-1].end if found else 0
        high = changes[place + 1].start if place + 1 < len(changes) else len(base)
        start, end = _widened(base, change.start, change.end, low, high)
        wide = Edit(start, end, change.new_start - (change.start - start), change.new_end + end - change.end)
        if found and (start, end) == (change.start, change.end):
            wide = Edit(found[-1].start, end, found[-1].new_start, wide.new_end)
            found.pop()
        found.append(wide)
    return found


def _widened(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The place with the word before it, or the one behind it (first, where a line begins), inside `low` and `high`."""
    before = _BEFORE.search(text[max(low, start - _REACH) : start])
    behind = _AFTER.match(text[end : min(high, end + _REACH)])
    if behind and (before is None or before[0].endswith("\n")):
        return start, end + len(behind[0])
    return (start - len(before[0]), end) if before else (start, end)
