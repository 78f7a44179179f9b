"""How the language models do, over the last day, by name in the configuration: across organizations, naming none."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, F, FloatField, Max, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from books.models import CallState, LanguageModelCall
from core.ids import first_id

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_FALLBACKS = 5000  # read one by one; beyond that the rate is one of the newest
ANSWERED = Q(state=CallState.ANSWERED)
# The last model asked: the preferred one, or whoever came after the last fallback.
LAST_ASKED = Coalesce(KT("fallbacks__-1__to"), F("asked"), output_field=TextField())


class Percentile(Aggregate):
    """PERCENTILE_CONT of one expression; `fraction` between 0 and 1."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass
class Health:
    """One model. Times in milliseconds; `errors` and `hour_errors` count by code, fallbacks from it among them."""

    name: str
    label: str = ""
    calls: int = 0
    hour_calls: int = 0
    p50: int | None = None
    p95: int | None = None
    first_text: int | None = None
    last_success: datetime | None = None
    last_error: datetime | None = None
    last_code: str = ""
    fallbacks: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    hour_errors: Counter[str] = field(default_factory=Counter)

    @property
    def error_list(self) -> str:
        """The day's errors, the most frequent first."""
        return ", ".join(f"{code} {number}" for code, number in self.errors.most_common())

    @property
    def hour_error_list(self) -> str:
        """The hour's errors."""
        return ", ".join(f"{code} {number}" for code, number in self.hour_errors.most_common())

    @property
    def fallback_percent(self) -> int:
        """Per cent of the day's tries that ended in a fallback to another model."""
        tries = self.calls + self.fallbacks
        return 100 * self.fallbacks // tries if tries else 0

    def failed(self, code: str, at: datetime, *, recent: bool) -> None:
        """Count one failure."""
        self.errors[code] += 1
        self.hour_errors[code] += recent
        if not recent:
            del self.hour_errors[code]
        if self.last_error is None or at > self.last_error:
            self.last_error, self.last_code = at, code


def health(configured: Iterable[tuple[str, str]]) -> tuple[Health, ...]:
    """Every configured model (name, label), called or not, then others that were called (three queries)."""
    now = timezone.now()
    found = {name: Health(name, label) for name, label in configured}
    for row in _answers(now):
        one = found.setdefault(row.pop("name"), Health(""))
        for attribute, value in row.items():
            setattr(one, attribute, round(value) if isinstance(value, float) else value)
    for name, code, at in _failures(now):
        found.setdefault(name, Health(name)).failed(code, at, recent=at > now - HOUR)
    for name, code, at in _fallbacks(now):
        one = found.setdefault(name, Health(name))
        one.fallbacks += 1
        one.failed(code, at, recent=at > now - HOUR)
    return tuple(_named(found))


def _named(found: dict[str, Health]) -> Iterable[Health]:
    for name, one in found.items():
        one.name, one.label = name, one.label or name
        yield one


def _answers(now: datetime) -> Iterable[dict[str, Any]]:
    recent = Q(pk__gte=first_id(now - HOUR))
    rows: Any = _calls(now).annotate(name=LAST_ASKED).values("name")
    found: Iterable[dict[str, Any]] = rows.annotate(
        calls=Count("id"),
        hour_calls=Count("id", filter=recent),
        p50=Percentile("total_ms", fraction="0.5", filter=ANSWERED),
        p95=Percentile("total_ms", fraction="0.95", filter=ANSWERED),
        first_text=Percentile("first_text_ms", fraction="0.5", filter=ANSWERED),
        last_success=Max("updated_at", filter=ANSWERED),
    )
    return found


def _failures(now: datetime) -> Iterable[tuple[str, str, datetime]]:
    failed = _calls(now).filter(state=CallState.FAILED).annotate(name=LAST_ASKED).order_by("-pk")
    yield from failed.values_list("name", "problem_code", "updated_at")[:MOST_FALLBACKS]


def _fallbacks(now: datetime) -> Iterable[tuple[str, str, datetime]]:
    rows = _calls(now).exclude(fallbacks=[]).order_by("-pk").values_list("fallbacks", "updated_at")[:MOST_FALLBACKS]
    for fallbacks, at in rows:
        for one in fallbacks:
            yield one["name"], one["code"], at


def _calls(now: datetime) -> Any:
    return LanguageModelCall.objects.filter(pk__gte=_since(now))


def _since(now: datetime) -> UUID:
    return first_id(now - DAY)
