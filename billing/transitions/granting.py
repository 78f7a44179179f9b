"""The credits of a plan, month by month, once what they belong to is paid."""

import calendar
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from billing.models import (
    CreditLot,
    EntryKind,
    Interval,
    LedgerEntry,
    Payment,
    PaymentState,
    Subscription,
    SubscriptionState,
)
from billing.transitions import ledger
from billing.transitions.ledger import Posting


def month(subscription: Subscription) -> LedgerEntry | None:
    """Bring the credits of the running paid month up to the plan's; None when there is nothing to add.

    Called again it adds nothing, and for a larger plan the difference. Nothing is granted on trial, in grace, and for
    what is not paid yet. The caller holds the organization's lock.
    """
    plan, running = subscription.price.plan, running_month(subscription)
    if plan is None or running is None or subscription.is_surplus or subscription.state != SubscriptionState.ACTIVE:
        return None
    start, end = running
    account = ledger.lock(subscription.organization)
    got = _granted(subscription, start, end)
    if got >= plan.credits_a_month:
        return None
    reference = f"subscription:{subscription.pk}:{start:%Y-%m-%d}"
    # Further parts of a month are named by what it amounts to with them, which only grows.
    reference = f"{reference}:{plan.credits_a_month}" if got else reference
    posting = Posting(EntryKind.SUBSCRIPTION, reference, _subject(subscription))
    return ledger.grant(account, posting, plan.credits_a_month - got, expires_at=end)


def running_month(subscription: Subscription) -> tuple[datetime, datetime] | None:
    """The paid month that runs now; None when none does.

    A period that has not begun by our clock is taken at its beginning: the provider's goes ahead a little.
    """
    start, end, paid_until = subscription.period_start, subscription.period_end, subscription.paid_until
    if start is None or end is None or paid_until is None:
        return None
    moment = max(timezone.now(), start)
    if moment >= min(end, paid_until):
        return None
    if subscription.price.interval == Interval.MONTH:
        return start, end
    months = (moment.year - start.year) * 12 + moment.month - start.month
    if _after(start, months) > moment:
        months -= 1
    return _after(start, months), min(_after(start, months + 1), end)


def _after(start: datetime, months: int) -> datetime:
    """So many months later, on the same day or the last of a shorter month."""
    year, month_index = divmod(start.month - 1 + months, 12)
    year += start.year
    last = calendar.monthrange(year, month_index + 1)[1]
    return start.replace(year=year, month=month_index + 1, day=min(start.day, last))


def _granted(subscription: Subscription, start: datetime, end: datetime) -> int:
    """Credits of the subscription that reach into this month, spent or not; all of them last to its end.

    Whoever changes the interval begins a new month while the old one's credits are there: they count, and stay.
    """
    lots = CreditLot.objects.of(subscription.organization).filter(
        entry__reference__startswith=f"subscription:{subscription.pk}:", expires_at__gt=start
    )
    granted = lots.aggregate(total=Sum("granted"))["total"] or 0
    lots.filter(expires_at__lt=end).update(expires_at=end)
    return int(granted)


def _subject(subscription: Subscription) -> tuple[str, UUID]:
    """The payment that brings them, so that a refund finds them; the subscription where nothing was to be paid."""
    paid = Payment.objects.of(subscription.organization).filter(subscription=subscription, state=PaymentState.SUCCEEDED)
    newest = paid.order_by("-paid_at", "-id").first()
    return ("payment", newest.pk) if newest else ("subscription", subscription.pk)
