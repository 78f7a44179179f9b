"""What each organization cost and brought in a month: for staff, across organizations. US dollars in millionths."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, Sum

from books.models import CallState, LanguageModelCall, Run, RunState
from books.queries.caps import SPENT, since
from books.queries.money import dollars

SORTS = ("name", "calls", "cost", "quoted", "delivered", "revenue", "margin")


@dataclass(frozen=True)
class Margin:
    """One organization's month, or one book's. Credits `quoted` by runs begun in it, `delivered` by those completed."""

    organization: UUID
    name: str
    slug: str
    calls: int = 0
    unpriced: int = 0
    cost: int = 0
    quoted: int = 0
    delivered: int = 0
    book_id: UUID | None = None
    title: str = ""  # of the book

    @property
    def revenue(self) -> int:
        """What the delivered credits were sold for, at CREDIT_VALUE_MICROS each."""
        return int(self.delivered * settings.CREDIT_VALUE_MICROS)

    @property
    def margin(self) -> int:
        """Revenue less cost."""
        return self.revenue - self.cost

    @property
    def percent(self) -> int | None:
        """Margin as per cent of the revenue; None without revenue."""
        return 100 * self.margin // self.revenue if self.revenue else None

    @property
    def money(self) -> tuple[str, str, str]:
        """Cost, revenue and margin as read."""
        return dollars(self.cost), dollars(self.revenue), dollars(self.margin)


def months(today: date, count: int = 12) -> tuple[date, ...]:
    """The first days of this month and of those before it."""
    number = today.year * 12 + today.month - 1
    return tuple(date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(count))


def margins(month: date, sort: str = "-cost", *, by_book: bool = False) -> list[Margin]:
    """Every organization, or every book, for which anything was asked or ordered in that month (two queries)."""
    after = months(month, 1)[0]
    following = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    within = Q(pk__gte=since(after), pk__lt=since(following))
    who = {"name": F("organization__name"), "slug": F("organization__slug")}
    of_call = {"book_id": F("run__book_id"), "title": F("run__book__title")} if by_book else {}
    of_run = {"title": F("book__title")} if by_book else {}
    asked: Any = LanguageModelCall.objects.filter(within).values("organization", **who, **of_call)
    ordered: Any = Run.objects.filter(within).values("organization", *(["book_id"] if by_book else []), **who, **of_run)
    unpriced = Count("id", filter=Q(state=CallState.ANSWERED, cost_micros__isnull=True))
    delivered = Sum("credits_quoted", filter=Q(state=RunState.COMPLETED), default=0)
    found: defaultdict[tuple[UUID, UUID | None], dict[str, Any]] = defaultdict(dict)
    for row in (
        *asked.annotate(calls=Count("id"), unpriced=unpriced, cost=Sum(SPENT, default=0)),
        *ordered.annotate(quoted=Sum("credits_quoted", default=0), delivered=delivered),
    ):
        found[row["organization"], row.get("book_id")].update(row)
    key = sort.lstrip("-") if sort.lstrip("-") in SORTS else "cost"
    lines = [Margin(**row) for row in found.values()]
    return sorted(lines, key=lambda line: getattr(line, key), reverse=sort.startswith("-"))
