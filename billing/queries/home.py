"""An organization's page of billing: its plan and why, what is next, what needs somebody's hand."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import (
    CreditLot,
    Purchase,
    PurchaseState,
    SavedCard,
    Subscription,
    SubscriptionState,
)
from billing.queries.access import FAILING, Access, access, grace_end, subscription_of
from billing.queries.credits import Balance, balance
from billing.queries.payments import PaymentLine, latest
from core.money import Money
from organizations.models import Organization
from organizations.queries import usage

LATEST = 5
MOST_LOTS = 50


@dataclass(frozen=True)
class Warned:
    """Something to know or to do; `way` names the page where it is done: pay, credits, resume, usage, purchase."""

    tone: str
    text: str
    way: str = ""
    purchase: Purchase | None = None


@dataclass(frozen=True)
class BillingHome:
    """Everything the page shows."""

    access: Access
    subscription: Subscription | None
    balance: Balance
    lots: tuple[CreditLot, ...]
    cards: tuple[SavedCard, ...]
    payments: tuple[PaymentLine, ...]
    levels: tuple[usage.Level, ...]
    warnings: tuple[Warned, ...]

    @property
    def is_ending(self) -> bool:
        """Whether the subscription ends with its period."""
        return self.subscription is not None and self.subscription.cancel_at_period_end

    @property
    def next_payment(self) -> tuple[Money, datetime] | None:
        """What is paid next, and when; None where nothing is, or nobody knows."""
        row = self.subscription
        if row is None or row.period_end is None or self.is_ending:
            return None
        goes_on = row.state in {SubscriptionState.ACTIVE, SubscriptionState.TRIALING}
        return (row.price.money, row.period_end) if goes_on else None

    @property
    def why(self) -> str:
        """Why this plan is in force, in a sentence."""
        found, until = self.access, _day(self.access.until)
        if found.reason == "given":
            return _("Given to you until %(day)s.") % {"day": until} if until else _("Given to you.")
        if found.reason == "grace":
            return _("The last payment failed: it stays until %(day)s.") % {"day": until}
        if found.reason == "free":
            return _("What everybody has, without a card.")
        if self.is_ending:
            return _("Paid, and it ends on %(day)s.") % {"day": until}
        if found.subscription and found.subscription.state == SubscriptionState.TRIALING:
            return _("On trial until %(day)s.") % {"day": until}
        return _("Paid until %(day)s.") % {"day": until} if until else _("Paid.")


def billing_home(organization: Organization) -> BillingHome:
    """The page of billing (twelve queries, and one for each meter)."""
    held = access(organization)
    subscription = held.subscription or subscription_of(organization)
    levels = usage.usage_page(organization).levels
    credits_left = balance(organization)
    return BillingHome(
        access=held,
        subscription=subscription,
        balance=credits_left,
        lots=lots_of(organization),
        cards=cards_of(organization),
        payments=latest(organization, LATEST),
        levels=levels,
        warnings=tuple(_warnings(organization, held, subscription, credits_left, levels)),
    )


def lots_of(organization: Organization) -> tuple[CreditLot, ...]:
    """Lots with something left in them, the soonest to expire first (one query)."""
    lots = CreditLot.objects.of(organization).filter(Q(available__gt=0) | Q(reserved__gt=0)).select_related("entry")
    return tuple(lots.order_by(F("expires_at").asc(nulls_last=True), "id")[:MOST_LOTS])


def cards_of(organization: Organization) -> tuple[SavedCard, ...]:
    """The saved cards, the one that is paid with first (one query)."""
    return tuple(SavedCard.objects.of(organization).filter(removed_at=None))


def _warnings(
    organization: Organization,
    held: Access,
    subscription: Subscription | None,
    credits_left: Balance,
    levels: tuple[usage.Level, ...],
) -> list[Warned]:
    found = [*_of_subscription(held, subscription)]
    if credits_left.owed:
        found.append(Warned("error", _debt(credits_left.owed), "credits"))
    over = [level for level in levels if level.limit is not None and level.used > level.limit]
    found += [Warned("warning", _over(level), "usage") for level in over]
    return [*found, *_of_purchases(organization)]


def _of_subscription(held: Access, row: Subscription | None) -> list[Warned]:
    if row is None:
        return []
    if row.state in FAILING:
        end = grace_end(row)
        if held.reason == "grace" and end:
            said = _("The last payment failed. Pay by %(day)s, or the free limits hold from then on.")
            return [Warned("warning", said % {"day": _day(end)}, "pay")]
        said = _("The subscription is not paid: the free limits hold until it is. Nothing was deleted.")
        return [Warned("error", said, "pay")]
    if row.state == SubscriptionState.PAUSED:
        return [Warned("warning", _("The subscription is paused: the free limits hold until it goes on."), "pay")]
    if row.cancel_at_period_end:
        said = _("Your plan ends on %(day)s. Until then everything stays as it is.")
        return [Warned("info", said % {"day": _day(row.period_end)}, "resume")]
    return []


def _of_purchases(organization: Organization) -> list[Warned]:
    """Purchases that are checked by us, and those whose page still waits for a payment."""
    open_ones = Q(state=PurchaseState.OPEN, expires_at__gt=timezone.now())
    rows = Purchase.objects.of(organization).filter(Q(state=PurchaseState.REVIEW) | open_ones)
    found = []
    for row in rows.select_related("price__plan", "price__pack").order_by("-id")[:3]:
        is_checked = row.state == PurchaseState.REVIEW
        said = (
            _("We are checking a payment of %(money)s.")
            if is_checked
            else _("An order of %(money)s waits for its payment.")
        )
        found.append(Warned("warning" if is_checked else "info", said % {"money": row.money.brief}, "purchase", row))
    return found


def _debt(owed: int) -> str:
    return ngettext(
        "%(count)d credit that was already spent was paid back. New work begins again once it is made up for.",
        "%(count)d credits that were already spent were paid back. New work begins again once they are made up for.",
        owed,
    ) % {"count": owed}


def _over(level: usage.Level) -> str:
    said = _("%(meter)s: %(figures)s. What is there stays and can be used; nothing more of it is let in.")
    return said % {"meter": level.meter.label, "figures": level.figures}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""
