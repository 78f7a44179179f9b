"""What models may be asked to do with a chapter, and what they were asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import queries as prices
from billing.models import Act
from books.models import (
    ACTIVE_RUN_STATES,
    Book,
    Chapter,
    Decision,
    Review,
    Rewrite,
    RewriteTask,
    Run,
    RunKind,
    RunState,
    SuggestionKind,
)

LISTED = 50  # orders of a chapter that are shown, the latest
GLIMPSE = 90  # characters of a passage, to know it by
ACTS = {
    Act.REWRITE: gettext_lazy("Rewriting, shortening, lengthening"),
    Act.TRANSLATE: gettext_lazy("Translating"),
    Act.SUGGEST: gettext_lazy("Suggesting changes"),
}
WHOLE = {
    RewriteTask.REWRITE: gettext_lazy("The chapter rewritten"),
    RewriteTask.SHORTEN: gettext_lazy("The chapter, shorter"),
    RewriteTask.LENGTHEN: gettext_lazy("The chapter, longer"),
    RewriteTask.TRANSLATE: gettext_lazy("The chapter translated"),
}
PASSAGE = {
    RewriteTask.REWRITE: gettext_lazy("A passage rewritten"),
    RewriteTask.SHORTEN: gettext_lazy("A passage, shorter"),
    RewriteTask.LENGTHEN: gettext_lazy("A passage, longer"),
    RewriteTask.TRANSLATE: gettext_lazy("A passage translated"),
}
TONES = {RunState.COMPLETED: "ok", RunState.FAILED: "bad", RunState.PAUSED: "wait", RunState.CANCELLED: "wait"}
DECIDED = {Decision.ACCEPTED: "ok", Decision.DISCARDED: "wait"}


@dataclass(frozen=True)
class Price:
    """Credits for every `per` words begun of what an act is done with, and for a whole chapter."""

    act: Act
    credits: int
    per: int
    whole: int

    @property
    def name(self) -> str:
        """The act as the form names it."""
        return str(ACTS[self.act])


@dataclass(frozen=True)
class OrderLine:
    """One order: of another text (`is_review` false), or of suggestions."""

    id: UUID
    is_review: bool
    name: str
    about: str
    asked: str
    asked_by: str
    at: datetime
    state: RunState
    said: str
    tone: str  # which tag colour it has: ok, run, wait or bad
    credits: int


@dataclass(frozen=True)
class AssistantPage:
    """A chapter, what can be ordered for it at which price, and its latest orders, the newest first."""

    book: Book
    chapter: Chapter
    prices: tuple[Price, ...]
    book_is_written: bool
    orders: tuple[OrderLine, ...]

    @property
    def most_credits(self) -> int:
        """What the dearest order of the whole chapter costs: who orders without a script agrees to that."""
        return max((price.whole for price in self.prices), default=0)

    @property
    def least_credits(self) -> int:
        """What the cheapest order of a few words costs."""
        return min((price.credits for price in self.prices), default=0)

    @property
    def may_order(self) -> bool:
        """Whether there is a text for a model, and no run at work on it."""
        return self.chapter.is_written and self.book_is_written


def assistant_page(chapter: Chapter) -> AssistantPage:
    """Read the page (four queries beside the chapter with its book)."""
    runs = Run.objects.of(chapter.organization).filter(book=chapter.book, kind=RunKind.BOOK)
    listed = {line.act: line for line in prices.price_list() if line.act in ACTS}
    return AssistantPage(
        book=chapter.book,
        chapter=chapter,
        prices=tuple(
            Price(act, line.credits, line.per, line.credits * -(-max(1, chapter.word_count) // line.per))
            for act in ACTS
            if (line := listed.get(act))
        ),
        book_is_written=not runs.filter(state__in=ACTIVE_RUN_STATES).exists(),
        orders=_orders(chapter),
    )


def named(rewrite: Rewrite) -> str:
    """What another text is, in the reader's language."""
    return str((WHOLE if rewrite.is_whole else PASSAGE)[RewriteTask(rewrite.task)])


def into(rewrite: Rewrite) -> str:
    """The language a text was translated into, in the reader's language; empty for any other task."""
    code = rewrite.run.brief.get("into") if rewrite.task == RewriteTask.TRANSLATE else ""
    return _(LANG_INFO[code]["name"]) if code else ""


def kinds_named(review: Review) -> str:
    """The kinds of suggestions that were ordered, in the reader's language."""
    return ", ".join(str(SuggestionKind(kind).label) for kind in review.kinds)


def glimpse(text: str) -> str:
    """The beginning of a passage, in one line."""
    line = " ".join(text[: 2 * GLIMPSE].split())
    return line if len(line) <= GLIMPSE else f"{line[:GLIMPSE].rstrip()}…"


def _orders(chapter: Chapter) -> tuple[OrderLine, ...]:
    both = {"chapter": chapter}
    rewrites = Rewrite.objects.of(chapter.organization).filter(**both).select_related("run__started_by")
    reviews = Review.objects.of(chapter.organization).filter(**both).select_related("run__started_by")
    lines = [_of_rewrite(row) for row in rewrites.defer("markdown")[:LISTED]]
    lines += [_of_review(row) for row in reviews.defer("base_markdown")[:LISTED]]
    return tuple(sorted(lines, key=lambda line: line.id, reverse=True)[:LISTED])


def _of_rewrite(row: Rewrite) -> OrderLine:
    language, (said, tone) = into(row), _said(row)
    return OrderLine(
        id=row.pk,
        is_review=False,
        name=f"{named(row)} ({language})" if language else named(row),
        about="" if row.is_whole else glimpse(row.base_markdown),
        asked=row.instruction,
        asked_by=row.run.started_by.name,
        at=row.created_at,
        state=RunState(row.run.state),
        said=said,
        tone=tone,
        credits=row.run.credits_quoted,
    )


def _said(row: Rewrite) -> tuple[str, str]:
    """How far a proposal is, or what was decided, and the colour that has."""
    state, decision = RunState(row.run.state), Decision(row.decision)
    if state != RunState.COMPLETED and decision != Decision.ACCEPTED:
        return str(state.label), TONES.get(state, "run")
    return str(decision.label), DECIDED.get(decision, "run")


def _of_review(row: Review) -> OrderLine:
    state = RunState(row.run.state)
    return OrderLine(
        id=row.pk,
        is_review=True,
        name=_("Suggestions"),
        about="",
        asked=kinds_named(row),
        asked_by=row.run.started_by.name,
        at=row.created_at,
        state=state,
        said=_("%(number)d made") % {"number": row.made} if state == RunState.COMPLETED else _reading(state),
        tone=TONES.get(state, "run"),
        credits=row.run.credits_quoted,
    )


def _reading(state: RunState) -> str:
    """How far a review is."""
    return _("being read") if state == RunState.WRITING else str(state.label)
