"""The lock under which a book, and whatever belongs to it, is changed."""

from django.utils.translation import gettext as _

from books.errors import BookRefused
from books.models import Book


def lock(book: Book) -> Book:
    """Read the book again under a row lock, after its run's where both are taken.

    Raises BookRefused once it is in the trash, where nothing of it is changed, or erased, when nothing may come back.
    """
    rows = Book.objects.of(book.organization).select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("organization").get(pk=book.pk)
    if locked.trashed_at:
        raise BookRefused(_("Take this book back first: it is in the archive or in the trash."), code="put_away")
    return locked
