"""The end of a run: the back-cover text, the counts, the book in review (ruling 19)."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from books.jobs import checks, journal, prompts
from books.jobs.outcome import Unusable
from books.jobs.prose import whole_sentences
from books.models import Book, RevisionKind, RunState, Step, StepState
from books.transitions import revisions, runs, steps
from core import leases

LONGEST_BLURB = 1200


def finish_book(step: Step, held: leases.Claim) -> None:
    """Ask for the blurb and complete the run."""
    checks.still_wanted(step, held)
    outline = checks.approved_outline(step)
    call = journal.ask(step, held, prompts.blurb(step.run.brief, outline))
    _store(step, held, blurb_from(call.text))


def blurb_from(answer: str) -> str:
    """One paragraph of whole sentences from whatever the model answered."""
    text = " ".join(answer.split()).strip('"“”«» ')[:LONGEST_BLURB]
    text = whole_sentences(text) or text
    if not text:
        raise Unusable(_("The model gave no text for the back cover. Try again."))
    return text


@transaction.atomic
def _store(step: Step, held: leases.Claim, blurb: str) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    Book.objects.of(run.organization).filter(pk=run.book_id).update(
        blurb=blurb, content_changed_at=Now(), updated_at=Now()
    )
    book = Book.objects.of(run.organization).select_related("organization").get(pk=run.book_id)
    revisions.take(book, RevisionKind.GENERATED, by=run.started_by)
    steps.move(step, StepState.DONE)
    runs.move(run, RunState.COMPLETED)
