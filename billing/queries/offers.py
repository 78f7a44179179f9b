"""What is on sale, as the price pages show it: plans with what they allow, packs of credits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import CreditPack, Currency, Interval, Plan, Price
from core.money import Money

RECURRING = [Interval.MONTH, Interval.YEAR]
# Countries (ISO 3166-1) whose currency is sold in; elsewhere the language decides.
COUNTRIES = {
    "US": Currency.USD,
    "NG": Currency.NGN,
    "GH": Currency.GHS,
    **dict.fromkeys(["BJ", "BF", "CI", "GW", "ML", "NE", "SN", "TG"], Currency.XOF),
}
LANGUAGES = {"en": Currency.USD, "fr": Currency.EUR}


@dataclass(frozen=True)
class PlanOffer:
    """A plan and what it costs in the currency and interval that were asked for; a free one has no price."""

    plan: Plan
    price: Price | None
    month: Money | None  # of a yearly price: what it comes to a month, rounded up
    saving: Money | None  # of a yearly price: what twelve months would cost more
    is_suggested: bool = False

    @property
    def saving_percent(self) -> int:
        """The same in whole per cent, rounded down."""
        if self.price is None or self.saving is None:
            return 0
        return 100 * self.saving.amount // (self.price.amount + self.saving.amount)

    @property
    def allowances(self) -> tuple[str, ...]:
        """What it allows, a line for each."""
        return tuple(allowances(self.plan))


@dataclass(frozen=True)
class PackOffer:
    """Credits that are bought once."""

    pack: CreditPack
    price: Price


@dataclass(frozen=True)
class Offers:
    """Everything that is sold in one currency, plans at one interval."""

    currency: Currency
    interval: Interval
    plans: tuple[PlanOffer, ...]  # the middle one of those with a price is suggested
    packs: tuple[PackOffer, ...]
    year_saves: int  # per cent, on whichever plan a year saves most

    @property
    def nothing(self) -> Money:
        """What the free plan costs."""
        return Money(0, self.currency)


def offers(currency: Currency, interval: Interval) -> Offers:
    """What is sold so today (three queries)."""
    sold = Price.objects.current().filter(currency=currency, service=None)
    prices = {(row.plan_id or row.pack_id, row.interval): row for row in sold}
    rows = list(Plan.objects.filter(on_sale=True))
    plans = [_plan_offer(plan, prices, interval) for plan in rows]
    yearly = [_plan_offer(plan, prices, Interval.YEAR) for plan in rows]
    priced = [one.plan.pk for one in plans if one.price]
    middle = priced[len(priced) // 2] if priced else None
    packs = [(pack, prices.get((pack.pk, Interval.ONCE))) for pack in CreditPack.objects.filter(on_sale=True)]
    return Offers(
        currency,
        interval,
        tuple(replace(one, is_suggested=one.plan.pk == middle) for one in plans if one.price or is_free(one.plan)),
        tuple(PackOffer(pack, price) for pack, price in packs if price),
        max((one.saving_percent for one in yearly), default=0),
    )


def is_free(plan: Plan) -> bool:
    """Whether everybody has it."""
    return plan.credits_once > 0 and plan.credits_a_month == 0


def _plan_offer(plan: Plan, prices: dict[tuple[UUID | None, str], Price], interval: Interval) -> PlanOffer:
    price, monthly = prices.get((plan.pk, interval)), prices.get((plan.pk, Interval.MONTH))
    if price is None or interval == Interval.MONTH:
        return PlanOffer(plan, price, None, None)
    saved = monthly.amount * 12 - price.amount if monthly else 0
    month = Money(-(-price.amount // 12), price.currency)
    return PlanOffer(plan, price, month, Money(saved, price.currency) if saved > 0 else None)


def allowances(plan: Plan) -> Iterator[str]:
    """What a plan allows, in the reader's language."""
    if plan.credits_a_month:
        monthly = ngettext("%(count)s credit a month", "%(count)s credits a month", plan.credits_a_month)
        yield _counted(monthly, plan.credits_a_month)
    if plan.credits_once:
        once = ngettext("%(count)s credit, once", "%(count)s credits, once", plan.credits_once)
        yield _counted(once, plan.credits_once)
    yield _members(plan.members)
    yield _books(plan.books, plan.books_a_month)
    if plan.storage_bytes is None:
        yield _("Storage without a limit")
    else:
        yield _("%(size)s of storage") % {"size": _size(plan.storage_bytes)}


def guess(languages: Iterable[str], country: str = "") -> Currency:
    """The currency somebody most likely pays in, by their country or by what their browser reads: "fr-SN", "en"."""
    code, _dash, region = next(iter(languages), "").partition("-")
    place = (country or region).upper()
    return COUNTRIES.get(place, Currency.EUR) if place else LANGUAGES.get(code, Currency.EUR)


def _size(amount: int) -> str:
    """Bytes as disks are sold: in thousands, whole ones."""
    terabytes, gigabytes = amount // 10**12, amount // 10**9
    if terabytes:
        return _("%(number)d TB") % {"number": terabytes}
    return _("%(number)d GB") % {"number": gigabytes} if gigabytes else _("%(number)d MB") % {"number": amount // 10**6}


def _counted(words: str, number: int) -> str:
    return words % {"count": number_format(number, force_grouping=True)}


def _members(most: int | None) -> str:
    if most is None:
        return _("Any number of members")
    return _counted(ngettext("%(count)s member", "%(count)s members", most), most)


def _books(most: int | None, a_month: int | None) -> str:
    if most is None and a_month is None:
        return _("Any number of books")
    if most is None:
        new = _counted(ngettext("%(count)s new one a month", "%(count)s new ones a month", a_month or 0), a_month or 0)
        return _("Any number of books, %(new)s") % {"new": new}
    books = _counted(ngettext("%(count)s book", "%(count)s books", most), most)
    if a_month is None:
        return books
    new = _counted(ngettext("%(count)s new one a month", "%(count)s new ones a month", a_month), a_month)
    return _("%(books)s, %(new)s") % {"books": books, "new": new}
