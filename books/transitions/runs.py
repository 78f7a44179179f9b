"""A run's states and the moves between them."""

from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from audit import actions as audit
from books.errors import IllegalMove
from books.models import WORKING_RUN_STATES, Book, BookStatus, Run, RunKind, RunState, StepState
from books.queries.deliveries import written_words
from books.transitions import charges, letters
from core import events

S = RunState
MOVES: dict[RunState, set[RunState]] = {
    S.PENDING: {S.OUTLINING, S.PAUSED, S.CANCELLED},
    S.OUTLINING: {S.AWAITING_APPROVAL, S.FAILED, S.PAUSED, S.CANCELLED},
    S.AWAITING_APPROVAL: {S.WRITING, S.CANCELLED},
    S.WRITING: {S.FINALIZING, S.FAILED, S.PAUSED, S.CANCELLED},
    S.FINALIZING: {S.COMPLETED, S.FAILED, S.PAUSED, S.CANCELLED},
    S.PAUSED: {S.PENDING, S.OUTLINING, S.AWAITING_APPROVAL, S.WRITING, S.FINALIZING, S.COMPLETED, S.CANCELLED},
    S.FAILED: {S.OUTLINING, S.WRITING, S.FINALIZING, S.CANCELLED},
    S.COMPLETED: set(),
    S.CANCELLED: set(),
}
# A run of one step has no outline and nothing to finish.
SINGLE_STEP_MOVES: dict[RunState, set[RunState]] = {
    S.PENDING: {S.WRITING, S.PAUSED, S.CANCELLED},
    S.WRITING: {S.COMPLETED, S.FAILED, S.PAUSED, S.CANCELLED},
    S.PAUSED: {S.PENDING, S.WRITING, S.COMPLETED, S.CANCELLED},
    S.FAILED: {S.WRITING, S.CANCELLED},
    S.COMPLETED: set(),
    S.CANCELLED: set(),
}


def lock(run: Run) -> Run:
    """Read the run again under a row lock: every move starts here, so moves of one run follow one another.

    The order of locks is run, lease, step. `no_key`: a journal entry, committed under its lease alone, refers to the
    run, and its foreign key must not wait for a move that waits for that lease.
    """
    rows = Run.objects.of(run.organization).select_for_update(of=("self",), no_key=True)
    return rows.select_related("book", "organization", "started_by").get(pk=run.pk)


def move(run: Run, to: RunState, *, by: Any = None, problem: str = "") -> None:
    """Move a locked run, settle what it cost where it ends, write the trail, tell the browsers.

    Raises IllegalMove and changes nothing otherwise; TooFewCredits or InDebt for a failed run to be tried again, whose
    reserve was given back.
    """
    origin = RunState(run.state)
    if to not in (MOVES if run.kind == RunKind.BOOK else SINGLE_STEP_MOVES).get(origin, set()):
        raise IllegalMove(
            _("This is not possible now: the run is “%(state)s”.") % {"state": origin.label}, code="illegal_move"
        )
    if origin == S.FAILED and to != S.CANCELLED:
        charges.reserve(run, by)
    run.resume_state = origin if to in {S.PAUSED, S.FAILED} else ""
    run.state = to
    run.problem = problem
    fields = ["state", "resume_state", "problem", "updated_at"]
    if to in {S.COMPLETED, S.CANCELLED}:
        run.finished_at = Now()
        if run.kind == RunKind.BOOK:
            run.delivered_words = written_words(run)
        fields += ["finished_at", "delivered_words"]
    run.save(update_fields=fields)
    if to in {S.COMPLETED, S.CANCELLED, S.FAILED}:
        charges.settle(run)
    audit.record(f"run.{to}", actor=by, target=run, details={"from": origin, "kind": run.kind})
    if run.kind == RunKind.BOOK:
        _move_book(run)
    letters.tell_starter(run, by=by)
    events.changed(run.pk)


def _move_book(run: Run) -> None:
    """The book follows its run: being written while it is at work, in review when it is done, else a draft."""
    status = {S.COMPLETED: BookStatus.REVIEW, S.CANCELLED: BookStatus.DRAFT}.get(S(run.state), BookStatus.GENERATING)
    if run.state == S.CANCELLED and run.book.chapters.exclude(markdown="").exists():
        status = BookStatus.REVIEW
    Book.objects.of(run.organization).filter(pk=run.book_id).exclude(status=status).update(status=status)


def fail_when_settled(run: Run) -> None:
    """Once no step of a locked run is left to work on and some failed, the run has failed (and can be retried)."""
    states = set(run.steps.of(run.organization).values_list("state", flat=True))
    if states & {StepState.OPEN, StepState.WORKING} or StepState.FAILED not in states:
        return
    failed = run.steps.of(run.organization).filter(state=StepState.FAILED)
    problem = failed.order_by("position").values_list("problem", flat=True)[0]
    if run.state in WORKING_RUN_STATES:
        move(run, RunState.FAILED, problem=problem)
