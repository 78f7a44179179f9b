"""What staff read off the books: revenue, what recurs, who leaves, what fails, and what each organization brings in.

Across organizations, in the admin's `core.tenancy.system`; as many queries whatever the number of rows.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import (
    Account,
    EntryKind,
    EventState,
    Interval,
    LedgerLine,
    Payment,
    PaymentState,
    ProviderEvent,
    Subscription,
    SubscriptionState,
    UsageDay,
)
from core.charts import Chart, Series
from core.ids import first_id
from core.money import Money, digits

MONTHS = 12
RECENT = timedelta(days=30)
LISTED = 20
BACK = {EntryKind.REFUND, EntryKind.DISPUTE}
RECURRING = [SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE]  # a trial pays nothing yet
UNMATCHED = [EventState.REFUSED, EventState.FAILED, EventState.IGNORED]


@dataclass(frozen=True)
class Month:
    """What came in and what went back in one currency, minor units, by the ledger."""

    month: date
    currency: str
    received: int = 0
    returned: int = 0

    @property
    def label(self) -> str:
        """The month in the reader's language."""
        return str(date_format(self.month, "YEAR_MONTH_FORMAT"))

    @property
    def shown(self) -> tuple[str, str, str]:
        """Received, paid back, and what is left."""
        sums = (self.received, self.returned, self.received - self.returned)
        return (Money(sums[0], self.currency).shown, Money(sums[1], self.currency).shown,
                Money(sums[2], self.currency).shown)  # fmt: skip

    @property
    def cells(self) -> tuple[object, ...]:
        """The same as a row of a table, in the currency's major units."""
        scale = -digits(self.currency)
        sums = (self.received, self.returned, self.received - self.returned)
        return (f"{self.month:%Y-%m}", self.currency, *(Decimal(one).scaleb(scale) for one in sums))


@dataclass(frozen=True)
class Recurring:
    """What running subscriptions bring a month in one currency; a year's price counts a twelfth."""

    money: Money
    subscriptions: int


@dataclass(frozen=True)
class Churn:
    """Paid subscriptions that ran when a month began, and those that ended in it."""

    month: date
    running: int
    ended: int

    @property
    def label(self) -> str:
        """The month in the reader's language."""
        return str(date_format(self.month, "YEAR_MONTH_FORMAT"))

    @property
    def percent(self) -> int | None:
        """Of those that ran, rounded down; None where none did."""
        return 100 * self.ended // self.running if self.running else None


@dataclass(frozen=True)
class OrganizationMargin:
    """What an organization used in a month: `credits` delivered, and their models' cost in millionths of a dollar."""

    name: str
    slug: str
    credits: int
    cost: int

    @property
    def value(self) -> int:
        """What its credits were sold for, at CREDIT_VALUE_MICROS each."""
        return int(self.credits * settings.CREDIT_VALUE_MICROS)

    @property
    def percent(self) -> int | None:
        """Margin as per cent of the value; None without any."""
        return 100 * (self.value - self.cost) // self.value if self.value else None

    @property
    def shown(self) -> tuple[str, str, str]:
        """Value, cost and margin in dollars."""
        return dollars(self.value), dollars(self.cost), dollars(self.value - self.cost)


@dataclass(frozen=True)
class RevenuePage:
    """Everything the dashboard shows."""

    months: tuple[Month, ...]
    charts: tuple[Chart, ...]
    recurring: tuple[Recurring, ...]
    churn: tuple[Churn, ...]
    churn_chart: Chart
    failures: tuple[tuple[str, int], ...]
    failed: tuple[Payment, ...]
    events: tuple[tuple[EventState, str, int], ...]
    margins: tuple[OrganizationMargin, ...]
    margins_since: date

    @property
    def subscriptions(self) -> int:
        """All that recur."""
        return sum(one.subscriptions for one in self.recurring)

    @property
    def failed_number(self) -> int:
        """Payments that failed of late."""
        return sum(number for _code, number in self.failures)

    @property
    def open_events(self) -> int:
        """Events of late that need a person: refused, or failing."""
        return sum(number for state, _code, number in self.events if state != EventState.IGNORED)


def revenue_page() -> RevenuePage:
    """The last twelve months, this one among them (seven queries)."""
    first_days = month_starts(timezone.now().astimezone(UTC).date())
    months, churned = revenue(first_days), churn(first_days)
    return RevenuePage(
        months=tuple(months),
        charts=tuple(_chart(currency, first_days, months) for currency in sorted({one.currency for one in months})),
        recurring=recurring(),
        churn=tuple(reversed(churned)),
        churn_chart=Chart(
            _("Subscriptions that ended"),
            tuple(one.label for one in churned),
            (Series(_("Ended"), tuple(one.ended for one in churned)),),
        ),
        failures=failures(),
        failed=_failed(),
        events=unmatched(),
        margins=margins(first_days[-1])[:LISTED],
        margins_since=first_days[-1],
    )


