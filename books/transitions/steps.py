"""A step's states and the moves between them."""

from django.db.models.functions import Now

from audit import actions as audit
from books.errors import IllegalMove
from books.models import Run, Step, StepState
from core import events, leases

S = StepState
MOVES: dict[StepState, set[StepState]] = {
    S.OPEN: {S.WORKING, S.CANCELLED},
    S.WORKING: {S.WORKING, S.OPEN, S.DONE, S.FAILED, S.CANCELLED},
    S.FAILED: {S.OPEN, S.CANCELLED},
    S.DONE: set(),
    S.CANCELLED: set(),
}
TASK = "books.tasks.perform_step"


def move(step: Step, to: StepState, *, problem: str = "", code: str = "") -> None:
    """Move a step under its run's lock; raises IllegalMove. A step that begins again keeps its first start time."""
    if to not in MOVES[StepState(step.state)]:
        raise IllegalMove(f"step {step.pk}: {step.state} to {to}", code="illegal_move")
    step.state, step.problem, step.problem_code, step.waits_until = to, problem, code, None
    fields = ["state", "problem", "problem_code", "waits_until", "updated_at"]
    if to == S.WORKING and step.started_at is None:
        step.started_at = Now()
        fields.append("started_at")
    if to in {S.DONE, S.FAILED, S.CANCELLED}:
        step.finished_at = Now()
        fields.append("finished_at")
    step.save(update_fields=fields)
    if to != S.WORKING:
        audit.record(f"step.{to}", target=step, details={"kind": step.kind, "position": step.position, "code": code})
    events.changed(step.run_id)


def give_up(run: Run) -> None:
    """Cancel every step of a locked run that is not done; whoever works on one can commit nothing more."""
    unfinished = list(run.steps.of(run.organization).exclude(state__in=[S.DONE, S.CANCELLED]))
    leases.withdraw(*[step.pk for step in unfinished])
    for step in unfinished:
        move(step, S.CANCELLED)


def offer(run: Run, *steps: Step) -> None:
    """Put open steps on offer to the writing queue."""
    for step in steps:
        leases.offer(step.pk, TASK, organization=run.organization_id)
