"""What a subscription's state at the provider means here: access, grace, credits, letters.

Everything is done in the caller's transaction, in the declared tenant, with the organization and the row locked.
"""

from copy import copy
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from audit import actions as audit
from audit.models import Severity
from billing.models import (
    ENDED_STATES,
    GRACE_DAYS,
    REMINDED_ON_DAYS,
    Payment,
    Price,
    Subscription,
    SubscriptionState,
)
from billing.providers.base import InvoiceSeen, SubscriptionSeen
from billing.queries.access import FAILING, PAID
from billing.transitions import granting, letters
from billing.transitions.access import settle_limits

# Days of a grace on which something happens: its mails, and its end.
GRACE_STEPS = (*REMINDED_ON_DAYS, GRACE_DAYS)


def follow(subscription: Subscription, seen: SubscriptionSeen, price: Price) -> bool:
    """Write down what was seen, and draw the consequences; whether anything changed. What has ended stays ended."""
    if subscription.state in ENDED_STATES:
        return False
    before = copy(subscription)
    if not subscription.replace(**_as_seen(subscription, seen, price)):
        return False
    _record(before, subscription)
    if not subscription.is_surplus:
        settle_limits(subscription.organization)
        added = granting.month(subscription)
        _tell(before, subscription, added.lot.granted if added else 0)
    return True


def paid(subscription: Subscription, invoice: InvoiceSeen, payment: Payment | None) -> None:
    """A period is paid: it reaches further, and its credits come. Told of once; nothing changes when called again."""
    reaches = subscription.paid_until
    further = invoice.period_end is not None and (reaches is None or invoice.period_end > reaches)
    if further:
        subscription.paid_until = invoice.period_end
        subscription.save(update_fields=["paid_until", "updated_at"])
    if subscription.is_surplus:
        return
    granting.month(subscription)
    # What is made up for is told by `follow`, which sees the state come back.
    if further and payment and invoice.reason == "subscription_cycle" and not subscription.past_due_since:
        letters.renewed(subscription, payment)


def remind(subscription: Subscription) -> bool:
    """The next step of a grace, if its day has come: a mail, or the end. Days that were missed are not made up for."""
    since = subscription.past_due_since
    if since is None or subscription.state not in FAILING or subscription.is_surplus:
        return False
    due = sum(timezone.now() >= since + timedelta(days=day) for day in GRACE_STEPS)
    if due <= subscription.reminders:
        return False
    subscription.reminders = due
    subscription.save(update_fields=["reminders", "updated_at"])
    if due < len(GRACE_STEPS):
        letters.failed(subscription)
        return True
    settle_limits(subscription.organization)
    audit.record("subscription.grace_over", target=subscription, organization=subscription.organization_id)
    letters.fallen(subscription)
    return True


def to_remind() -> Q:
    """Subscriptions for which `remind` has something to do now."""
    now, due = timezone.now(), Q()
    for number, day in enumerate(GRACE_STEPS):
        due |= Q(reminders__lte=number, past_due_since__lte=now - timedelta(days=day))
    return due & Q(state__in=FAILING, is_surplus=False)


def _as_seen(subscription: Subscription, seen: SubscriptionSeen, price: Price) -> dict[str, Any]:
    """The row's columns as they are to be. A grace begins when a failure is first seen, and ends with it."""
    state = SubscriptionState(seen.status)
    values: dict[str, Any] = {
        "price": price,
        "item_id": seen.item_id,
        "state": state,
        "period_start": seen.period_start,
        "period_end": seen.period_end,
        "trial_end": seen.trial_end,
        "cancel_at_period_end": seen.cancel_at_period_end,
    }
    if state in ENDED_STATES:
        values["ended_at"] = seen.ended_at or timezone.now()
    if state not in FAILING:
        values["past_due_since"] = None
    elif subscription.past_due_since is None:
        values |= {"past_due_since": timezone.now(), "reminders": 1}
    return values


def _record(before: Subscription, after: Subscription) -> None:
    """In the trail: states and plans, where they changed."""
    changes = {
        name: (old, new)
        for name, old, new in (
            ("state", before.state, after.state),
            ("plan", before.price.item.code, after.price.item.code),
            ("interval", before.price.interval, after.price.interval),
            ("cancelled", before.cancel_at_period_end, after.cancel_at_period_end),
        )
        if old != new
    }
    if changes:
        audit.record(
            "subscription.changed",
            target=after,
            organization=after.organization_id,
            changes=changes,
            severity=Severity.MEDIUM,
        )


def _tell(before: Subscription, after: Subscription, added: int) -> None:
    """The letters of what changed; `added` are credits that came with it."""
    if after.state in ENDED_STATES:
        if before.state != SubscriptionState.INCOMPLETE:
            letters.ended(after)
        return
    if before.state == SubscriptionState.INCOMPLETE:
        if after.state in PAID and after.purchase_id is None:  # a purchase has a letter of its own
            letters.began(after)
        return
    _tell_of_state(before, after)
    if before.price_id != after.price_id and before.price.lookup_key != after.price.lookup_key:
        letters.changed(after, before.price, added=added)
    if after.cancel_at_period_end and not before.cancel_at_period_end:
        letters.cancelled(after)
    elif before.cancel_at_period_end and not after.cancel_at_period_end:
        letters.resumed(after)


def _tell_of_state(before: Subscription, after: Subscription) -> None:
    if after.state in FAILING and before.state not in FAILING:
        letters.failed(after)
    elif after.state in PAID and before.state in FAILING:
        letters.recovered(after)
    elif after.state == SubscriptionState.PAUSED and before.state != SubscriptionState.PAUSED:
        letters.paused(after)
    elif after.state in PAID and before.state == SubscriptionState.PAUSED:
        letters.resumed(after)
