"""Others' private books by title: what owners and admins may know of them (ruling 22)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Value

from books.models import Book, BookStatus
from core import keyset
from core.folding import folded
from organizations.access import Member

PAGE = 50


@dataclass(frozen=True)
class TitleLine:
    """A private book: its title, whose it is and how far it is; no address, for it is nobody else's to open."""

    title: str
    language: str
    author: str
    status_label: str


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Words that stand in the titles."""

    q: str = ""


@dataclass(frozen=True)
class Titles(keyset.Paged):
    """One page of titles, the newest book first."""

    lines: tuple[TitleLine, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def private_titles(member: Member, q: str = "", cursor: keyset.Cursor = keyset.FIRST) -> Titles:
    """A page of others' private books, perhaps those in whose titles every word of `q` stands.

    One query, two beside a cursor. Subject and subtitle, where the list of books looks too, would tell too much here.
    """
    books = Book.objects.hidden_from(member).alias(folded_title=folded(F("title")))
    for word in q.split():
        books = books.filter(folded_title__contains=folded(Value(word)))
    page = keyset.cut(
        books,
        among=Book.objects.of(member.organization),
        order=keyset.Order("id"),
        columns=["id", "title", "language", "status", "author__display_name", "author__email"],
        size=PAGE,
        cursor=cursor,
    )
    lines = tuple(
        TitleLine(
            title=row["title"],
            language=row["language"],
            author=row["author__display_name"] or row["author__email"].partition("@")[0],
            status_label=str(BookStatus(row["status"]).label),
        )
        for row in page.rows
    )
    return Titles(lines, Wanted(q), page.before, page.after)
