"""Visits of a book by day, as numbers and as what a chart draws."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from books.models import Book, ShareLink, VisitCount

DAYS = 30
# The chart, in units of its own drawing.
WIDTH, HEIGHT = 600, 140
STEP = WIDTH / DAYS
BAR = 12


@dataclass(frozen=True)
class Day:
    """One day: visits, and the visitors among them (about 1 % off). The bars are where the chart draws them."""

    day: date
    visits: int
    visitors: int
    x: float
    visits_height: float
    visitors_height: float

    @property
    def visits_y(self) -> float:
        """Where the bar of visits begins, from the top."""
        return HEIGHT - self.visits_height

    @property
    def visitors_y(self) -> float:
        """Where the bar of visitors begins, from the top."""
        return HEIGHT - self.visitors_height


@dataclass(frozen=True)
class VisitsPage:
    """The last 30 days, and everything since the first; of one link, of the public page, or of all together."""

    book: Book
    days: tuple[Day, ...]
    visits: int
    most: int
    links: tuple[tuple[UUID, str], ...]
    chosen: str

    @property
    def recent(self) -> int:
        """Visits of the days shown."""
        return sum(day.visits for day in self.days)

    @property
    def told(self) -> tuple[Day, ...]:
        """The days with visits, the latest first."""
        return tuple(day for day in reversed(self.days) if day.visits)


def visits_page(book: Book, *, link: UUID | None = None, public: bool = False) -> VisitsPage:
    """Read the visits of a book (three queries)."""
    rows = VisitCount.objects.of(book.organization).filter(book=book)
    if link or public:
        rows = rows.filter(link=link)
    links = ShareLink.objects.of(book.organization).filter(book=book).order_by("-id").values_list("id", "label")
    days = _days(rows, timezone.now().date())
    return VisitsPage(
        book=book,
        days=days,
        visits=rows.aggregate(all=Sum("visits"))["all"] or 0,
        most=max(day.visits for day in days),
        links=tuple(links),
        chosen="public" if public else str(link or ""),
    )


def _days(rows: QuerySet[VisitCount], today: date) -> tuple[Day, ...]:
    first = today - timedelta(days=DAYS - 1)
    sums = rows.filter(day__gte=first).order_by().values("day").annotate(all=Sum("visits"), people=Sum("visitors"))
    counted = {row["day"]: (row["all"], row["people"]) for row in sums}
    most = max((visits for visits, _visitors in counted.values()), default=0) or 1
    found = []
    for number in range(DAYS):
        visits, visitors = counted.get(day := first + timedelta(days=number), (0, 0))
        heights = [round(value * HEIGHT / most, 1) for value in (visits, visitors)]
        found.append(Day(day, visits, visitors, number * STEP, *heights))
    return tuple(found)
