"""Subscriptions: which row each is, whether it is one too many, and when it ends because it is paid no more."""

from datetime import timedelta

from django.utils import timezone

from audit import actions as audit
from audit.models import Severity
from billing.models import (
    CURRENT_STATES,
    ErrandKind,
    Payment,
    PaymentState,
    Subscription,
    SubscriptionState,
)
from billing.providers.base import SubscriptionSeen
from billing.transitions import errands, subscriptions
from billing.transitions.settling.cases import Case, newest_reading
from billing.transitions.settling.facts import APPLIED, Verdict, refused

# The first payment of a subscription may be some seconds older than its period.
SLACK = timedelta(hours=1)


def find_row(case: Case, seen: SubscriptionSeen) -> Subscription:
    """The row, made when it is seen for the first time: payments name it before it is followed."""
    assert case.price is not None  # noqa: S101  # an objection otherwise
    if case.subscription is None:
        case.subscription = Subscription.objects.create(
            organization=case.organization,
            purchase=case.purchase,
            price=case.price,
            provider=case.provider.name,
            livemode=seen.livemode,
            provider_id=seen.id,
            item_id=seen.item_id,
            state=SubscriptionState.INCOMPLETE,
        )
    return case.subscription


def settle_subscription(case: Case, seen: SubscriptionSeen) -> Verdict:
    """Bring the row to what is there, then what was paid for it; of one too many, end it and pay it back."""
    row = find_row(case, seen)
    assert case.price is not None  # noqa: S101  # an objection otherwise
    if _is_one_too_many(row, seen):
        row.replace(is_surplus=True)
        details = {"subscription": seen.id}
        audit.record("subscription.surplus", target=row, details=details, severity=Severity.HIGH)
    subscriptions.follow(row, seen, case.price)
    newest = newest_reading(case.organization)
    just_now = timezone.now()
    # A clock behind another host's still moves the mark on.
    row.replace(read_at=max(just_now, newest + timedelta(microseconds=1)) if newest else just_now)
    if row.is_surplus:
        _send_back(row)
        return refused("one_too_many")
    _settle_bills(case, row)
    return APPLIED


def end_if_unpaid(payment: Payment) -> None:
    """End a subscription at once when nothing that was paid since its period began is kept: access is what is paid."""
    row = payment.subscription
    if row is None or row.is_surplus or row.state not in CURRENT_STATES or row.period_start is None:
        return
    since = row.period_start - SLACK
    if payment.paid_at is None or payment.paid_at < since:
        return
    paid = Payment.objects.of(row.organization).filter(
        subscription=row, state=PaymentState.SUCCEEDED, paid_at__gte=since
    )
    if not any(one.is_kept for one in paid):
        errands.offer(row.organization, ErrandKind.END, provider=row.provider, subject_id=row.pk, by=None, arguments={})


def _is_one_too_many(row: Subscription, seen: SubscriptionSeen) -> bool:
    if row.is_surplus or row.state in CURRENT_STATES or seen.status not in CURRENT_STATES:
        return False
    current = Subscription.objects.of(row.organization).filter(state__in=CURRENT_STATES, is_surplus=False)
    return current.exclude(pk=row.pk).exists()


def _send_back(row: Subscription) -> None:
    """Two were bought side by side: the second is ended, and each of its payments paid back."""
    if row.state in CURRENT_STATES:
        errands.offer(row.organization, ErrandKind.END, provider=row.provider, subject_id=row.pk, by=None, arguments={})
    for payment in Payment.objects.of(row.organization).filter(subscription=row, state=PaymentState.SUCCEEDED):
        if payment.kept.amount:
            arguments = {"amount": payment.kept.amount, "reason": "duplicate"}
            errands.offer(
                row.organization,
                ErrandKind.REFUND,
                provider=row.provider,
                subject_id=payment.pk,
                by=None,
                arguments=arguments,
            )


def _settle_bills(case: Case, row: Subscription) -> None:
    """Each paid bill moves on until when it is paid, the oldest first."""
    bills = [one for one in case.facts.invoices if one.status == "paid" and one.subscription_id == row.provider_id]
    for bill in sorted(bills, key=lambda one: (one.period_start is None, one.period_start)):
        paid = Payment.objects.of(row.organization).filter(invoice_id=bill.id, state=PaymentState.SUCCEEDED)
        subscriptions.paid(row, bill, paid.order_by("paid_at").first())
