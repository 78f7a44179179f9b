"""Suggestions made: by a model or checker, by a person on one passage, by a person who typed freely; and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Chapter, Run, Suggestion, SuggestionSource, SuggestionState
from books.transitions import proposals, texts
from books.transitions.proposals import Draft
from core import events
from core.errors import Conflict

AT_ONCE = 2000


@dataclass(frozen=True)
class Proposed:
    """The suggestions that stand now for the drafts that were given, and the drafts that quoted what stands nowhere."""

    made: tuple[Suggestion, ...]
    dropped: tuple[Draft, ...]


@transaction.atomic
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

    The same one of the same source a second time is the first. Locks the book and the chapter, after a run's lock.
    """
    chapter = texts.lock(chapter)
    placed = [(draft, proposals.placed(chapter.markdown, draft)) for draft in drafts]
    whose = {"author": author, "source": source, "source_name": source_name, "run": run}
    known = {_key(row): row for row in _open(chapter).filter(**whose)}
    made: dict[tuple[int, int, str], Suggestion] = {}
    for _draft, one in placed:
        if one is None:
            continue
        row = Suggestion(
            organization=chapter.organization, book=chapter.book, chapter=chapter, start=one.start or 0, end=one.end or 0,
            quote=one.quote, proposal=one.proposal, kind=one.kind, severity=one.severity, reason=one.reason, **whose,
        )  # fmt: skip
        made.setdefault(_key(row), known.get(_key(row), row))
    new = [row for key, row in made.items() if key not in known]
    if new:
        Suggestion.objects.bulk_create(new, batch_size=500)
        details = {"chapter": chapter.position, "suggestions": len(new), "source": source}
        audit.record("suggestion.made", actor=author, target=chapter, details=details)
        events.changed(chapter.book_id)
    return Proposed(tuple(made.values()), tuple(draft for draft, one in placed if one is None))


@transaction.atomic
def suggest_change(*, chapter: Chapter, by: User, draft: Draft) -> Suggestion:
    """A person's suggestion on one passage. Raises Conflict when the passage does not stand there any more."""
    chapter = texts.lock(chapter)
    proposed = propose(chapter=chapter, author=by, drafts=[draft], source=SuggestionSource.PERSON)
    if not proposed.made:
        raise Conflict(_("The passage has changed meanwhile. Look at it again, then suggest your change anew."))
    return proposed.made[0]


@transaction.atomic
def suggest_text(
    *, chapter: Chapter, by: User, base: str, text: str, kind: str, reason: str = "", what_fits: bool = False
) -> Proposed:
    """Suggest everything that somebody changed by typing `text` over `base`; the chapter's own text stays as it is.

    What others changed in the text since is left alone: each change moves to where its passage stands now. Raises
    Conflict where one of them has no place any more, unless `what_fits` asks for the others alone; BookRefused when
    nothing was changed, or too much at once.
    """
    chapter = texts.lock(chapter)
    drafts = proposals.between(base, text, kind=kind, reason=reason)
    if not drafts:
        raise BookRefused(_("Nothing is changed yet: type into the text what you would change."), code="unchanged")
    if len(drafts) > AT_ONCE:
        said = _("These are more than %(number)d changes. Send a part of them first.") % {"number": AT_ONCE}
        raise BookRefused(said, code="too_many")
    moved = proposals.carried(drafts, base, chapter.markdown)
    if not what_fits and any(proposals.placed(chapter.markdown, draft) is None for draft in moved):
        raise Conflict(_("Somebody has changed the same passages meanwhile."), code="overtaken")
    return propose(chapter=chapter, author=by, drafts=moved, source=SuggestionSource.PERSON)


def _open(chapter: Chapter) -> QuerySet[Suggestion]:
    return Suggestion.objects.of(chapter.organization).filter(chapter=chapter, state=SuggestionState.PENDING)


def _key(row: Suggestion) -> tuple[int, int, str]:
    return row.start, row.end, row.proposal
