"""What nobody stopped: acting as a person ends by itself when its time is over."""

from uuid import UUID

from django.db import transaction

from accounts.models import Impersonation
from accounts.transitions import acting
from core import leases


def end(impersonation_id: UUID) -> None:
    """End it, if nobody did; the closed browser of the staff would have said nothing."""
    leases.carry_out(impersonation_id, _end)


@transaction.atomic
def _end(held: leases.Claim) -> None:
    leases.finish(held)
    rows = Impersonation.objects.select_related("staff", "person").select_for_update(of=("self",))
    acting.end(rows.get(pk=held.subject), why="over")
