"""Credits that come with a month, and credits that end with theirs."""

from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from billing.jobs import tenants
from billing.models import CreditLot, Subscription, SubscriptionState
from billing.queries.access import subscription_of
from billing.transitions import granting, ledger
from core import tenancy
from organizations.models import Organization


def settle() -> None:
    """Grant every paid month that has begun, and let every lot expire whose time is over; safe twice."""
    with tenancy.system("credits of months that begin and end"):
        due = sorted({*_without_credits(), *_with_old_credits()})
    tenants.each(due, _settle)


def _without_credits() -> list[UUID]:
    """Organizations whose paid plan should have brought credits for now, and has not."""
    now = timezone.now()
    # A subscription's lots are known by their entry's reference (billing.transitions.granting).
    reference = Concat(Value("subscription:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    there = CreditLot.objects.filter(
        organization=OuterRef("organization"), expires_at__gt=now, entry__reference__startswith=reference
    )
    paid = Subscription.objects.filter(
        ~Exists(there),
        state=SubscriptionState.ACTIVE,
        is_surplus=False,
        paid_until__gt=now,
        price__plan__credits_a_month__gt=0,
    )
    return list(paid.values_list("organization", flat=True))


def _with_old_credits() -> list[UUID]:
    """Organizations with credits left in a lot that has expired."""
    old = CreditLot.objects.filter(expires_at__lte=timezone.now(), available__gt=0)
    return list(old.values_list("organization", flat=True).distinct())


def _settle(organization: Organization) -> None:
    ledger.expire(ledger.lock(organization))
    subscription = subscription_of(organization)
    if subscription:
        subscription.organization = organization
        granting.month(subscription)
