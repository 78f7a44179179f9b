"""What Prometheus reads of billing: events that are not done with, across organizations, without a name."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.db.models.functions import Now

from billing.models import EventState, ProviderEvent
from core.metrics import Reading

SHOWN = [EventState.RECEIVED, EventState.FAILED, EventState.REFUSED]


def of_events() -> Iterator[Reading]:
    """Provider events by state, and how long the oldest one has waited."""
    rows = ProviderEvent.objects.filter(state__in=SHOWN).values("state")
    found = {row["state"]: row for row in rows.annotate(number=Count("id"), oldest=Min("created_at"), now=Now())}
    for state in SHOWN:
        number = found[state]["number"] if state in found else 0
        yield Reading("provider_events", "Events of payment providers by state", number, {"state": state})
    waits = [row["now"] - row["oldest"] for state, row in found.items() if state != EventState.REFUSED]
    oldest = max([timedelta(), *waits]).total_seconds()
    yield Reading("provider_event_age_seconds", "Wait of the oldest event that is not applied", oldest)
