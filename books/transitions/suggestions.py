"""The one way suggestions are made, by people, models and checkers alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Chapter, Run, Suggestion, SuggestionSource, SuggestionState
from books.transitions import proposals
from books.transitions.proposals import Draft
from core import events

MOST_OPEN = 4000  # of one chapter: its margin is read whole, and every save moves what it holds


@dataclass(frozen=True)
class Proposed:
    """The suggestions that stand now for the drafts that were given, and the drafts that quoted what stands nowhere."""

    made: tuple[Suggestion, ...]
    dropped: tuple[Draft, ...]


def propose(
    *,
    chapter: Chapter,
    author: User | None = None,
    drafts: Sequence[Draft],
    source: SuggestionSource,
    source_name: str = "",
    run: Run | None = None,
) -> Proposed:
    """Make open suggestions of the drafts whose quote stands where they say, or just once in the text.

    The same one of the same source a second time is the first. The chapter is locked (books.transitions.texts.lock).
    Raises BookRefused for more of a person than the chapter has room for; a model is asked where there is room.
    """
    placed = [(draft, proposals.placed(chapter.markdown, draft)) for draft in drafts]
    whose = {"author": author, "source": source, "source_name": source_name, "run": run}
    known = {_key(row): row for row in _open(chapter).filter(**whose)}
    made: dict[tuple[int, int, str], Suggestion] = {}
    for _draft, one in placed:
        if one is None:
            continue
        row = Suggestion(
            organization=chapter.organization, book=chapter.book, chapter=chapter,
            start=one.start or 0, end=one.end or 0,
            quote=one.quote, proposal=one.proposal, kind=one.kind, severity=one.severity, reason=one.reason, **whose,
        )  # fmt: skip
        made.setdefault(_key(row), known.get(_key(row), row))
    new = [row for key, row in made.items() if key not in known]
    if new and author:
        refuse_full(chapter, len(new))
    if new:
        Suggestion.objects.bulk_create(new, batch_size=500)
        details = {"chapter": chapter.position, "suggestions": len(new), "source": source}
        audit.record("suggestion.made", actor=author, target=chapter, details=details)
        events.changed(chapter.book_id)
    return Proposed(tuple(made.values()), tuple(draft for draft, one in placed if one is None))


def refuse_full(chapter: Chapter, more: int = 1) -> None:
    """Raises BookRefused when so many more would be more open ones than a chapter holds (one query)."""
    if _open(chapter).count() + more > MOST_OPEN:
        said = _("A chapter holds %(most)d open suggestions at most: decide about some of them first.")
        raise BookRefused(said % {"most": MOST_OPEN}, code="full")


def _open(chapter: Chapter) -> QuerySet[Suggestion]:
    return Suggestion.objects.of(chapter.organization).filter(chapter=chapter, state=SuggestionState.PENDING)


def _key(row: Suggestion) -> tuple[int, int, str]:
    return row.start, row.end, row.proposal
