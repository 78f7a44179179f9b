"""What becomes of a plan that is paid for again and again."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Payment, Price, Subscription
from billing.queries.access import access, grace_end
from billing.transitions.letters.purchases import payment_rows
from billing.transitions.letters.sending import Letter, Rows, day, plan_rows, send, told
from organizations.models import Organization
from organizations.queries import usage
from organizations.queries.usage import Level


def began(subscription: Subscription) -> None:
    """A plan that nobody bought here (staff made it at the provider) is in force."""
    _send("began", subscription, partial(_going_on, subscription))


def renewed(subscription: Subscription, payment: Payment) -> None:
    """A further period is paid; said once for each, whether it was paid at first or made up for."""
    if _told_of_period(subscription):
        _send("renewed", subscription, lambda: _going_on(subscription) + payment_rows(payment))


def recovered(subscription: Subscription) -> None:
    """What had failed is paid."""
    if _told_of_period(subscription):
        _send("recovered", subscription, partial(_going_on, subscription))


def failed(subscription: Subscription) -> None:
    """The payment failed, or is still missing: on each of REMINDED_ON_DAYS, `subscription.reminders` says which."""
    until = grace_end(subscription)
    _send("failed", subscription, lambda: _grace_rows(subscription), until=until)


def fallen(subscription: Subscription) -> None:
    """The grace is over."""
    _send_of_less("fallen", subscription)


def cancelled(subscription: Subscription) -> None:
    """It ends with the period."""
    _send("cancelled", subscription, lambda: _until(subscription))


def resumed(subscription: Subscription) -> None:
    """It goes on after all."""
    _send("resumed", subscription, partial(_going_on, subscription))


def paused(subscription: Subscription) -> None:
    """It rests at the provider."""
    _send_of_less("paused", subscription)


def ended(subscription: Subscription) -> None:
    """It is over."""
    _send_of_less("ended", subscription)


def changed(subscription: Subscription, before: Price, *, added: int = 0) -> None:
    """Another plan, with the credits `added` for it; the same by another interval; a smaller, with what is above it."""
    old, new = before.plan, subscription.price.plan
    if old is None or new is None:
        return
    if old.rank > new.rank:
        _send_of_less("downgraded", subscription, old=old)
    else:
        what = "upgraded" if old.rank < new.rank else "switched"
        _send(what, subscription, partial(_going_on, subscription), old=old, added=added)


def trial_ending(subscription: Subscription) -> None:
    """In three days the trial is over and the first payment due; said once."""
    if subscription.trial_end and told(
        subscription.organization, f"trial_ending:{subscription.pk}:{subscription.trial_end:%Y-%m-%d}"
    ):
        _send("trial_ending", subscription, partial(_going_on, subscription))


# ── What they share ─────────────────────────────────────────────────────────────────────────────────────────────────


def _send(what: str, subscription: Subscription, rows: Callable[[], Rows], **more: Any) -> None:
    said = {"subscription": subscription, "price": subscription.price, "plan": subscription.price.plan, **more}
    buyer_id = subscription.purchase.by_id if subscription.purchase else None
    send(subscription.organization, Letter(what, said, rows), buyer_id=buyer_id)


def _send_of_less(what: str, subscription: Subscription, **more: Any) -> None:
    """A letter after which less is allowed: the plan in force now, and what is above its limits."""
    now = access(subscription.organization).plan
    over = _over(subscription.organization)

    def rows() -> Rows:
        return [(str(level.meter.label), level.figures) for level in over]

    _send(what, subscription, rows, now=now, over=over, **more)


def _over(organization: Organization) -> list[Level]:
    """Limits that more is used than is allowed of."""
    levels = usage.usage_page(organization).levels
    return [level for level in levels if level.limit is not None and level.used > level.limit]


def _told_of_period(subscription: Subscription) -> bool:
    if subscription.period_end is None:
        return False
    return told(subscription.organization, f"paid:{subscription.pk}:{subscription.period_end:%Y-%m-%d}")


def _going_on(subscription: Subscription) -> Rows:
    ends = subscription.cancel_at_period_end
    return plan_rows(subscription.price, next_payment=None if ends else subscription.period_end)


def _grace_rows(subscription: Subscription) -> Rows:
    until = grace_end(subscription)
    return plan_rows(subscription.price) + ([(_("To be paid by"), day(until))] if until else [])


def _until(subscription: Subscription) -> Rows:
    rows = plan_rows(subscription.price)
    return rows + ([(_("Open until"), day(subscription.period_end))] if subscription.period_end else [])
