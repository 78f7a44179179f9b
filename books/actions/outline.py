"""The outline between the model and the writing: edit, reorder, add, remove, approve."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit import actions as audit
from billing import queries as prices
from books.errors import BookRefused, IllegalMove
from books.models import OutlineEntry, Run, RunState
from books.models.books import MAX_CHAPTERS, MAX_WORDS, MIN_WORDS
from books.transitions import advance, charges, runs
from core import events


@dataclass(frozen=True)
class EntryDraft:
    """One line of the outline as the author left it."""

    title: str
    summary: str
    points: tuple[str, ...]
    words: int


@transaction.atomic
def save_outline(*, run: Run, by: User, entries: Sequence[EntryDraft], facts: Sequence[str] = ()) -> None:
    """Replace the outline of a run that waits for approval by `entries`, in their order, and what the book keeps to."""
    run = runs.lock(run)
    if run.state != RunState.AWAITING_APPROVAL:
        raise IllegalMove(_("The outline can be changed only while it waits for your approval."), code="illegal_move")
    if not 1 <= len(entries) <= MAX_CHAPTERS:
        raise BookRefused(_("A book has 1 to %(most)d chapters.") % {"most": MAX_CHAPTERS})
    if any(not MIN_WORDS <= entry.words <= MAX_WORDS for entry in entries):
        raise BookRefused(_("A chapter has %(least)d to %(most)d words.") % {"least": MIN_WORDS, "most": MAX_WORDS})
    OutlineEntry.objects.of(run.organization).filter(run=run).delete()
    OutlineEntry.objects.bulk_create(
        OutlineEntry(
            organization=run.organization,
            run=run,
            position=position,
            title=entry.title,
            summary=entry.summary,
            points=list(entry.points),
            words=entry.words,
        )
        for position, entry in enumerate(entries, 1)
    )
    run.facts = list(facts)
    run.save(update_fields=["facts", "updated_at"])
    audit.record("outline.saved", actor=by, target=run, details={"chapters": len(entries), "facts": len(facts)})
    events.changed(run.pk)


@transaction.atomic
def approve_outline(*, run: Run, by: User, accepted_credits: int) -> None:
    """Fix the outline and start writing. Approving re-quotes (ruling 18), at the tariff the run
    was sold at: more credits than accepted are refused, and the difference is reserved or given back.

    Approving a run that is being written already changes nothing: a double click is one approval. Raises TooFewCredits
    and InDebt: nothing is approved then.
    """
    run = runs.lock(run)
    if run.state in {RunState.WRITING, RunState.FINALIZING, RunState.COMPLETED} and run.approved_at:
        return
    words = sum(OutlineEntry.objects.of(run.organization).filter(run=run).values_list("words", flat=True))
    price = prices.book_tariff(run.tariff_version).quote(words)
    if price > max(run.credits_quoted, accepted_credits):
        raise BookRefused(
            ngettext(
                "With these chapters the book costs %(credits)d credit. Agree to the new price to go on.",
                "With these chapters the book costs %(credits)d credits. Agree to the new price to go on.",
                price,
            )
            % {"credits": price},
            code="requote",
        )
    run.credits_quoted, run.planned_words = price, words
    run.save(update_fields=["credits_quoted", "planned_words", "updated_at"])
    charges.reserve(run, by)
    audit.record("outline.approved", actor=by, target=run, details={"credits": price, "words": words})
    advance.start_writing(run)
