"""Applying events of providers again, by staff: what was settled already stays as it is."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from audit import actions as audit
from billing.models import EventState, ProviderEvent
from billing.transitions.receiving import TASK
from core import leases


@transaction.atomic
def replay(*, events: Sequence[ProviderEvent], by: User) -> int:
    """Put events on offer as if they had just come; how many. What each is about is read anew at the provider."""
    locked = ProviderEvent.objects.select_for_update().filter(pk__in=[one.pk for one in events]).order_by("pk")
    for event in locked:
        before = event.state
        event.replace(state=EventState.RECEIVED, code="", problem="", attempts=0)
        leases.offer(event.pk, TASK, organization=None)
        details = {"type": event.type, "event": event.event_id}
        whose = event.organization_id
        changes = {"state": (before, EventState.RECEIVED)}
        audit.record("event.replayed", actor=by, target=event, organization=whose, details=details, changes=changes)
    return len(locked)
