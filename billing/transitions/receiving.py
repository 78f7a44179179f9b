"""The one way an event is stored: its envelope, its body and its lease together, each once."""

from collections.abc import Mapping

from django.db import transaction

from audit import actions as audit
from audit.models import Severity
from billing.models import EventState, ProviderEvent, ProviderEventBody
from billing.providers.base import EventSeen, PaymentProvider
from core import leases, rate_limits
from core.errors import DomainError

TASK = "billing.tasks.apply_event"
DOOR = "forged_delivery"


@transaction.atomic
def receive(
    provider: PaymentProvider, seen: EventSeen, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> None:
    """Store an event and put it on offer; one that is known already changes nothing.

    No row is read on the way: the keys are made of the provider's, and PostgreSQL lets the second of them pass. A
    worker that takes up what was applied long ago sees it, and ends. Of another account or mode: stored, never applied.
    """
    event = _envelope(provider, seen)
    if event.state == EventState.REFUSED:
        _tell_refused(event)
    ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)
    if body:
        row = ProviderEventBody(id=event.pk, body=body, headers=dict(headers or {}))
        ProviderEventBody.objects.bulk_create([row], ignore_conflicts=True)
    if event.state == EventState.RECEIVED:
        leases.offer(event.pk, TASK, organization=None)


@transaction.atomic
def refuse(provider: str, why: str) -> None:
    """Nothing is stored of a delivery that does not prove where it comes from; the trail says that it came.

    Of one that comes again and again from one address the first of each minute are written down: whoever forges them
    shall not fill the trail too. All of them are counted, like every answer.
    """
    try:
        rate_limits.hit(DOOR)
    except DomainError:
        return
    audit.record("delivery.refused", details={"provider": provider, "why": why}, severity=Severity.HIGH)


def _envelope(provider: PaymentProvider, seen: EventSeen) -> ProviderEvent:
    code = objection(provider, account=seen.account, livemode=seen.livemode)
    return ProviderEvent(
        id=ProviderEvent.key(provider.name, seen.account, seen.livemode, seen.id),
        provider=provider.name,
        account=seen.account,
        livemode=seen.livemode,
        event_id=seen.id,
        type=seen.type,
        object_type=seen.object_type,
        object_id=seen.object_id,
        customer_id=seen.customer_id,
        api_version=seen.api_version,
        happened_at=seen.happened_at,
        state=EventState.REFUSED if code else EventState.RECEIVED,
        code=code,
    )


def objection(provider: PaymentProvider, *, account: str, livemode: bool) -> str:
    """Why an event cannot be ours at all: a code, or nothing."""
    if livemode != provider.livemode:
        return "other_mode"
    return "other_account" if account != provider.account else ""


def _tell_refused(event: ProviderEvent) -> None:
    if not ProviderEvent.objects.filter(pk=event.pk).exists():
        details = {"type": event.type, "event": event.event_id, "code": event.code}
        audit.record("event.refused", target=event, details=details, severity=Severity.HIGH)
