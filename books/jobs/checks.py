"""Questions a job asks before it spends money on the next call."""

from django.db import transaction

from books.jobs.outcome import Interrupted
from books.models import Run, Step
from books.transitions import runs
from core import leases


@transaction.atomic
def still_wanted(step: Step, held: leases.Claim) -> None:
    """Raise Interrupted when the run was paused, LeaseLost when it was cancelled or taken over."""
    state = Run.objects.of(step.organization).values_list("state", flat=True).get(pk=step.run_id)
    if held.lost.is_set():
        raise leases.LeaseLost(str(step.pk))
    if state not in runs.WORKING:
        raise Interrupted
