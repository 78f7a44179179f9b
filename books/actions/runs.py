"""Starting, pausing, resuming, cancelling and retrying runs."""

from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing import queries as prices
from books.errors import BookRefused, IllegalMove
from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    BookStatus,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
)
from books.transitions import advance, charges, runs, spending, steps

BRIEF_FIELDS = ["title", "subtitle", "topic", "goal", "language", "chapter_count", "words_per_chapter"]
CHOICE_FIELDS = ["genre", "audience", "difficulty", "tone"]
STATE_OF_KIND = {
    StepKind.OUTLINE: RunState.OUTLINING,
    StepKind.CHAPTER: RunState.WRITING,
    StepKind.FINISH: RunState.FINALIZING,
    StepKind.REWRITE: RunState.WRITING,
    StepKind.SUGGEST: RunState.WRITING,
    StepKind.CHAT: RunState.WRITING,
}


class RunAction(Protocol):
    """One thing a person does to a run."""

    def __call__(self, *, run: Run, by: User) -> None: ...


@transaction.atomic
def start_run(*, book: Book, by: User, approves_itself: bool = False) -> Run:
    """Begin to write a book that has no text yet, at today's price; an active run is returned as it is.

    Raises TooFewCredits and InDebt.
    """
    book = Book.objects.of(book.organization).select_for_update().get(pk=book.pk)
    active = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES).first()
    if active:
        return active
    if book.status == BookStatus.ARCHIVED or book.trashed_at:
        raise BookRefused(_("Take this book back first: it is in the archive or in the trash."), code="put_away")
    if book.chapters.exclude(markdown="").exists():
        raise BookRefused(_("This book has its text already: start a new book to write another one."))
    tariff = prices.book_tariff()
    run = Run.objects.create(
        organization=book.organization,
        book=book,
        started_by=by,
        approves_itself=approves_itself,
        brief=brief_of(book),
        tariff_version=tariff.version,
        credits_quoted=tariff.quote(book.planned_words),
        planned_words=book.planned_words,
    )
    charges.reserve(run, by)
    step = Step.objects.create(organization=book.organization, run=run, kind=StepKind.OUTLINE)
    Book.objects.of(book.organization).filter(pk=book.pk).update(status=BookStatus.GENERATING)
    audit.record("run.started", actor=by, target=run, details={"credits": run.credits_quoted})
    steps.offer(run, step)
    return run


def brief_of(book: Book) -> dict[str, str | int]:
    """Everything the prompts use of the book, fixed for the run; choices by their English names, for the model."""
    choices = {field: str(getattr(book, field)).replace("_", " ") for field in CHOICE_FIELDS}
    return {field: getattr(book, field) for field in BRIEF_FIELDS} | choices


@transaction.atomic
def pause_run(*, run: Run, by: User) -> None:
    """Stop after the calls under way; nothing finished is lost. Pausing a paused run changes nothing."""
    run = runs.lock(run)
    if run.state != RunState.PAUSED:
        runs.move(run, RunState.PAUSED, by=by)


@transaction.atomic
def resume_run(*, run: Run, by: User) -> None:
    """Go on where the pause began."""
    run = runs.lock(run)
    if run.state != RunState.PAUSED:
        if run.state in WORKING_RUN_STATES:
            return
        raise IllegalMove(_("Only a paused run can be resumed."), code="illegal_move")
    spending.let_go_on(run)
    runs.move(run, RunState(run.resume_state), by=by)
    if run.state == RunState.AWAITING_APPROVAL and run.approves_itself:
        advance.start_writing(run)
        return
    steps.offer(run, *run.steps.of(run.organization).filter(state__in=[StepState.OPEN, StepState.WORKING]))
    if run.state == RunState.WRITING and run.kind == RunKind.BOOK:
        advance.after_chapter(run)
    else:
        runs.fail_when_settled(run)


@transaction.atomic
def cancel_run(*, run: Run, by: User) -> None:
    """End the run for good; calls under way are stopped, written chapters stay. Cancelling twice changes nothing."""
    run = runs.lock(run)
    if run.state == RunState.CANCELLED:
        return
    runs.move(run, RunState.CANCELLED, by=by)
    steps.give_up(run)


@transaction.atomic
def retry_failed_steps(*, run: Run, by: User) -> None:
    """Try every failed step once more; after unusable answers the model is asked afresh (a new attempt).

    Raises TooFewCredits and InDebt when the run had ended, and its reserve was given back.
    """
    run = runs.lock(run)
    failed = list(run.steps.of(run.organization).filter(state=StepState.FAILED))
    if not failed:
        return
    if run.state == RunState.FAILED:
        runs.move(run, STATE_OF_KIND[StepKind(failed[0].kind)], by=by)
    elif run.state not in WORKING_RUN_STATES:
        raise IllegalMove(_("Resume the run first, then try again."), code="illegal_move")
    for step in failed:
        step.attempt += step.problem_code == "unusable"
        step.tries = 0
        step.save(update_fields=["attempt", "tries", "updated_at"])
        steps.move(step, StepState.OPEN)
    audit.record("run.retried", actor=by, target=run, details={"steps": len(failed)})
    steps.offer(run, *failed)
