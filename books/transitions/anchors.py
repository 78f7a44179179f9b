"""Passages that comments and suggestions stand at, moved with every change of the text around them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from books.models import Chapter, Comment, Decision, Rewrite, Suggestion, SuggestionState
from core.diffs import Changes, edits, moved

# How long an accepted suggestion is followed, and so can be undone by itself; later there is the history.
UNDOABLE = timedelta(days=7)
TELLING = 20  # characters: so long a passage is known again wherever it comes back to


def move(chapter: Chapter, old: str, new: str, changes: Changes | None = None) -> None:
    """Move what stands at passages of a locked chapter's old text to where these are in the new one.

    `changes` made the one of the other, where they are known. What lies behind the last of them is shifted by one
    statement a table, however much it is. A passage that had gone is found again when its words come back.
    """
    known = edits(old, new) if changes is None else changes
    if not known:
        return
    for rows in tracked(chapter):
        _move_rows(rows, new, known)


def tracked(chapter: Chapter) -> list[QuerySet[Any]]:
    """What follows a text: threads on a passage, suggestions open or accepted lately, rewrites not taken yet."""
    comments = Comment.objects.of(chapter.organization).filter(chapter=chapter, thread__isnull=True)
    lately = Q(state=SuggestionState.APPLIED, decided_at__gt=timezone.now() - UNDOABLE)
    suggestions = Suggestion.objects.of(chapter.organization).filter(chapter=chapter)
    rewrites = Rewrite.objects.of(chapter.organization).filter(chapter=chapter, is_whole=False)
    return [
        comments.exclude(quote=""),
        suggestions.filter(Q(state=SuggestionState.PENDING) | lately),
        rewrites.exclude(decision=Decision.ACCEPTED),
    ]


def words_at(row: Comment | Suggestion | Rewrite) -> str:
    """The words that stand at a row's place while it holds."""
    if isinstance(row, Rewrite):
        return row.base_markdown
    if isinstance(row, Suggestion) and row.state == SuggestionState.APPLIED:
        return row.proposal
    return row.quote


def mend(chapter: Chapter) -> None:
    """After an undo: what lost a part of its passage, and whose words stand around its place again, has it back."""
    for rows in tracked(chapter):
        mended = []
        for row in rows:
            words = words_at(row)
            if chapter.markdown[row.start : row.end] == words:
                continue
            low = max(0, row.start - len(words))
            here = chapter.markdown.startswith(words, row.start)
            at = row.start if here else chapter.markdown.find(words, low, row.end + len(words))
            if words and at >= 0:
                row.start, row.end = at, at + len(words)
                mended.append(row)
        rows.bulk_update(mended, ["start", "end"], batch_size=500)


def _move_rows(rows: QuerySet[Any], new: str, changes: Changes) -> None:
    first, last = changes[0], changes[-1]
    shift = last.new_end - last.end
    behind, gone = Q(start__gte=last.end, end__gt=last.end), Q(start=F("end"))
    among = list(rows.filter(gone | (Q(end__gte=first.start) & ~behind)).only("start", "end"))
    back = _come_back(rows, [row for row in among if row.start == row.end], new, changes)
    if shift:
        rows.filter(behind).update(start=F("start") + shift, end=F("end") + shift)
    changed = []
    for row in among:
        place = back.get(row.pk) or _left(new, moved(changes, row.start, row.end), row.end - row.start)
        was_shifted = row.start == row.end > last.end and row.pk not in back
        if place != (row.start, row.end) and not was_shifted:
            row.start, row.end = place
            changed.append(row)
    rows.bulk_update(changed, ["start", "end"], batch_size=500)


def _come_back(rows: QuerySet[Any], gone: Sequence[Any], new: str, changes: Changes) -> dict[UUID, tuple[int, int]]:
    """Places of passages that were gone before, and whose words are put in: at their own place, or telling enough."""
    found: dict[UUID, tuple[int, int]] = {}
    for row in rows.filter(pk__in=[one.pk for one in gone]) if gone else ():
        words = words_at(row)
        for change in changes:
            if change.new_start == change.new_end:
                continue
            # Whatever of the words was put in, and not only the whole of them.
            low, high = max(0, change.new_start - len(words) + 1), change.new_end + len(words) - 1
            here = change.start <= row.start <= change.end
            if words and (here or len(words) >= TELLING) and new.count(words, low, high) == 1:
                start = new.index(words, low)
                found[row.pk] = (start, start + len(words))
                break
    return found


def _left(new: str, place: tuple[int, int], length: int) -> tuple[int, int]:
    """The place of a passage that was so long before: gone, when nothing but white space is left of it."""
    start, end = place
    return (start, start) if end - start < length and not new[start:end].strip() else place
