"""What a job reads before it spends money on the next call, each in a short transaction of its own."""

from django.db import transaction

from books.jobs.outcome import Interrupted
from books.jobs.prompts import PlannedChapter
from books.models import WORKING_RUN_STATES, OutlineEntry, Run, Step
from core import leases


@transaction.atomic
def still_wanted(step: Step, held: leases.Claim) -> None:
    """Raise Interrupted when the run was paused, LeaseLost when it was cancelled or taken over."""
    state = Run.objects.of(step.organization).values_list("state", flat=True).get(pk=step.run_id)
    if held.lost.is_set():
        raise leases.LeaseLost(str(step.pk))
    if state not in WORKING_RUN_STATES:
        raise Interrupted


@transaction.atomic
def approved_outline(step: Step) -> list[PlannedChapter]:
    """The outline as fixed at approval, the way prompts use it."""
    entries = OutlineEntry.objects.of(step.organization).filter(run=step.run).order_by("position")
    return [
        PlannedChapter(entry.position, entry.title, entry.summary, tuple(entry.points), entry.words)
        for entry in entries
    ]
