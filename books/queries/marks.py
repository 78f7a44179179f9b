"""What lies over a chapter's text in the editor: open threads and open suggestions, by code points (four queries)."""

from typing import Any

from django.db.models import Count, Max
from rapidfuzz.distance import Postfix, Prefix

from books.models import Chapter, Comment, Suggestion, SuggestionState

SEVERITIES = {"info": "info", "warning": "warn", "error": "bad", "critical": "bad"}


def marks_of(chapter: Chapter) -> dict[str, Any]:
    """`version` is the text the places are counted in; what stands nowhere is in the panels alone.

    `stamp` is another one whenever a comment or suggestion of the chapter is: panels are read again by it.
    """
    text = chapter.markdown
    threads = Comment.objects.of(chapter.organization).filter(chapter=chapter, thread__isnull=True)
    threads = threads.filter(resolved_at__isnull=True).exclude(quote="")
    comments = [
        {"id": str(pk), "kind": "comment", "start": start, "end": end, "quote": text[start:end]}
        for pk, start, end in threads.order_by("start", "id").values_list("pk", "start", "end")
        if start < end
    ]
    pending = Suggestion.objects.of(chapter.organization).filter(chapter=chapter, state=SuggestionState.PENDING)
    pending = pending.order_by("start", "id").only("start", "end", "quote", "proposal", "severity")
    suggestions = [
        _suggestion(row) for row in pending if text[row.start : row.end] == row.quote and (row.quote or not text)
    ]
    marks = [*comments, *suggestions]
    return {
        "version": chapter.version,
        "stamp": f"{_stamp(Comment, chapter)} {_stamp(Suggestion, chapter)}",
        "marks": marks,
    }


def _stamp(model: type[Comment] | type[Suggestion], chapter: Chapter) -> str:
    """How many there are, and when the last of them was changed (moving with the text is no change)."""
    rows = model.objects.of(chapter.organization).filter(chapter=chapter)
    counted = rows.aggregate(number=Count("pk"), last=Max("updated_at"))
    return f"{counted['number']} {counted['last']}"


def _suggestion(row: Suggestion) -> dict[str, Any]:
    """Only what changes is marked: the words a suggestion quotes to stand by are not struck and put in again."""
    head = Prefix.similarity(row.quote, row.proposal)
    tail = Postfix.similarity(row.quote[head:], row.proposal[head:])
    return {
        "id": str(row.pk),
        "kind": "suggestion",
        "tone": SEVERITIES[row.severity],
        "start": row.start + head,
        "end": row.end - tail,
        "quote": row.quote[head : len(row.quote) - tail],
        "proposal": row.proposal[head : len(row.proposal) - tail],
    }
