"""Bundles of files: one as its page follows it, and a person's own as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, Q

from books.models import Book, Bundle, BundleItem, ExportState
from books.queries.files import KINDS, FileKind
from organizations.access import Member

PAGE = 20
TONES = {ExportState.READY: "ok", ExportState.PENDING: "run", ExportState.FAILED: "bad"}


@dataclass(frozen=True)
class ItemLine:
    """One file of a bundle."""

    kind: FileKind
    state: ExportState
    problem: str

    @property
    def tone(self) -> str:
        """Which tag colour the state has."""
        return TONES[self.state]


@dataclass(frozen=True)
class BookLines:
    """The files of one book in a bundle."""

    id: UUID
    title: str
    language: str
    items: tuple[ItemLine, ...]

    @property
    def problems(self) -> tuple[ItemLine, ...]:
        """The files that could not be made."""
        return tuple(item for item in self.items if item.state == ExportState.FAILED)


@dataclass(frozen=True)
class BundlePage:
    """A bundle and how far its files are."""

    bundle: Bundle
    books: tuple[BookLines, ...]

    @property
    def total(self) -> int:
        """How many files it is to hold."""
        return sum(len(book.items) for book in self.books)

    @property
    def settled(self) -> int:
        """How many are ready or have failed."""
        return sum(item.state != ExportState.PENDING for book in self.books for item in book.items)

    @property
    def failed(self) -> int:
        """How many have failed."""
        return sum(len(book.problems) for book in self.books)

    @property
    def stage(self) -> str:
        """What the page shows, in a word: it is swapped when this changes."""
        return f"{self.bundle.state}-{self.settled}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.bundle.state != ExportState.PENDING

    @property
    def is_ready(self) -> bool:
        """Whether the ZIP can be fetched."""
        return self.bundle.state == ExportState.READY

    @property
    def kinds(self) -> tuple[FileKind, ...]:
        """The kinds of files asked for, in the order of the formats."""
        found = {item.kind for book in self.books for item in book.items}
        return tuple(kind for kind in KINDS.values() if kind in found)


@dataclass(frozen=True)
class BundleLine:
    """A bundle in the list."""

    id: UUID
    state: ExportState
    created_at: datetime
    size: int
    files: int
    books: int

    @property
    def tone(self) -> str:
        """Which tag colour the state has."""
        return TONES[self.state]

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)


@dataclass(frozen=True)
class BundleList:
    """One page of a person's bundles, newest first, with a cursor to the next."""

    lines: tuple[BundleLine, ...]
    next_url: str


def bundle_page(bundle: Bundle) -> BundlePage:
    """A bundle with its files by title and format (one query beside the bundle)."""
    rows = (
        BundleItem.objects.of(bundle.organization)
        .filter(bundle=bundle)
        .values_list(
            "export__book_id", "export__book__title", "export__book__language",
            "export__format", "export__page_size", "export__state", "export__problem",
        )
    )  # fmt: skip
    order = list(KINDS)
    found = sorted(rows, key=lambda row: (row[1].casefold(), row[0], order.index((row[3], row[4]))))
    return BundlePage(bundle, tuple(_book_lines(list(lines)) for _id, lines in groupby(found, key=itemgetter(0))))


def _book_lines(rows: Sequence[tuple[UUID, str, str, str, str, str, str]]) -> BookLines:
    items = tuple(
        ItemLine(KINDS[format_key, page_size], ExportState(state), problem)
        for _id, _title, _language, format_key, page_size, state, problem in rows
    )
    return BookLines(*rows[0][:3], items)


def bundles_of(member: Member, *, after: UUID | None = None, size: int = PAGE) -> BundleList:
    """The person's own bundles (one query); `after` is the last id of the page before."""
    rows = Bundle.objects.of(member.organization).filter(requested_by=member.person)
    if after:
        rows = rows.filter(pk__lt=after)
    counted = rows.annotate(files=Count("items"), books=Count("items__export__book", distinct=True)).order_by("-id")
    names = ("id", "state", "created_at", "size", "files", "books")
    found = [BundleLine(**row | {"state": ExportState(row["state"])}) for row in counted.values(*names)[: size + 1]]
    page = tuple(found[:size])
    return BundleList(page, f"?after={page[-1].id}" if len(found) > size else "")


def chosen_books(member: Member, identifiers: list[UUID]) -> list[Book]:
    """Those of the books that the member may read, by title (one query)."""
    books = Book.objects.visible_to(member).filter(pk__in=identifiers).select_related("organization")
    return sorted(books, key=lambda book: (book.title.casefold(), book.pk))


def is_still_readable(bundle: Bundle, member: Member) -> bool:
    """Whether the member may still read every book in it: one may have become private since (one query)."""
    items = BundleItem.objects.of(member.organization).filter(bundle=bundle)
    return not items.filter(~Q(export__book__in=Book.objects.visible_to(member))).exists()
