"""Work by people: what is offered, and what so many pages cost."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.errors import NotPriced
from billing.models import Currency, PageTier, Price, Service, ServiceKind
from core.money import Money

WORDS_A_PAGE, CHARACTERS_A_PAGE = 250, 1_500


@dataclass(frozen=True)
class PageQuote:
    """What the correction of so many pages costs, and how long it takes: days, or hours in a rush."""

    pages: int
    free: int
    base: Money
    rush: Money | None  # what the rush adds, where it is asked for
    days: tuple[int, int] | None
    hours: int | None

    @property
    def total(self) -> Money:
        """All of it."""
        return Money(self.base.amount + (self.rush.amount if self.rush else 0), self.base.currency)

    @property
    def delay(self) -> str:
        """How long it takes."""
        if self.hours is not None:
            return _("within %(hours)d hours") % {"hours": self.hours}
        return in_days(self.days) if self.days else ""


@dataclass(frozen=True)
class ServiceOffer:
    """A service with its price; one by the page has tiers instead of an amount."""

    service: Service
    price: Price
    tiers: tuple[PageTier, ...]

    @property
    def delay(self) -> str:
        """How long it takes."""
        least, most = self.service.days_min, self.service.days_max
        return in_days((least, most)) if least and most else ""

    @property
    def is_by_page(self) -> bool:
        """Whether pages are what is paid for."""
        return self.service.kind == ServiceKind.BY_PAGE

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Which pages cost how much each."""
        return tuple((_pages(tier), _each(tier, self.price)) for tier in self.tiers)

    @property
    def most_pages(self) -> int:
        """Up to how many pages it is sold."""
        return max((tier.last_page for tier in self.tiers), default=0)


def services(currency: Currency = Currency.EUR) -> tuple[ServiceOffer, ...]:
    """What is offered today (two queries)."""
    rows = Price.objects.current().filter(service__on_sale=True, currency=currency).select_related("service")
    found = [
        ServiceOffer(row.service, row, tuple(row.tiers.all())) for row in rows.prefetch_related("tiers") if row.service
    ]
    return tuple(sorted(found, key=lambda one: one.service.rank))


def page_quote(offer: ServiceOffer, pages: int, *, rush: bool = False) -> PageQuote:
    """What so many pages cost at this price (one query). Raises NotPriced beyond its tiers."""
    if not 1 <= pages <= offer.most_pages:
        raise NotPriced(_("Between 1 and %(most)d pages have a price here.") % {"most": offer.most_pages})
    counted = [(tier.amount, max(0, min(pages, tier.last_page) - tier.first_page + 1)) for tier in offer.tiers]
    base = sum(amount * number for amount, number in counted)
    service, currency = offer.service, offer.price.currency
    added = (base * service.rush_percent + 50) // 100  # half a cent is rounded up
    is_rushed = rush and service.rush_hours is not None
    delay = service.delays.filter(up_to_pages__gte=pages).first()
    return PageQuote(
        pages=pages,
        free=sum(number for amount, number in counted if not amount),
        base=Money(base, currency),
        rush=Money(added, currency) if is_rushed else None,
        days=(delay.days_min, delay.days_max) if delay else None,
        hours=service.rush_hours if is_rushed else None,
    )


def pages(words: int, characters: int) -> int:
    """How many pages a text has: 250 words or 1 500 characters with spaces, whichever gives more; one at least.

    Raises ValueError below nothing.
    """
    if words < 0 or characters < 0:
        raise ValueError("a text of less than nothing")
    return max(1, -(-words // WORDS_A_PAGE), -(-characters // CHARACTERS_A_PAGE))


def in_days(days: tuple[int, int]) -> str:
    """A delay in words; long ones in weeks."""
    least, most = days
    if least % 7 == 0 and most % 7 == 0:
        return _("%(least)d to %(most)d weeks") % {"least": least // 7, "most": most // 7}
    return _("%(least)d to %(most)d days") % {"least": least, "most": most}


def _pages(tier: PageTier) -> str:
    return _("Pages %(first)d to %(last)d") % {"first": tier.first_page, "last": tier.last_page}


def _each(tier: PageTier, price: Price) -> str:
    return _("%(money)s each") % {"money": Money(tier.amount, price.currency).brief} if tier.amount else _("free")
