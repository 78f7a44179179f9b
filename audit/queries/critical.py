"""What staff should look at: how grave the last days were, and the critical entries themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from audit.models import Entry, Severity
from core.ids import first_id_of

DAYS = 14
LATEST = 50
WIDTH, HEIGHT, GAP = 640, 160, 6  # of the drawing, in its own units
SHOWN = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)


@dataclass(frozen=True)
class Day:
    """How many entries of each severity one day had."""

    day: date
    critical: int
    high: int
    medium: int
    low: int


@dataclass(frozen=True)
class Bar:
    """One rectangle of the drawing, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    severity: str
    label: str
    day: date
    number: int


def days(now: datetime | None = None) -> list[Day]:
    """The last DAYS days where the reader is, oldest first; also those without an entry."""
    today = timezone.localdate(now)
    first = today - timedelta(days=DAYS - 1)
    counted = (
        Entry.objects.filter(id__gte=first_id_of(first)).order_by().annotate(day=TruncDate("at"))
        .values_list("day", "severity").annotate(number=Count("id"))
    )  # fmt: skip
    numbers = {(day, severity): number for day, severity, number in counted}
    return [
        Day(day, **{one.value: numbers.get((day, one.value), 0) for one in Severity})
        for day in (first + timedelta(days=ahead) for ahead in range(DAYS))
    ]


def bars(of: list[Day]) -> Iterator[Bar]:
    """Each day as a pile of what was grave, the gravest below; the highest pile fills the drawing."""
    highest = max([1, *(day.critical + day.high + day.medium for day in of)])
    width = WIDTH / len(of)
    for place, day in enumerate(of):
        top = float(HEIGHT)
        for severity in SHOWN:
            number = getattr(day, severity.value)
            tall = number * HEIGHT / highest
            top -= tall
            if number:
                x, wide = round(place * width + GAP / 2, 1), round(width - GAP, 1)
                yield Bar(x, round(top, 1), wide, round(tall, 1), severity.value, str(severity.label), day.day, number)


def latest(before: UUID | None = None) -> list[Entry]:
    """The newest critical entries, or those before one of them."""
    entries = Entry.objects.filter(severity=Severity.CRITICAL)
    return list((entries.filter(id__lt=before) if before else entries).order_by("-id")[:LATEST])
