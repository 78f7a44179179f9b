"""What staff give, and take back."""

from functools import partial

from django.utils.translation import gettext as _

from billing.models import CreditLot, PlanGift
from billing.queries.access import access
from billing.transitions.letters.sending import Letter, Rows, day, send, told
from organizations.models import Organization


def plan_given(gift: PlanGift) -> None:
    """A plan without a payment."""
    send(gift.organization, Letter("plan_given", {"gift": gift, "plan": gift.plan}, partial(_gift_rows, gift)))


def gift_ending(gift: PlanGift) -> None:
    """In a week it is over; said once."""
    if gift.until and told(gift.organization, f"gift_ending:{gift.pk}:{gift.until:%Y-%m-%d}"):
        send(gift.organization, Letter("gift_ending", {"gift": gift, "plan": gift.plan}, partial(_gift_rows, gift)))


def gift_over(gift: PlanGift) -> None:
    """It is over, or was taken back: the plan in force now."""
    now = access(gift.organization).plan
    send(gift.organization, Letter("gift_over", {"gift": gift, "plan": gift.plan, "now": now}))


def credits_given(lot: CreditLot, organization: Organization) -> None:
    """Credits without a payment."""
    send(organization, Letter("credits_given", {"lot": lot}, partial(_lot_rows, lot)))


def credits_taken_back(lot: CreditLot, organization: Organization, amount: int) -> None:
    """What was left of a gift of credits is gone."""
    send(organization, Letter("credits_taken_back", {"lot": lot, "credits": amount}))


def _gift_rows(gift: PlanGift) -> Rows:
    return [(_("Plan"), gift.plan.label), *([(_("Until"), day(gift.until))] if gift.until else [])]


def _lot_rows(lot: CreditLot) -> Rows:
    return [(_("Credits"), str(lot.granted)), *([(_("Good until"), day(lot.expires_at))] if lot.expires_at else [])]
