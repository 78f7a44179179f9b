"""Who is in a book now, and in which of its chapters."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from books.models import Book, Chapter
from core import presence

MOST_FACES = 4


@dataclass(frozen=True)
class Open:
    """A chapter somebody has open."""

    id: UUID
    position: int
    title: str


@dataclass(frozen=True)
class Present:
    """Somebody who is in the book, with the chapters they have open: none when they are at the book's own pages."""

    person: User
    chapters: tuple[Open, ...]
    is_me: bool


@dataclass(frozen=True)
class PeoplePage:
    """Who is in a book; oneself comes first."""

    book: Book
    people: tuple[Present, ...]

    @property
    def others(self) -> tuple[Present, ...]:
        """Everybody but the reader."""
        return tuple(one for one in self.people if not one.is_me)

    @property
    def names(self) -> str:
        """Their names, in one line."""
        return ", ".join(one.person.name for one in self.others)

    @property
    def faces(self) -> tuple[Present, ...]:
        """Those there is room for in a bar."""
        return self.others[:MOST_FACES]

    @property
    def more(self) -> int:
        """How many more there are."""
        return len(self.others) - len(self.faces)


def people_page(book: Book, reader: User) -> PeoplePage:
    """Who is in the book now (two queries, none when nobody is)."""
    places: dict[str, set[str]] = {}
    for line in presence.present(book.pk):
        person, chapter, _tab = line.split(" ")
        places.setdefault(person, set()).add(chapter)
    chapters = _chapters(book, {one for several in places.values() for one in several} - {"-"})
    people = User.objects.filter(pk__in=places, closed_at__isnull=True).order_by("display_name", "id")
    found = [
        Present(person, tuple(one for one in chapters if str(one.id) in places[str(person.pk)]), person == reader)
        for person in (people if places else ())
    ]
    return PeoplePage(book, tuple(sorted(found, key=lambda one: not one.is_me)))


def _chapters(book: Book, ids: Iterable[str]) -> tuple[Open, ...]:
    if not ids:
        return ()
    rows = Chapter.objects.of(book.organization).filter(book=book, pk__in=ids).order_by("position")
    return tuple(Open(*row) for row in rows.values_list("pk", "position", "title"))


def place_of(person: User, chapter: UUID | None, tab: UUID) -> str:
    """How one open page stands in the book's list (core.presence)."""
    return f"{person.pk} {chapter or '-'} {tab}"
