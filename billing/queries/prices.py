"""Quotes from the price table."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from billing.errors import NotPriced
from billing.models import Act, CreditPrice, Tariff


@dataclass(frozen=True)
class BookTariff:
    """What a book costs under one version of the table, in credits."""

    version: int
    outline: int
    words: int
    words_per: int

    def quote(self, planned_words: int) -> int:
        """Credits for a book of that many planned words: the outline plus every started block of words."""
        return self.outline + self.words * -(-planned_words // self.words_per)


@dataclass(frozen=True)
class Quote:
    """What so many units of one act cost, per started `per` of them, and the version of the table that says so."""

    version: int
    credits: int
    per: int


@dataclass(frozen=True)
class PriceLine:
    """One line of the price table: `credits` for every `per` units begun."""

    act: Act
    credits: int
    per: int

    @property
    def label(self) -> str:
        """The act in the reader's language."""
        return str(self.act.label)


# What can be ordered today; the table has prices for more.
ON_SALE = [Act.OUTLINE, Act.WORDS, Act.REWRITE, Act.TRANSLATE, Act.SUGGEST, Act.CHAT, Act.IDEA]


def price_list() -> tuple[PriceLine, ...]:
    """What the acts on sale cost today, in the order of a book's making (one query); empty without a tariff."""
    rows = CreditPrice.objects.filter(tariff=_tariffs(None)[:1], act__in=ON_SALE)
    lines = [PriceLine(Act(act), amount, per) for act, amount, per in rows.values_list("act", "credits", "per")]
    return tuple(sorted(lines, key=lambda line: ON_SALE.index(line.act)))


def quote(act: Act, units: int, version: int | None = None) -> Quote:
    """Credits for `units` of an act, per started block, in force now or in that version. Raises NotPriced."""
    newest = _tariffs(version)[:1]
    price = CreditPrice.objects.filter(tariff=newest, act=act).select_related("tariff").first()
    if price is None:
        raise NotPriced(_("No price is in force for this: an administrator must set one."))
    return Quote(price.tariff.version, price.credits * -(-units // price.per), price.per)


def book_tariff(version: int | None = None) -> BookTariff:
    """The tariff in force for books, or the version something was sold at (two queries). Raises NotPriced."""
    tariff = _tariffs(version).first()
    prices = {price.act: price for price in CreditPrice.objects.filter(tariff=tariff)}
    if tariff is None or not {Act.OUTLINE, Act.WORDS} <= prices.keys():
        raise NotPriced(_("No price is in force for writing a book: an administrator must set one."))
    return BookTariff(tariff.version, prices[Act.OUTLINE].credits, prices[Act.WORDS].credits, prices[Act.WORDS].per)


def _tariffs(version: int | None) -> QuerySet[Tariff]:
    """That version, or those that have begun, the newest first."""
    chosen = Tariff.objects.filter(version=version) if version else Tariff.objects.filter(in_force_from__lte=Now())
    return chosen.order_by("-version")
