"""Books as covers on a shelf: home and the list of books."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from books.models import ACTIVE_RUN_STATES, Book, BookStatus, Run, RunState
from organizations.access import Member

PAGE = 24
FIELDS = ["id", "title", "byline", "palette", "status", "language", "visibility"]


@dataclass(frozen=True)
class Cover:
    """A book on a shelf."""

    id: UUID
    title: str
    byline: str
    palette: str
    status: BookStatus
    language: str
    visibility: str

    @property
    def status_label(self) -> str:
        """The status in the reader's language."""
        return str(BookStatus(self.status).label)


@dataclass(frozen=True)
class Shelf:
    """One page of books, newest first, with a cursor to the next."""

    covers: tuple[Cover, ...]
    next_cursor: UUID | None
    search: str
    status: str


@dataclass(frozen=True)
class RunLine:
    """A run at work, or waiting for somebody, as home shows it."""

    id: UUID
    book_title: str
    state: RunState

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(RunState(self.state).label)

    @property
    def waits_for_me(self) -> bool:
        """Whether a person has to act for the run to go on."""
        return self.state in {RunState.AWAITING_APPROVAL, RunState.FAILED, RunState.PAUSED}


def shelf(member: Member, *, search: str = "", status: str = "", after: UUID | None = None, size: int = PAGE) -> Shelf:
    """One page of the books the member may read (one query); `after` is the last id of the page before."""
    books = Book.objects.visible_to(member)
    if search:
        books = books.filter(Q(title__icontains=search) | Q(topic__icontains=search) | Q(byline__icontains=search))
    if status in BookStatus.values:
        books = books.filter(status=status)
    if after:
        books = books.filter(id__lt=after)
    rows = [Cover(**row) for row in books.order_by("-id").values(*FIELDS)[: size + 1]]
    page = tuple(rows[:size])
    return Shelf(page, page[-1].id if len(rows) > size else None, search, status)


def active_runs(member: Member, size: int = 12) -> tuple[RunLine, ...]:
    """Runs of the member's own that are not over, newest first (one query)."""
    rows = (
        Run.objects.of(member.organization)
        .filter(started_by=member.person, state__in=ACTIVE_RUN_STATES)
        .order_by("-id")
        .values_list("id", "book__title", "state")[:size]
    )
    return tuple(RunLine(identifier, title, RunState(state)) for identifier, title, state in rows)
