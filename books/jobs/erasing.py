"""What is left to do when a book is gone: its files, and the trash that nobody has emptied."""

from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from books.jobs import pictures
from books.models import KEPT_IN_TRASH, Book, Export, Picture
from books.transitions import erasing
from core import leases, tenancy
from core.storage import names_in

BATCH = 500


def delete_files(book_id: UUID) -> None:
    """Delete every stored file that no row of the book names. A storage that is away lets the lease run out."""
    leases.carry_out(book_id, _delete_files)


def _delete_files(held: leases.Claim) -> None:
    with transaction.atomic():
        book = Book.objects.get(pk=held.subject)
        named = set(Export.objects.filter(book=book).values_list("file", flat=True))
        # Those of a copy that has no files of its own yet among them.
        below = f"{pictures.folder(book.organization_id, book.pk)}/"
        drawn = Picture.objects.filter(file__startswith=below).values_list("file", "small_file")
        named |= {name for names in drawn for name in names}
    exports = f"exports/{book.organization_id}/{book.pk}"  # where books.jobs.exporting puts them
    # Of a book that lives, a young file may be one whose row has not been told of it yet.
    old = timezone.now() - (timedelta() if book.erased_at else erasing.GRACE / 2)
    for name in [*names_in(exports), *names_in(pictures.folder(book.organization_id, book.pk))]:
        if name not in named and default_storage.get_modified_time(name) <= old:
            default_storage.delete(name)
    leases.finish(held)


def purge_trash() -> None:
    """Erase what has been in the trash for 30 days, each book in a transaction of its own."""
    long_ago = timezone.now() - KEPT_IN_TRASH
    with tenancy.system("books too long in the trash are erased"):
        old = Book.objects.filter(trashed_at__lt=long_ago, erased_at__isnull=True)
        due = list(old.order_by("trashed_at").values_list("pk", "organization_id")[:BATCH])
    for book_id, organization_id in due:
        with transaction.atomic(), tenancy.declared(organization_id):
            book = erasing.lock(Book.objects.select_related("organization").get(pk=book_id))
            if book.trashed_at and book.trashed_at < long_ago:  # nobody took it back meanwhile
                erasing.erase(book)
