"""What an organization has used: by day and act, and how far this month's credits reach."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Act, CreditLot, EntryKind, UsageDay, UsageRecord
from core.charts import TONES, Chart, Series, folded
from core.ids import first_id
from organizations.models import Organization
from organizations.queries.usage import Level, Meter, Part

PERIODS = (30, 90, 365)  # days
LIVE_DAYS = 2  # today and the day before: their records are added up when they are asked for
BY_WEEK_FROM = 120  # days
OF_WORDS = (Act.WORDS, Act.REWRITE, Act.TRANSLATE, Act.SUGGEST)
LABELS = {Act.WORDS: gettext_lazy("written words")}  # where the price list's word is another


def _no_parts(_organization: Organization) -> tuple[Part, ...]:
    """What this meter counts is in lots, which `month_level` reads with their limit."""
    return ()


# No column of the limits: what a plan brings is in the ledger.
CREDITS = Meter(
    "credits",
    gettext_lazy("This month’s credits"),
    _no_parts,
    gettext_lazy("Buy a pack of credits, or choose a larger plan."),
)


@dataclass(frozen=True)
class DayUse:
    """What one act came to on one day (UTC)."""

    day: date
    act: Act
    times: int
    units: int
    credits: int


@dataclass(frozen=True)
class ActUse:
    """What one act came to in a period."""

    act: Act
    times: int
    units: int
    credits: int

    @property
    def label(self) -> str:
        """The act in the reader's language."""
        return label_of(self.act)


@dataclass(frozen=True)
class UsagePage:
    """Everything the page of usage shows."""

    days: int
    first: date
    last: date
    month: Level | None
    acts: tuple[ActUse, ...]
    credits: Chart
    words: Chart
    periods: tuple[int, ...] = field(default=PERIODS)

    @property
    def spent(self) -> int:
        """Credits in all."""
        return sum(one.credits for one in self.acts)


def label_of(act: Act) -> str:
    """An act in the reader's language, as a heading."""
    return str(capfirst(str(LABELS.get(act, act.label))))


def usage_page(organization: Organization, days: int) -> UsagePage:
    """The last so many days, today among them (three queries)."""
    last = timezone.now().astimezone(UTC).date()
    first = last - timedelta(days=days - 1)
    uses = use_by_day(organization, first)
    sums: dict[Act, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in uses:
        sums[one.act] = [a + b for a, b in zip(sums[one.act], (one.times, one.units, one.credits), strict=True)]
    acts = sorted((ActUse(act, *found) for act, found in sums.items()), key=lambda one: (-one.credits, one.label))
    order = [one.act for one in acts]
    of_words = [one for one in uses if one.act in OF_WORDS]
    return UsagePage(
        days=days,
        first=first,
        last=last,
        month=month_level(organization),
        acts=tuple(acts),
        credits=_chart(_("Credits"), [(one.day, one.act, one.credits) for one in uses], order, (first, last)),
        words=_chart(_("Words"), [(one.day, one.act, one.units) for one in of_words], order, (first, last)),
    )


def use_by_day(organization: Organization, first: date) -> list[DayUse]:
    """Each day and act from that day on, oldest first (two queries): the roll-up, and the newest days' records."""
    live = timezone.now().astimezone(UTC).date() - timedelta(days=LIVE_DAYS - 1)
    days = UsageDay.objects.of(organization).filter(day__gte=first, day__lt=live)
    rows = list(days.values_list("day", "act", "times", "units", "credits"))
    records = UsageRecord.objects.of(organization).filter(pk__gte=first_id(start_of(max(first, live))))
    rows += [(one["day"], one["act"], one["times"], one["sum_units"], one["sum_credits"]) for one in by_day(records)]
    return [DayUse(day, Act(act), *sums) for day, act, *sums in sorted(rows)]


def by_day(records: QuerySet[UsageRecord]) -> QuerySet[UsageRecord, Any]:
    """Sums of records by organization, day (UTC) and act."""
    dated: Any = records.order_by().annotate(day=TruncDate("created_at", tzinfo=UTC))
    summed: QuerySet[UsageRecord, Any] = dated.values("organization_id", "day", "act").annotate(
        times=Count("id"),
        sum_units=Sum("units", default=0),
        sum_credits=Sum("credits", default=0),
        sum_cost=Sum("cost_micros", default=0),
    )
    return summed


def written_on(day: date) -> Q:
    """Records of a day by their keys, which have an index; a minute more, as a key is made a little before its row."""
    about = timedelta(minutes=1)
    begins, ends = start_of(day) - about, start_of(day) + timedelta(days=1)
    return Q(pk__gte=first_id(begins), pk__lt=first_id(ends), created_at__gte=start_of(day), created_at__lt=ends)


def start_of(day: date) -> datetime:
    """When a day begins in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def month_lots(organization: Organization) -> QuerySet[CreditLot]:
    """The credits that a plan brought for the running month."""
    lots = CreditLot.objects.of(organization).filter(entry__kind=EntryKind.SUBSCRIPTION)
    return lots.filter(expires_at__gt=timezone.now(), withdrawn__lt=F("granted"))


def month_level(organization: Organization) -> Level | None:
    """How much of this month's credits is spent; None where no plan brings any (one query)."""
    gone = F("granted") - F("available") - F("reserved") - F("withdrawn")
    sums = month_lots(organization).aggregate(limit=Sum(F("granted") - F("withdrawn")), used=Sum(gone))
    if not sums["limit"]:
        return None
    return Level(CREDITS, int(sums["limit"]), (Part(str(CREDITS.label), max(0, int(sums["used"]))),))


def _chart(title: str, points: Iterable[tuple[date, Act, int]], order: list[Act], span: tuple[date, date]) -> Chart:
    """Bars by day, or by week of a long period; an act has the same colour in every chart of the page."""
    first, last = span
    by_week = (last - first).days >= BY_WEEK_FROM
    columns = _columns(first, last, by_week=by_week)
    place = {day: number for number, days in enumerate(columns) for day in days}
    found: dict[Act, list[int]] = defaultdict(lambda: [0] * len(columns))
    for day, act, value in points:
        found[act][place[day]] += value
    named = [
        Series(label_of(act), tuple(found[act]), min(number, TONES))
        for number, act in enumerate(order, 1)
        if any(found[act])
    ]
    labels = tuple(_column_label(days[0], by_week=by_week) for days in columns)
    return Chart(title, labels, folded(named, _("Others")))


def _columns(first: date, last: date, *, by_week: bool) -> list[list[date]]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not by_week:
        return [[day] for day in days]
    weeks: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in days:
        weeks[day.isocalendar()[:2]].append(day)
    return list(weeks.values())


def _column_label(day: date, *, by_week: bool) -> str:
    if by_week:
        return _("Week of %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    return str(date_format(day, "MONTH_DAY_FORMAT"))
