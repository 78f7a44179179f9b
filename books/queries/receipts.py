"""What a book's calls used and cost: summed by kind of step, and one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from books.models import Book, CallState, LanguageModelCall, StepKind
from books.queries.money import dollars

PURPOSES = {
    "outline": _("outline"),
    "facts": _("facts"),
    "section": _("sections"),
    "summary": _("summaries for later sections"),
    "blurb": _("back-cover text"),
    "repair": _("second tries"),
    "rewrite": _("rewritten and translated texts"),
    "review": _("suggestions"),
    "correction": _("corrections"),
    "chat": _("chat and ideas"),
}
# Why a model did not answer, by the code of books.providers.language_models.errors, short enough for a line of a table.
REASONS = {
    "rate_limited": _("too much asked at once"),
    "unavailable": _("out of reach"),
    "timed_out": _("no answer in time"),
    "cut_short": _("the answer broke off"),
    "malformed": _("not an answer in the agreed shape"),
    "unusable": _("an answer of no use"),
    "refused": _("declined"),
    "context_too_long": _("too long a text for it"),
    "rejected": _("the question was turned down"),
    "not_authorized": _("the key was not accepted"),
    "model_not_found": _("no such model there"),
    "quota_spent": _("its quota is spent"),
    "stopped": _("stopped"),
}
PAGE = 50
SUMMED = ("calls", "tokens_in", "tokens_out", "cost", "strong", "compared", "unpriced", "uncertain", "fallbacks")
ANSWERED = Q(state=CallState.ANSWERED)
PRICED = Q(cost_micros__isnull=False, strong_micros__isnull=False)
TONES = {CallState.ANSWERED: "ok", CallState.FAILED: "bad", CallState.ASKING: "run"}


@dataclass(frozen=True)
class ReceiptLine:
    """The calls of one kind. Money in millionths of a US dollar, of answered calls whose price is known."""

    purpose: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: int
    strong: int
    compared: int
    unpriced: int
    uncertain: int
    fallbacks: int
    models: tuple[str, ...]

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return label_of(self.purpose)

    @property
    def is_priced(self) -> bool:
        """Whether a sum of money can be said at all."""
        return self.calls > self.unpriced

    @property
    def money(self) -> str:
        """The cost in the reader's language."""
        return dollars(self.cost if self.is_priced else None)


@dataclass(frozen=True)
class Receipt:
    """The calls of a book by kind, rewrites and chats among them."""

    lines: tuple[ReceiptLine, ...]

    def _sum(self, field: str) -> int:
        return sum(getattr(line, field) for line in self.lines)

    @property
    def whole(self) -> ReceiptLine:
        """Everything together."""
        models = tuple(sorted({model for line in self.lines for model in line.models}))
        return ReceiptLine(purpose="", models=models, **{field: self._sum(field) for field in SUMMED})

    @property
    def strong(self) -> str:
        """What the strong tier's first model would have cost for the same tokens; empty when that is not known."""
        return dollars(self._sum("strong")) if self._sum("strong") else ""

    @property
    def saving(self) -> int:
        """Per cent saved beside that model, over the calls both of whose prices are known; 0 when none."""
        strong, paid = self._sum("strong"), self._sum("compared")
        return max(0, 100 * (strong - paid) // strong) if strong else 0


@dataclass(frozen=True)
class CallLine:
    """One call."""

    id: UUID
    at: datetime
    purpose: str
    step: str
    state: CallState
    model: str
    asked: str
    tokens_in: int
    tokens_out: int
    cost_micros: int | None
    total_ms: int | None
    problem_code: str
    fallbacks: tuple[Mapping[str, Any], ...]

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return label_of(self.purpose)

    @property
    def money(self) -> str:
        """The cost; a dash for a call that was not answered."""
        return dollars(self.cost_micros) if self.state == CallState.ANSWERED else "–"

    @property
    def seconds(self) -> Decimal | None:
        """How long the answer took."""
        return None if self.total_ms is None else Decimal(self.total_ms) / 1000

    @property
    def tone(self) -> str:
        """Which tag colour the state has."""
        return TONES.get(self.state, "wait")

    @property
    def problem(self) -> str:
        """Why it failed, in the reader's language; empty for a call that was answered."""
        return reason_of(self.problem_code)

    @property
    def detours(self) -> tuple[str, ...]:
        """Which models were asked in vain before this one, each with the reason, in the reader's language."""
        line = gettext("%(first)s: %(reason)s. %(next)s was asked instead.")
        return tuple(
            line % {"first": one["label"], "reason": reason_of(one["code"]), "next": one["next"]}
            for one in self.fallbacks
        )

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)


@dataclass(frozen=True)
class CallPage:
    """A page of a book's calls, the newest first; `before` is the cursor of the next page."""

    calls: tuple[CallLine, ...]
    before: UUID | None


def reason_of(code: str) -> str:
    """A code of a failed call in words, the code itself when it has none."""
    return str(REASONS.get(code, code))


def label_of(purpose: str) -> str:
    """A kind of call in the reader's language."""
    return str(PURPOSES.get(purpose, purpose))


def receipt(book: Book) -> Receipt:
    """The receipt of a book (one query, whatever it was asked)."""
    both = ANSWERED & PRICED
    rows: Any = (
        calls_of(book)
        .values("purpose")
        .annotate(
            calls=Count("id", filter=ANSWERED),
            tokens_in=Coalesce(Sum("tokens_in", filter=ANSWERED), 0),
            tokens_out=Coalesce(Sum("tokens_out", filter=ANSWERED), 0),
            cost=Coalesce(Sum("cost_micros", filter=ANSWERED), 0),
            strong=Coalesce(Sum("strong_micros", filter=both), 0),
            compared=Coalesce(Sum("cost_micros", filter=both), 0),
            unpriced=Count("id", filter=ANSWERED & Q(cost_micros__isnull=True)),
            uncertain=Count("id", filter=Q(state__in=[CallState.UNCERTAIN, CallState.STOPPED])),
            fallbacks=Count("id", filter=~Q(fallbacks=[])),
            models=ArrayAgg("model", filter=ANSWERED, distinct=True, default=[]),
        )
    )
    order = list(PURPOSES)
    found = [ReceiptLine(**{**row, "models": tuple(row["models"])}) for row in rows]
    return Receipt(tuple(sorted(found, key=lambda line: order.index(line.purpose) if line.purpose in order else 99)))


def calls(book: Book, *, purpose: str = "", state: str = "", before: UUID | None = None) -> CallPage:
    """A page of the book's calls (one query)."""
    rows = calls_of(book)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    found: list[Any] = list(
        rows.order_by("-pk").values(
            "id", "purpose", "state", "model", "asked", "tokens_in", "tokens_out", "cost_micros", "total_ms",
            "problem_code", "fallbacks", at=F("created_at"), kind=F("step__kind"), number=F("step__position"),
        )[: PAGE + 1]
    )  # fmt: skip
    lines = tuple(_line(row) for row in found[:PAGE])
    return CallPage(lines, before=lines[-1].id if len(found) > PAGE else None)


def calls_of(book: Book) -> QuerySet[LanguageModelCall]:
    """Every call that any run of the book made."""
    return LanguageModelCall.objects.of(book.organization).filter(run__book=book)


def _line(row: dict[str, Any]) -> CallLine:
    kind, number = StepKind(row.pop("kind")), row.pop("number")
    step = f"{kind.label} {number}" if number else str(kind.label)
    return CallLine(
        **{**row, "state": CallState(row["state"]), "fallbacks": tuple(row["fallbacks"])},
        step=step,
    )
