"""Home: what waits for me, what is at work, where I was reading, my latest files."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf

from books.models import (
    ACTIVE_RUN_STATES,
    Book,
    BookAct,
    CallState,
    Decision,
    Export,
    ExportState,
    LanguageModelCall,
    OutlineEntry,
    ReadingPlace,
    Rewrite,
    Run,
    RunKind,
    RunState,
)
from books.providers.exports import FORMATS
from books.queries.runs import PARTS, WAITING
from organizations.access import Member

RUNS, PROPOSALS, PLACES, FILES = 12, 6, 3, 4


@dataclass(frozen=True)
class RunLine:
    """A run at work, or waiting for somebody."""

    id: UUID
    state: RunState
    problem: str
    book_title: str
    palette: str
    language: str
    answered: int
    sections: int

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)

    @property
    def percent(self) -> int:
        """Share of the model's answers that are there, outline and finish included: 0 to 99."""
        return min(99, 100 * self.answered // (self.sections + 2)) if self.sections else 0


@dataclass(frozen=True)
class Proposal:
    """A rewritten chapter that nobody has taken or discarded yet."""

    id: UUID
    chapter_title: str
    book_title: str
    palette: str
    language: str


@dataclass(frozen=True)
class PlaceLine:
    """A book somebody is in the middle of."""

    book_id: UUID
    book_title: str
    byline: str
    palette: str
    language: str
    chapter_number: int
    chapter_title: str


@dataclass(frozen=True)
class FileLine:
    """A file that is ready to be fetched."""

    id: UUID
    format: str
    size: int
    book_title: str
    language: str

    @property
    def format_label(self) -> str:
        """The format's name."""
        return str(FORMATS[self.format].label) if self.format in FORMATS else self.format


@dataclass(frozen=True)
class Desk:
    """Everything at home that is not the shelf: of the member alone."""

    waiting: tuple[RunLine, ...]
    working: tuple[RunLine, ...]
    proposals: tuple[Proposal, ...]

    @property
    def is_moving(self) -> bool:
        """Whether something is at work, so that the page follows along."""
        return bool(self.working)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing on it."""
        return not (self.waiting or self.working or self.proposals)

    @property
    def signature(self) -> str:
        """Changes whenever something of it does: a page that shows this one has nothing new to fetch."""
        shown = repr([(line.id, line.state, line.percent) for line in (*self.waiting, *self.working)])
        return hashlib.sha256((shown + repr([line.id for line in self.proposals])).encode()).hexdigest()[:16]


def desk(member: Member) -> Desk:
    """The member's own runs that are not over, and proposals to decide, newest first (two queries)."""
    rows = (
        Run.objects.of(member.organization)
        .filter(kind=RunKind.BOOK, started_by=member.person, state__in=ACTIVE_RUN_STATES)
        .filter(book__in=Book.objects.visible_to(member))
        .annotate(answered=Coalesce(Subquery(_answered(member)), 0), sections=Coalesce(Subquery(_sections(member)), 0))
        .order_by("-id")
        .values_list(
            "id", "state", "problem", "book__title", "book__palette", "book__language", "answered", "sections"
        )[:RUNS]
    )
    lines = [RunLine(identifier, RunState(state), *shown) for identifier, state, *shown in rows]
    return Desk(
        waiting=tuple(line for line in lines if line.state in WAITING),
        working=tuple(line for line in lines if line.state not in WAITING),
        proposals=_proposals(member),
    )


def _answered(member: Member) -> QuerySet[LanguageModelCall, Any]:
    """Answers in the journal of the outer run."""
    calls = LanguageModelCall.objects.of(member.organization).filter(
        run=OuterRef("pk"), state=CallState.ANSWERED, purpose__in=PARTS
    )
    return calls.order_by().values("run").annotate(number=Count("id")).values("number")


def _sections(member: Member) -> QuerySet[OutlineEntry, Any]:
    """Sections that the outline of the outer run is written in; none before there is an outline."""
    size = NullIf(OuterRef("section_words"), 0)
    entries = OutlineEntry.objects.of(member.organization).filter(run=OuterRef("pk")).order_by()
    return entries.values("run").annotate(number=Sum((F("words") + size - 1) / size)).values("number")


def _proposals(member: Member) -> tuple[Proposal, ...]:
    rows = (
        Rewrite.objects.of(member.organization)
        .filter(decision=Decision.OPEN, run__started_by=member.person, run__state=RunState.COMPLETED)
        .filter(chapter__book__in=Book.objects.allowing(member, BookAct.EDIT), chapter__trashed_at__isnull=True)
        .order_by("-id")
        .values_list(
            "id", "chapter__title", "chapter__book__title", "chapter__book__palette", "chapter__book__language"
        )[:PROPOSALS]
    )
    return tuple(Proposal(*row) for row in rows)


def reading(member: Member) -> tuple[PlaceLine, ...]:
    """The books the member was last reading in, the latest first (one query)."""
    rows = (
        ReadingPlace.objects.of(member.organization)
        .filter(person=member.person, book__in=Book.objects.visible_to(member), chapter__trashed_at__isnull=True)
        .order_by("-updated_at")
        .values_list(
            "book_id", "book__title", "book__byline", "book__palette", "book__language", "chapter__position",
            "chapter__title",
        )[:PLACES]
    )  # fmt: skip
    return tuple(PlaceLine(*row) for row in rows)


def files(member: Member) -> tuple[FileLine, ...]:
    """The files made last for the member (one query)."""
    rows = (
        Export.objects.of(member.organization)
        .filter(requested_by=member.person, state=ExportState.READY, book__in=Book.objects.visible_to(member))
        .order_by("-finished_at")
        .values_list("id", "format", "size", "book__title", "book__language")[:FILES]
    )
    return tuple(FileLine(*row) for row in rows)
