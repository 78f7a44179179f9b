"""Reading one open purchase, subscription, refund or dispute at its provider, without an event that asks for it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from billing.jobs import reading
from billing.models import Dispute, Purchase, Refund, Subscription
from billing.providers import registry
from billing.providers.base import NotFound, ProviderError
from core import leases, tenancy
from core.leases import Claim
from organizations.models import Organization

PAUSE = timedelta(minutes=1)


def look(subject_id: UUID) -> None:
    """Settle it as it stands there, if nobody else does."""
    leases.carry_out(subject_id, _look)


def _look(held: Claim) -> None:
    declared = tenancy.current()
    if declared is None:
        raise ValueError("the task's message declares whose it is")
    organization = Organization.objects.get(pk=declared)
    with transaction.atomic():
        known = next(_known_as(organization, held.subject), None)
    provider = registry.providers().get(known[0]) if known else None
    if known is None or provider is None:
        leases.finish(held)
        return
    try:
        reading.bring_in(organization, provider, known[1], known[2], beside=lambda _verdict: leases.finish(held))
    except NotFound:
        leases.finish(held)
    except ProviderError:
        # Until they answer.
        leases.defer(held, PAUSE)


def _known_as(organization: Organization, subject_id: UUID) -> Iterator[tuple[str, str, str]]:
    """(provider, kind, id there) of the subject."""
    purchase = Purchase.objects.of(organization).filter(pk=subject_id, provider_id__isnull=False).first()
    if purchase and purchase.provider_id:
        yield purchase.provider, "checkout", purchase.provider_id
    if subscription := Subscription.objects.of(organization).filter(pk=subject_id).first():
        yield subscription.provider, "subscription", subscription.provider_id
    for kind, model in (("refund", Refund), ("dispute", Dispute)):
        if row := model.objects.of(organization).filter(pk=subject_id).select_related("payment").first():
            yield row.payment.provider, kind, row.provider_id
