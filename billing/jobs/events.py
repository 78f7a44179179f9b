"""Applying one event: whose it is, the object as it stands there now, and what that changes here.

The event is only the reason to look. Applied late, twice or in any order it comes to the same.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseFault
from django.db import transaction
from django.utils import timezone

from audit import actions as audit
from audit.models import Severity
from billing.jobs import reading
from billing.models import Customer, EventState, ProviderEvent
from billing.providers import registry
from billing.providers.base import NotFound, PaymentProvider, ProviderError, Unreachable
from billing.transitions import forgetting
from billing.transitions.receiving import objection
from billing.transitions.settling import Verdict, ignored, refused
from core import leases
from core.leases import Claim, LeaseLost
from organizations.models import Organization

log = logging.getLogger(__name__)

PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=6)
FAILING_AFTER = 5  # attempts, about two minutes
WAITING = [EventState.RECEIVED, EventState.FAILED]
# What is settled under another object's name.
READ_AS = {"card": "customer"}


def apply(event_id: UUID) -> None:
    """Apply an event if nobody else does: once, or again after a growing pause."""
    leases.carry_out(event_id, _apply)


def _apply(held: Claim) -> None:
    event = ProviderEvent.objects.get(pk=held.subject)
    if event.state not in WAITING:
        leases.finish(held)
        return
    try:
        _look(event, held)
    except NotFound:
        _end(event, held, ignored("gone"))
    except ProviderError as fault:
        _again(event, held, fault)
    except (LeaseLost, ObjectDoesNotExist, DatabaseFault):
        raise  # core.leases knows what these mean
    except Exception as fault:
        # Ours: shown to staff with the event, which is applied once it is mended.
        log.exception("event %s of type %s not applied", event.event_id, event.type)
        _again(event, held, fault)


def _look(event: ProviderEvent, held: Claim) -> None:
    """Find out whose it is, read, settle, and mark it in the same transaction."""
    provider = registry.providers().get(event.provider)
    if provider is None:
        raise Unreachable("not connected", code="not_connected")
    if code := objection(provider, account=event.account, livemode=event.livemode):
        _end(event, held, refused(code))
        return
    kind = READ_AS.get(event.object_type, event.object_type)
    if kind not in reading.READERS:
        _end(event, held, ignored("other_kind"))
        return
    customer_id = event.customer_id or reading.customer_of(provider, kind, event.object_id)
    organization = organization_of(provider, customer_id)
    if organization is None:
        _end(event, held, ignored("unknown_customer"))
        return
    object_id = customer_id if kind == "customer" else event.object_id
    reading.bring_in(
        organization, provider, kind, object_id, beside=lambda verdict: _end(event, held, verdict, organization)
    )


def organization_of(provider: PaymentProvider, customer_id: str) -> Organization | None:
    """Whose customer that is; nobody's where another system uses the same account."""
    known = Customer.objects.filter(provider=provider.name, livemode=provider.livemode, provider_id=customer_id)
    found = known.select_related("organization").first() if customer_id else None
    return found.organization if found else None


@transaction.atomic
def _end(event: ProviderEvent, held: Claim, verdict: Verdict, organization: Organization | None = None) -> None:
    """Mark it, with our hold on it proved in the same transaction."""
    leases.finish(held)
    whose = organization.pk if organization else event.organization_id
    event.replace(
        state=verdict.state,
        code=verdict.code,
        problem="",
        organization_id=whose,
        attempts=event.attempts + 1,
        applied_at=timezone.now(),
    )
    if organization and organization.erased_at:
        forgetting.bodies_of([organization.pk])  # came after everything else of theirs had gone
    if verdict.state == EventState.REFUSED:
        details = {"type": event.type, "event": event.event_id, "code": verdict.code}
        audit.record("event.refused", target=event, organization=whose, details=details, severity=Severity.HIGH)


@transaction.atomic
def _again(event: ProviderEvent, held: Claim, fault: Exception) -> None:
    """Give it back for later; after some attempts staff see that it fails."""
    attempts = event.attempts + 1
    leases.defer(held, pause_after(attempts, fault))
    event.replace(
        attempts=attempts,
        state=EventState.FAILED if attempts >= FAILING_AFTER else EventState.RECEIVED,
        code=(getattr(fault, "code", "") or type(fault).__name__)[:40],
        problem=f"{type(fault).__name__}: {fault}"[:300],
    )


def pause_after(attempts: int, fault: Exception) -> timedelta:
    """How long to wait after so many attempts, and never less than the provider asks for."""
    asked = timedelta(seconds=fault.retry_after or 0) if isinstance(fault, Unreachable) else timedelta()
    doublings: int = 2 ** min(attempts - 1, 20)
    return max(asked, min(PAUSE * doublings, LONGEST_PAUSE))
