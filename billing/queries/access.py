"""What an organization may use now: what was paid, its grace, and what staff gave (ruling 33)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from billing.models import (
    CURRENT_STATES,
    FREE,
    GRACE_DAYS,
    Plan,
    PlanGift,
    Subscription,
    SubscriptionState,
)
from organizations.models import Organization

PAID = {SubscriptionState.TRIALING, SubscriptionState.ACTIVE}
FAILING = {SubscriptionState.PAST_DUE, SubscriptionState.UNPAID}


@dataclass(frozen=True)
class Access:
    """The plan in force and why; `until` is when that reason ends by itself, None while it does not."""

    plan: Plan
    reason: str  # paid, grace, given or free
    until: datetime | None = None
    subscription: Subscription | None = None


def subscription_of(organization: Organization) -> Subscription | None:
    """The one subscription that counts (one query)."""
    rows = Subscription.objects.of(organization).filter(state__in=CURRENT_STATES, is_surplus=False)
    return rows.select_related("price__plan").first()


def grace_end(subscription: Subscription) -> datetime | None:
    """When a failing subscription's plan falls to FREE."""
    since = subscription.past_due_since
    return since + timedelta(days=GRACE_DAYS) if since else None


def plan_name(code: str) -> str:
    """What a plan is called in the reader's language; of a code that is no plan's, the code (one query)."""
    plan = Plan.objects.filter(code=code).first()
    return plan.label if plan else code


def access(organization: Organization) -> Access:
    """The best of what holds now (three queries)."""
    found = [one for one in (_paid(organization), _given(organization)) if one]
    if found:
        return max(found, key=lambda one: one.plan.rank)
    return Access(Plan.objects.get(code=FREE), "free")


def _paid(organization: Organization) -> Access | None:
    subscription = subscription_of(organization)
    if subscription is None or subscription.price.plan is None:
        return None
    if subscription.state in PAID:
        return Access(subscription.price.plan, "paid", subscription.period_end, subscription)
    end = grace_end(subscription)
    if subscription.state in FAILING and end and end > timezone.now():
        return Access(subscription.price.plan, "grace", end, subscription)
    return None


def _given(organization: Organization) -> Access | None:
    open_ones = PlanGift.objects.of(organization).filter(ended_at__isnull=True)
    gift = (
        open_ones.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))
        .select_related("plan")
        .order_by("-plan__rank")
        .first()
    )
    return Access(gift.plan, "given", gift.until) if gift else None
