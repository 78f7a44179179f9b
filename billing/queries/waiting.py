"""Pages that wait for a provider: how a purchase or an errand stands, and when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from billing.models import Errand, ErrandKind, ErrandState, Price, Purchase, PurchaseState, Subscription
from billing.queries.plans import ChangePage, change_page
from core.money import Money
from organizations.models import Organization

# Seconds before each further look; after the last one the page waits to be asked.
DELAYS = (1, 1, 1, 2, 2, 3, 3, 5, 5, 8, 8, 13, 13, 20, 20, 30, 30, 30, 60, 60)
PORTAL_HOLDS = timedelta(minutes=5)
GOES_ELSEWHERE = {ErrandKind.ADD_CARD, ErrandKind.PORTAL}


@dataclass(frozen=True)
class Look:
    """How often a page was looked at while it waits: `delay` until the next look, None once that is enough."""

    number: int = 0

    @property
    def delay(self) -> int | None:
        """Seconds."""
        return DELAYS[self.number] if self.number < len(DELAYS) else None

    @property
    def next(self) -> int:
        """The next one's number."""
        return self.number + 1


@dataclass(frozen=True)
class PurchasePage:
    """A purchase as it stands with us: what the provider said and was checked, not what a browser says."""

    row: Purchase
    is_expired: bool

    @property
    def stage(self) -> str:
        """What the page shows now, in a word."""
        return PurchaseState.ABANDONED if self.is_expired else self.row.state

    @property
    def is_waiting(self) -> bool:
        """Whether it may change by itself soon."""
        return self.stage in {PurchaseState.PREPARING, PurchaseState.OPEN}

    @property
    def is_payable(self) -> bool:
        """Whether there is a page to pay it on."""
        return self.stage == PurchaseState.OPEN and bool(self.row.url)


@dataclass(frozen=True)
class PreviewedLine:
    """One line of what a change costs; what is given back is negative."""

    description: str
    money: Money


@dataclass(frozen=True)
class ErrandPage:
    """Something that was asked of the provider; of a preview also what is due, and what the change means."""

    row: Errand
    due: Money | None = None
    lines: tuple[PreviewedLine, ...] = ()
    at: datetime | None = None
    change: ChangePage | None = None

    @property
    def stage(self) -> str:
        """What the page shows now, in a word."""
        return self.row.state

    @property
    def is_waiting(self) -> bool:
        """Whether it may change by itself soon."""
        return self.row.state == ErrandState.WAITING

    @property
    def elsewhere(self) -> str:
        """Where the provider's page is, while its address is good."""
        is_fresh = self.row.updated_at > timezone.now() - PORTAL_HOLDS
        is_done = self.row.state == ErrandState.DONE and self.row.kind in GOES_ELSEWHERE
        return str(self.row.result.get("url", "")) if is_done and is_fresh else ""


def purchase_page(purchase: Purchase) -> PurchasePage:
    """A purchase with its price at hand (no query)."""
    is_expired = bool(purchase.expires_at and purchase.expires_at <= timezone.now())
    return PurchasePage(purchase, purchase.state == PurchaseState.OPEN and is_expired)


def errand_page(organization: Organization, errand: Errand) -> ErrandPage:
    """An errand (no query; of a preview that is done, three and one for each meter)."""
    if errand.kind != ErrandKind.PREVIEW or errand.state != ErrandState.DONE:
        return ErrandPage(errand)
    told, currency = errand.result, errand.result["currency"]
    lines = tuple(PreviewedLine(line["description"], Money(line["amount"], currency)) for line in told["lines"])
    return ErrandPage(
        errand, Money(told["due"], currency), lines, parse_datetime(told["at"]), _change(organization, errand)
    )


def _change(organization: Organization, errand: Errand) -> ChangePage | None:
    rows = Subscription.objects.of(organization).select_related("price__plan")
    now = rows.filter(pk=errand.subject_id).first() if errand.subject_id else None
    new = Price.objects.select_related("plan").filter(pk=errand.arguments["price_id"]).first()
    return change_page(organization, now, new) if now and new else None
