"""Being in a book: in no trail and no row, only for as long as a page is open."""

from uuid import UUID

from accounts.models import User
from books.models import Book
from books.queries.presence import place_of
from core import presence


def stay(*, book: Book, by: User, chapter: UUID | None, tab: UUID) -> None:
    """The person has the book open in that tab of theirs, at that chapter or at none."""
    presence.stay(book.pk, place_of(by, chapter, tab))


def leave(*, book: Book, by: User, chapter: UUID | None, tab: UUID) -> None:
    """They have closed it there."""
    presence.leave(book.pk, place_of(by, chapter, tab))
