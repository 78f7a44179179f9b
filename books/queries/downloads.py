"""Who fetched which file of a book."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.http import urlencode

from accounts.models import User
from books.models import Book, Download
from books.queries.files import KINDS, KINDS_BY_KEY, FileKind
from books.queries.manuscripts import content_hash

PAGE = 50
MOST_IN_CSV = 20_000


@dataclass(frozen=True)
class DownloadLine:
    """One download; `made_at` and `is_present` say which version of the book it was."""

    id: UUID
    at: datetime
    person: str
    kind: FileKind
    made_at: datetime
    version: str
    is_present: bool


@dataclass(frozen=True)
class Asked:
    """What is looked for."""

    kind: str = ""
    person: UUID | None = None

    @property
    def query(self) -> str:
        """The same as a query string."""
        asked = {"file": self.kind, "person": str(self.person or "")}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class DownloadLog:
    """One page of a book's downloads, newest first."""

    lines: tuple[DownloadLine, ...]
    people: tuple[tuple[UUID, str], ...]
    asked: Asked
    next_url: str


def downloads_of(book: Book, asked: Asked, *, after: UUID | None = None, size: int = PAGE) -> DownloadLog:
    """A page of the log with the people in it (two queries); `after` is the last id of the page before."""
    rows = _rows(book, asked)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(_lines(book, rows[: size + 1]))
    page = tuple(found[:size])
    following = urlencode({"after": str(page[-1].id)}) if len(found) > size else ""
    next_url = "?" + "&".join(part for part in (asked.query, following) if part) if following else ""
    return DownloadLog(page, _people(book), asked, next_url)


def every_download_of(book: Book, asked: Asked) -> Iterator[DownloadLine]:
    """The whole log for a table elsewhere, newest first, 20 000 lines at most."""
    return _lines(book, _rows(book, asked)[:MOST_IN_CSV])


def _rows(book: Book, asked: Asked) -> QuerySet[Download]:
    rows = Download.objects.of(book.organization).filter(export__book=book).order_by("-id")
    kind = KINDS_BY_KEY.get(asked.kind)
    if kind:
        rows = rows.filter(export__format=kind.format.key, export__page_size=kind.page_size)
    return rows.filter(person=asked.person) if asked.person else rows


def _lines(book: Book, rows: QuerySet[Download]) -> Iterator[DownloadLine]:
    now = content_hash(book)
    for row in rows.select_related("export", "person"):
        kind = KINDS[row.export.format, row.export.page_size]
        made_at = row.export.finished_at or row.export.created_at
        version = row.export.content_hash
        yield DownloadLine(row.pk, row.created_at, row.person.name, kind, made_at, version[:10], version == now)


def _people(book: Book) -> tuple[tuple[UUID, str], ...]:
    """Everybody who fetched a file of the book, by name."""
    fetched = Download.objects.of(book.organization).filter(export__book=book)
    people = User.objects.filter(pk__in=fetched.values("person"))
    return tuple(sorted(((person.pk, person.name) for person in people), key=lambda one: one[1].casefold()))
