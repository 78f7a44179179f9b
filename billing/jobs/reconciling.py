"""Finding what deliveries lost: what the provider says it sent, what was never applied, what stayed open too long."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from billing.jobs.events import READ_AS, WAITING, organization_of
from billing.jobs.reading import READERS
from billing.models import (
    Dispute,
    DisputeState,
    ProviderEvent,
    ProviderWatch,
    Purchase,
    PurchaseState,
    Refund,
    RefundState,
    Subscription,
)
from billing.providers import registry
from billing.providers.base import EventSeen, PaymentProvider, ProviderError
from billing.transitions.looking import look_again
from billing.transitions.receiving import TASK, receive
from core import leases, tenancy
from core.models import Lease

log = logging.getLogger(__name__)

KEPT_THERE = timedelta(days=30)  # how long events can be listed
OVERLAP = timedelta(minutes=15)  # an event may be listed later than a younger one
OPEN_FOR = timedelta(minutes=10)
READ_EVERY = timedelta(hours=6)  # a subscription that nothing is heard of
AT_ONCE, CHUNK = 500, 100


def reconcile() -> None:
    """All of it, for every provider; safe at any time, and twice at once."""
    for provider in registry.providers().values():
        try:
            list_events(provider)
        except ProviderError as fault:
            log.warning("events of %s not listed: %s", provider.name, fault.code or type(fault).__name__)
    offer_stuck()
    look_at_open()


def list_events(provider: PaymentProvider) -> int:
    """Store what the provider says it sent and we never got; how many. Raises ProviderError: the mark stays then.

    The mark moves by the provider's own clock, to the newest event it told of.
    """
    if not provider.capabilities.lists_events:
        return 0
    watch, _made = ProviderWatch.objects.get_or_create(provider=provider.name, livemode=provider.livemode)
    since = watch.listed_until - OVERLAP if watch.listed_until else timezone.now() - KEPT_THERE
    found, newest = 0, watch.listed_until
    told = provider.events_since(since)
    while seen := tuple(islice(told, CHUNK)):
        for event in _missing(provider, seen):
            receive(provider, event)
            found += 1
        newest = max([one.happened_at for one in seen] + ([newest] if newest else []))
    ProviderWatch.objects.filter(pk=watch.pk).update(listed_until=newest, listed_at=timezone.now())
    return found


def _missing(provider: PaymentProvider, seen: tuple[EventSeen, ...]) -> Iterator[EventSeen]:
    """Those that concern us and are not stored."""
    keys = {ProviderEvent.key(provider.name, one.account, one.livemode, one.id): one for one in seen}
    known = set(ProviderEvent.objects.filter(pk__in=keys).values_list("pk", flat=True))
    for key, one in keys.items():
        ours = not one.customer_id or organization_of(provider, one.customer_id)
        if key not in known and ours and READ_AS.get(one.object_type, one.object_type) in READERS:
            yield one


def offer_stuck() -> int:
    """Put on offer what waits and no lease says so, as after a restore; how many."""
    leased = Lease.objects.filter(pk=OuterRef("pk"))
    lost = ProviderEvent.objects.filter(~Exists(leased), state__in=WAITING).order_by("created_at")
    ids = list(lost.values_list("pk", flat=True)[:AT_ONCE])
    with transaction.atomic():
        for pk in ids:
            leases.offer(pk, TASK, organization=None)
    return len(ids)


def look_at_open() -> int:
    """Have everything read that is not settled and that nothing was heard of; how many."""
    with tenancy.system("reconciliation: what is open at providers"):
        subjects = list(_open(timezone.now()))
    for organization_id, subject_id in subjects:
        with transaction.atomic():
            look_again(organization_id, subject_id)
    return len(subjects)


def _open(now: datetime) -> Iterator[tuple[UUID, UUID]]:
    """(organization, subject), the longest waiting first."""
    waiting = Q(state__in=[PurchaseState.PREPARING, PurchaseState.OPEN], created_at__lt=now - OPEN_FOR)
    purchases = Purchase.objects.filter(waiting, provider_id__isnull=False).order_by("created_at")
    due = Q(read_at__isnull=True) | Q(read_at__lt=now - READ_EVERY)
    due |= Q(period_end__lt=now, read_at__lt=F("period_end"))
    subscriptions = Subscription.objects.filter(due, ended_at__isnull=True).order_by("read_at")
    refunds = Refund.objects.filter(state=RefundState.PENDING, updated_at__lt=now - OPEN_FOR).order_by("updated_at")
    disputes = Dispute.objects.filter(state=DisputeState.OPEN, updated_at__lt=now - READ_EVERY).order_by("updated_at")
    for rows in (purchases, subscriptions, refunds, disputes):
        yield from rows.values_list("organization_id", "pk")[:AT_ONCE]
