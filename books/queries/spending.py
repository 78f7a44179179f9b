"""What an organization's calls cost this month, what caps hold, and what they stopped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from books.models import (
    Book,
    CallState,
    CapScope,
    LanguageModelCall,
    Run,
    RunKind,
    RunState,
    SpendingCaps,
    SpendingWarning,
)
from books.queries import caps
from books.queries.caps import Reach
from books.queries.money import MICROS, dollars
from books.queries.receipts import label_of
from organizations.access import Member
from organizations.models import Organization

BOOKS, WARNINGS = 20, 20


@dataclass(frozen=True)
class SpendingLine:
    """What one thing's calls cost this month: `label` may lead to a book."""

    label: str
    calls: int
    tokens: int
    micros: int
    unpriced: int
    book_id: UUID | None = None

    @property
    def money(self) -> str:
        """The cost in the reader's language."""
        return dollars(self.micros if self.calls > self.unpriced or self.micros else None)


@dataclass(frozen=True)
class Stopped:
    """A run that a cap has paused."""

    run: Run
    can_see: bool

    @property
    def cap(self) -> str:
        """Its own cap as people type it; empty without one."""
        own = self.run.cap_micros
        return "" if own is None else number_format(Decimal(own) / MICROS, decimal_pos=2)

    @property
    def needed(self) -> str:
        """What its next call may cost."""
        return dollars(self.run.needed_micros)


@dataclass(frozen=True)
class WarningLine:
    """That people were told."""

    at: datetime
    label: str
    percent: int
    spent: str
    cap: str


@dataclass(frozen=True)
class SpendingPage:
    """Everything the page of spending shows."""

    month: date
    spent: int
    reaches: tuple[Reach, ...]
    kinds: tuple[SpendingLine, ...]
    books: tuple[SpendingLine, ...]
    stopped: tuple[Stopped, ...]
    warnings: tuple[WarningLine, ...]

    @property
    def money(self) -> str:
        """This month's cost, with what is reserved."""
        return dollars(self.spent)

    @property
    def unpriced(self) -> int:
        """This month's calls without a known price."""
        return sum(line.unpriced for line in self.kinds)


def spending_page(member: Member, row: SpendingCaps | None) -> SpendingPage:
    """The page of an organization whose caps are `row` (five queries, a sixth with caps of a month or in all)."""
    organization, month = member.organization, caps.month_of(timezone.now())
    kinds = _by_kind(organization, month)
    return SpendingPage(
        month=month,
        spent=sum(line.micros for line in kinds),
        reaches=_reaches(organization, month, row),
        kinds=kinds,
        books=_by_book(member, month),
        stopped=_stopped(member),
        warnings=_warnings(organization),
    )


def caps_row(organization: Organization) -> SpendingCaps | None:
    """The organization's caps; None when none was ever set (one query)."""
    return SpendingCaps.objects.of(organization).first()


def near(run: Run) -> tuple[Reach, ...]:
    """The caps that hold for a run and are spent to 80 per cent and more (one query, a second with caps)."""
    return tuple(reach for reach in caps.reached(run, caps.of_run(run)) if reach.percent >= min(caps.WARNED_AT))


def _reaches(organization: Organization, month: date, row: SpendingCaps | None) -> tuple[Reach, ...]:
    if row is None or (row.month_micros is None and row.total_micros is None):
        return ()
    calls = caps.calls_of(organization)
    within = Q(pk__gte=caps.since(month))
    sums = calls.aggregate(
        month=Sum(caps.SPENT, filter=within, default=0),
        total=Sum(caps.SPENT, default=0),
    )
    given = {CapScope.MONTH: row.month_micros, CapScope.TOTAL: row.total_micros}
    return tuple(Reach(scope, cap, sums[scope]) for scope, cap in given.items() if cap is not None)


def _this_month(organization: Organization, month: date) -> QuerySet[LanguageModelCall]:
    return caps.calls_of(organization).filter(pk__gte=caps.since(month))


SUMS = {
    "calls": Count("id", filter=Q(state=CallState.ANSWERED)),
    "tokens": Sum("tokens_in", default=0) + Sum("tokens_out", default=0),
    "micros": Sum(caps.SPENT, default=0),
    "unpriced": Count("id", filter=Q(state=CallState.ANSWERED, cost_micros__isnull=True)),
}


def _summed(calls: QuerySet[LanguageModelCall], *by: str) -> Iterable[dict[str, Any]]:
    """Calls grouped, the dearest group first."""
    rows: Any = calls.values(*by).annotate(**SUMS)
    found: Iterable[dict[str, Any]] = rows.order_by("-micros", "-calls", *by)
    return found


def _sums(*rows: Mapping[str, Any]) -> dict[str, Any]:
    return {field: sum(row[field] for row in rows) for field in SUMS}


def _by_kind(organization: Organization, month: date) -> tuple[SpendingLine, ...]:
    rows = _summed(_this_month(organization, month), "purpose")
    return tuple(SpendingLine(label=label_of(row["purpose"]).capitalize(), **_sums(row)) for row in rows)


def _by_book(member: Member, month: date) -> tuple[SpendingLine, ...]:
    """The dearest books; those the member may not read come together, without their titles."""
    readable = Exists(Book.objects.visible_to(member).filter(pk=OuterRef("run__book")))
    calls = _this_month(member.organization, month).annotate(readable=readable)
    rows = list(_summed(calls, "run__book", "run__book__title", "readable"))
    shown = [row for row in rows if row["readable"]][:BOOKS]
    rest = [row for row in rows if row not in shown]
    lines = [SpendingLine(label=row["run__book__title"], book_id=row["run__book"], **_sums(row)) for row in shown]
    return (*lines, *([SpendingLine(label=_("Other books"), **_sums(*rest))] if rest else []))


def _stopped(member: Member) -> tuple[Stopped, ...]:
    runs = Run.objects.of(member.organization).filter(state=RunState.PAUSED, needed_micros__isnull=False)
    readable = Book.objects.visible_to(member).filter(pk=OuterRef("book"))
    rows = runs.select_related("book", "started_by").annotate(readable=Exists(readable)).order_by("-id")[:BOOKS]
    mine = member.person.pk
    return tuple(Stopped(run, run.readable and (run.kind != RunKind.CHAT or run.started_by_id == mine)) for run in rows)


def _warnings(organization: Organization) -> tuple[WarningLine, ...]:
    rows = SpendingWarning.objects.of(organization).order_by("-id")[:WARNINGS]
    return tuple(
        WarningLine(
            at=row.created_at,
            label=row.get_scope_display(),
            percent=row.percent,
            spent=dollars(row.spent_micros),
            cap=dollars(row.cap_micros),
        )
        for row in rows
    )
