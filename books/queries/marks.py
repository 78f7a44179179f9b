"""What lies over a chapter's text in the editor: open threads and open suggestions, by code points (three queries)."""

from typing import Any

from rapidfuzz.distance import Postfix, Prefix

from books.models import Chapter, Comment, Suggestion, SuggestionState

SEVERITIES = {"info": "info", "warning": "warn", "error": "bad", "critical": "bad"}


def marks_of(chapter: Chapter) -> dict[str, Any]:
    """`version` is the text the places are counted in; what stands nowhere is in the panels alone."""
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
    return {"version": chapter.version, "marks": [*comments, *suggestions]}


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