def month_starts(today: date) -> tuple[date, ...]:
    """The first days of the last twelve months, oldest first."""
    number = today.year * 12 + today.month - 1
    return tuple(date((number - back) // 12, (number - back) % 12 + 1, 1) for back in reversed(range(MONTHS)))


def revenue(first_days: tuple[date, ...]) -> list[Month]:
    """What moved at the providers since the first of these days, the newest month first (one query)."""
    lines: Any = LedgerLine.objects.filter(account=Account.CASH, pk__gte=first_id(_start(first_days[0])))
    sums = lines.order_by().annotate(month=TruncMonth("created_at", tzinfo=UTC)).values("month", "unit", "entry__kind")
    found: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in sums.annotate(sum=Sum("amount")):
        place = found[row["month"].date(), row["unit"]]
        if row["entry__kind"] in BACK:
            place[1] -= row["sum"]
        else:
            place[0] += row["sum"]
    return [
        Month(*key, *sums) for key, sums in sorted(found.items(), key=lambda one: (-one[0][0].toordinal(), one[0][1]))
    ]


def recurring() -> tuple[Recurring, ...]:
    """By currency, the largest number of subscriptions first (one query)."""
    rows: Any = Subscription.objects.filter(state__in=RECURRING, is_surplus=False).order_by()
    prices = rows.values("price__currency", "price__interval", "price__amount").annotate(number=Count("id"))
    yearly, monthly, numbers = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for row in prices:
        sums = yearly if row["price__interval"] == Interval.YEAR else monthly
        sums[row["price__currency"]] += row["price__amount"] * row["number"]
        numbers[row["price__currency"]] += row["number"]
    found = [
        Recurring(Money(monthly[currency] + yearly[currency] // 12, currency), number)
        for currency, number in numbers.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.subscriptions, one.money.currency)))


def churn(first_days: tuple[date, ...]) -> list[Churn]:
    """How many of those that were ever paid ran and ended, the oldest month first (one query)."""
    counts: dict[str, Count] = {}
    for number, day in enumerate(first_days):
        begins, ends = _start(day), _start(_following(day))
        running = Q(created_at__lt=begins) & (Q(ended_at__isnull=True) | Q(ended_at__gte=begins))
        counts[f"running_{number}"] = Count("id", filter=running)
        counts[f"ended_{number}"] = Count(
            "id", filter=Q(ended_at__gte=begins, ended_at__lt=ends, created_at__lt=begins)
        )
    sums = Subscription.objects.filter(paid_until__isnull=False, is_surplus=False).aggregate(**counts)
    return [Churn(day, sums[f"running_{number}"], sums[f"ended_{number}"]) for number, day in enumerate(first_days)]


def failures() -> tuple[tuple[str, int], ...]:
    """Why payments failed in the last 30 days, the commonest reason first (one query)."""
    rows: Any = _recent_failed().order_by().values_list("failure_code").annotate(number=Count("id"))
    return tuple(rows.order_by("-number", "failure_code"))


def unmatched() -> tuple[tuple[EventState, str, int], ...]:
    """Events of the last 30 days that were not applied: state, code, how many (one query)."""
    rows: Any = ProviderEvent.objects.filter(state__in=UNMATCHED, created_at__gte=timezone.now() - RECENT).order_by()
    sums = rows.values_list("state", "code").annotate(number=Count("id")).order_by("-number", "state", "code")
    return tuple((EventState(state), code, number) for state, code, number in sums)


def margins(month: date) -> tuple[OrganizationMargin, ...]:
    """What each organization used in that month, by the roll-up, the dearest first (one query)."""
    rows: Any = UsageDay.objects.filter(day__gte=month, day__lt=_following(month)).order_by()
    sums = rows.values("organization_id", name=F("organization__name"), slug=F("organization__slug")).annotate(
        credits=Sum("credits"), cost=Sum("cost_micros")
    )
    found = [OrganizationMargin(row["name"], row["slug"], row["credits"], row["cost"]) for row in sums]
    return tuple(sorted(found, key=lambda one: (-one.cost, one.name)))


def dollars(micros: int) -> str:
    """Millionths of a US dollar as read, to the cent, rounded down."""
    return Money(micros // 10_000, "USD").shown


def _recent_failed() -> Any:
    return Payment.objects.filter(state=PaymentState.FAILED, pk__gte=first_id(timezone.now() - RECENT))


def _failed() -> tuple[Payment, ...]:
    """The newest of them, with their organizations."""
    return tuple(_recent_failed().select_related("organization").order_by("-pk")[:LISTED])


def _chart(currency: str, first_days: tuple[date, ...], months: list[Month]) -> Chart:
    """What came in by month: what is left of it, and what went back."""
    found = {one.month: one for one in months if one.currency == currency}
    rows = [found.get(day, Month(day, currency)) for day in first_days]
    kept = Series(_("Kept"), tuple(max(0, one.received - one.returned) for one in rows))
    back = Series(_("Paid back"), tuple(max(0, one.returned) for one in rows), tone=2)
    labels = tuple(one.label for one in rows)
    title = _("Revenue in %(currency)s") % {"currency": currency}
    return Chart(title, labels, (kept, back), written=lambda amount: Money(amount, currency).brief)


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
