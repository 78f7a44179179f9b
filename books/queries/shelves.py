"""Books as covers on a shelf: home and the list of books."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from books.models import ACTIVE_RUN_STATES, Book, BookStatus, Run, RunKind, RunState
from books.queries.runs import WAITING
from organizations.access import Member

PAGE = 24
FIELDS = ["id", "title", "byline", "palette", "status", "language"]
TONES = {BookStatus.GENERATING: "run", BookStatus.REVIEW: "warn", BookStatus.PUBLISHED: "ok"}


@dataclass(frozen=True)
class Cover:
    """A book on a shelf."""

    id: UUID
    title: str
    byline: str
    palette: str
    status: str
    language: str
    url: str

    @property
    def state_label(self) -> str:
        """The status in the reader's language."""
        return str(capfirst(BookStatus(self.status).label))

    @property
    def state_tone(self) -> str:
        """Which tag colour the status has: ok, run, warn or wait."""
        return TONES.get(BookStatus(self.status), "wait")


@dataclass(frozen=True)
class Shelf:
    """One page of books, newest first, with a cursor to the next."""

    covers: tuple[Cover, ...]
    next_cursor: UUID | None
    search: str
    status: str

    @property
    def is_filtered(self) -> bool:
        """Whether the reader asked for some books only."""
        return bool(self.search or self.status)

    @property
    def next_url(self) -> str:
        """The query string of the next page, with the same search; empty on the last page."""
        if self.next_cursor is None:
            return ""
        asked = {"q": self.search, "status": self.status, "after": str(self.next_cursor)}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class RunLine:
    """A run at work, or waiting for somebody, as home shows it."""

    id: UUID
    state: RunState
    problem: str
    book_title: str
    palette: str
    language: str

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)


@dataclass(frozen=True)
class Desk:
    """The runs a person has started: those that wait for them, and those at work."""

    waiting: tuple[RunLine, ...]
    working: tuple[RunLine, ...]


def shelf(member: Member, *, search: str = "", status: str = "", after: UUID | None = None, size: int = PAGE) -> Shelf:
    """One page of the books the member may read (one query); `after` is the last id of the page before."""
    books = Book.objects.visible_to(member)
    if search:
        books = books.filter(Q(title__icontains=search) | Q(topic__icontains=search) | Q(byline__icontains=search))
    if status in BookStatus.values:
        books = books.filter(status=status)
    if after:
        books = books.filter(id__lt=after)
    slug = member.organization.slug
    rows = [
        Cover(**row, url=reverse("books:book", args=[slug, row["id"]]))
        for row in books.order_by("-id").values(*FIELDS)[: size + 1]
    ]
    page = tuple(rows[:size])
    return Shelf(page, page[-1].id if len(rows) > size else None, search, status)


def desk(member: Member, size: int = 12) -> Desk:
    """Runs of the member's own that are not over, newest first (one query)."""
    rows = (
        Run.objects.of(member.organization)
        .filter(kind=RunKind.BOOK, started_by=member.person, state__in=ACTIVE_RUN_STATES)
        .filter(book__trashed_at__isnull=True)
        .order_by("-id")
        .values_list("id", "state", "problem", "book__title", "book__palette", "book__language")[:size]
    )
    lines = [RunLine(identifier, RunState(state), *shown) for identifier, state, *shown in rows]
    return Desk(
        waiting=tuple(line for line in lines if line.state in WAITING),
        working=tuple(line for line in lines if line.state not in WAITING),
    )
