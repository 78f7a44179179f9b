"""Books as covers on a shelf: the list of books, the shelf at home, the trash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst

from books.models import KEPT_IN_TRASH, Book, BookStatus
from books.querysets import BookQuerySet
from core import keyset
from organizations.access import Member

PAGE = 24
COUNTED = 1000  # beyond it, "more than": counting costs what it counts
COLUMNS = ["id", "title", "byline", "palette", "status", "language"]
TONES = {BookStatus.GENERATING: "run", BookStatus.REVIEW: "warn", BookStatus.PUBLISHED: "ok"}
NEWEST = "newest"
ORDERS = {
    NEWEST: keyset.Order("id"),
    "changed": keyset.Order("content_changed_at"),
    "title": keyset.Order("folded", descending=False),
}


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
class Wanted(keyset.Wanted):
    """Which books, in which order: exactly what stands in the list's address. Empty is everything but the archive."""

    q: str = ""
    status: str = ""
    language: str = ""
    genre: str = ""
    whose: str = ""
    sort: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether the reader asked for some books only."""
        return bool(self.q or self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter beside the search is set."""
        return bool(self.status or self.language or self.genre or self.whose)


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Shelf(keyset.Paged):
    """One page of books with cursors to those beside it."""

    covers: tuple[Cover, ...]
    wanted: Wanted = EVERYTHING
    before: UUID | None = None
    after: UUID | None = None


def shelf(
    member: Member, wanted: Wanted = EVERYTHING, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> Shelf:
    """One page of the books the member may read (one query, two beside a cursor)."""
    page = keyset.cut(
        selection(member, wanted),
        among=Book.objects.of(member.organization),
        order=ORDERS.get(wanted.sort, ORDERS[NEWEST]),
        columns=COLUMNS,
        size=size,
        cursor=cursor,
    )
    slug = member.organization.slug
    covers = tuple(Cover(**row, url=reverse("books:book", args=[slug, row["id"]])) for row in page.rows)
    return Shelf(covers, wanted, page.before, page.after)


def number(member: Member, page: Shelf) -> int:
    """How many books the page is one of, COUNTED + 1 for any number above COUNTED (at most one query)."""
    if not (page.before or page.after):
        return len(page.covers)
    return selection(member, page.wanted).order_by()[: COUNTED + 1].count()


def selection(member: Member, wanted: Wanted) -> BookQuerySet:
    """The books wanted, of those the member may read; archived ones only when they are asked for."""
    books = Book.objects.visible_to(member)
    if wanted.whose:
        theirs = books.filter(author=member.person)
        books = theirs if wanted.whose == "mine" else books.exclude(author=member.person)
    books = books.filter(status=wanted.status) if wanted.status else books.exclude(status=BookStatus.ARCHIVED)
    for name in ("language", "genre"):
        if value := getattr(wanted, name):
            books = books.filter(**{name: value})
    return books.matching(wanted.q)


@dataclass(frozen=True)
class TrashLine:
    """A book in the trash."""

    id: UUID
    title: str
    language: str
    palette: str
    author_id: UUID
    trashed_at: datetime

    @cached_property
    def days_left(self) -> int:
        """Whole days until it is erased by itself, today's counted."""
        return max(0, (self.trashed_at + KEPT_IN_TRASH - timezone.now()) // timedelta(days=1) + 1)


@dataclass(frozen=True)
class Trash(keyset.Paged):
    """One page of the trash, what was thrown away last on top."""

    lines: tuple[TrashLine, ...]
    before: UUID | None
    after: UUID | None
    wanted: keyset.Wanted = keyset.EVERYTHING


def trash(member: Member, cursor: keyset.Cursor = keyset.FIRST) -> Trash:
    """What the member may restore or erase (one query, two beside a cursor)."""
    columns = ["id", "title", "language", "palette", "author_id", "trashed_at"]
    page = keyset.cut(
        Book.objects.trashed_for(member),
        among=Book.objects.of(member.organization),
        order=keyset.Order("trashed_at"),
        columns=columns,
        size=PAGE,
        cursor=cursor,
    )
    return Trash(tuple(TrashLine(**row) for row in page.rows), page.before, page.after)
