"""What caps the models' cost, and how much of each is spent: sums over the journal, in millionths of a US dollar.

A call counts at its cost once it is answered. While it is asked, and for good when nobody knows whether it was paid
(uncertain, stopped, broken off), it counts at its reserve: the most it can have cost. Calls without a price count for
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from books.models import CapScope, LanguageModelCall, Run
from books.queries.money import dollars
from core.ids import first_id
from organizations.models import Organization

SPENT = Coalesce(F("cost_micros"), 0) + F("reserved_micros")
WARNED_AT = (95, 80)  # per cent
COLUMNS = {CapScope.RUN: "run_micros", CapScope.MONTH: "month_micros", CapScope.TOTAL: "total_micros"}


@dataclass(frozen=True)
class Reach:
    """How far one cap is reached."""

    scope: CapScope
    cap: int
    spent: int

    @property
    def percent(self) -> int:
        """Share of the cap that is spent, whole per cent, rounded down."""
        return 100 if not self.cap else 100 * self.spent // self.cap

    @property
    def shown(self) -> int:
        """The percentage as far as a bar goes."""
        return min(100, self.percent)

    @property
    def amounts(self) -> dict[str, str]:
        """The sums in the reader's language."""
        return {"spent": dollars(self.spent), "cap": dollars(self.cap)}

    @property
    def sentence(self) -> str:
        """How much is spent of which cap."""
        said = {
            CapScope.RUN: _("%(spent)s of this run’s cap of %(cap)s is spent."),
            CapScope.MONTH: _("%(spent)s of the organization’s cap of %(cap)s for this month is spent."),
            CapScope.TOTAL: _("%(spent)s of the organization’s cap of %(cap)s in all is spent."),
        }
        return said[self.scope] % self.amounts


def of_run(run: Run) -> dict[CapScope, int]:
    """The caps that hold for a run: its own before the organization's for one run (one query)."""
    prefix = "organization__spendingcaps__"
    fields = ["cap_micros", *(prefix + column for column in COLUMNS.values())]
    own, *columns = Run.objects.of(run.organization).filter(pk=run.pk).values_list(*fields)[0]
    found = dict(zip(COLUMNS, columns, strict=True))
    if own is not None:
        found[CapScope.RUN] = own
    return {scope: cap for scope, cap in found.items() if cap is not None}


def reached(run: Run, caps: Mapping[CapScope, int]) -> list[Reach]:
    """How far each of these caps is reached (one query; none without a cap)."""
    if not caps:
        return []
    widest = next(scope for scope in (CapScope.TOTAL, CapScope.MONTH, CapScope.RUN) if scope in caps)
    month = Q(pk__gte=since(month_of(timezone.now())))
    within = {CapScope.RUN: Q(run=run), CapScope.MONTH: month, CapScope.TOTAL: Q()}
    # The widest of them decides which rows are read at all; a run may have begun before the month.
    if widest == CapScope.MONTH and CapScope.RUN in caps:
        within[widest] |= within[CapScope.RUN]
    calls = calls_of(run.organization).filter(within[widest])
    within[CapScope.MONTH] = month
    sums = calls.aggregate(**{scope: Sum(SPENT, filter=within[scope] or None, default=0) for scope in caps})
    return [Reach(scope, cap, sums[scope]) for scope, cap in caps.items()]


def first_beyond(reaches: list[Reach], more: int) -> Reach | None:
    """The first cap that has no room for `more`."""
    return next((reach for reach in reaches if reach.spent + more > reach.cap), None)


def calls_of(organization: Organization) -> QuerySet[LanguageModelCall]:
    """The organization's journal."""
    return LanguageModelCall.objects.of(organization)


def month_of(moment: datetime) -> date:
    """The first day of the calendar month (UTC)."""
    return moment.astimezone(UTC).date().replace(day=1)


def since(day: date) -> UUID:
    """The first id of a day (UTC)."""
    return first_id(datetime(day.year, day.month, day.day, tzinfo=UTC))
