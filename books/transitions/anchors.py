"""Passages that comments and suggestions stand at, moved with every change of the text around them."""

from collections.abc import Sequence

from django.db.models import F, Q

from books.models import Chapter, Comment, Suggestion, SuggestionState
from core.diffs import Edit, edits, moved


def move(chapter: Chapter, old: str, new: str) -> None:
    """Move what stands at passages of a locked chapter's old text to where these are in the new one.

    What lies behind the last edit is shifted by one statement a table, however much it is.
    """
    changes = edits(old, new)
    if not changes:
        return
    tracked = [SuggestionState.PENDING, SuggestionState.APPLIED]
    comments = Comment.objects.of(chapter.organization).filter(chapter=chapter, thread__isnull=True)
    suggestions = Suggestion.objects.of(chapter.organization).filter(chapter=chapter, state__in=tracked)
    _move_rows(comments.exclude(quote=""), changes)
    _move_rows(suggestions, changes)


def _move_rows(rows: "object", changes: Sequence[Edit]) -> None:
    first, last = changes[0], changes[-1]
    shift = last.new_end - last.end
    behind = Q(start__gte=last.end, end__gt=last.end)
    among = list(rows.filter(end__gte=first.start).exclude(behind).only("start", "end"))  # type: ignore[attr-defined]
    if shift:
        rows.filter(behind).update(start=F("start") + shift, end=F("end") + shift)  # type: ignore[attr-defined]
    changed = []
    for row in among:
        place = moved(changes, row.start, row.end)
        if place != (row.start, row.end):
            row.start, row.end = place
            changed.append(row)
    rows.bulk_update(changed, ["start", "end"], batch_size=500)  # type: ignore[attr-defined]
