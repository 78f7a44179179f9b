"""Asking for files and fetching them."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book, Chapter, Download, Export, ExportState
from books.queries.files import FileKind, kind_of
from books.queries.manuscripts import content_hash
from books.transitions.exports import TASK
from core import events, leases
from organizations.actions import limits

Wanted = tuple[Book, FileKind]
RESTARTED = ["state", "problem", "tries", "requested_by", "updated_at"]


@transaction.atomic
def request_export(*, book: Book, by: User, format_key: str, page_size: str = "") -> Export:
    """Ask for a file of the book as it is now; the same version is the same export, a failed one is tried anew."""
    kind = kind_of(format_key, page_size)
    if kind is None:
        raise BookRefused(_("This format does not exist."), code="unknown_format")
    exports = request_exports(books=[book], kinds=[kind], by=by)
    if not exports:
        raise BookRefused(_("There is nothing to download yet: the book has no written chapter."), code="empty")
    return exports[0]


@transaction.atomic
def request_exports(*, books: Sequence[Book], kinds: Sequence[FileKind], by: User) -> list[Export]:
    """Ask for files of books of one organization as they are now; a book without a written chapter has none.

    The books and the exports stay locked: until the caller has committed nothing changes and no file is finished.
    Raises LimitReached when a file is to be made and no byte of storage is left: how large it is shows in the end.
    """
    written = _lock_written(books)
    wanted: list[Wanted] = [(book, kind) for book in written for kind in kinds]
    known = {(export.book_id, export.format, export.page_size): export for export in _lock_present(written)}
    asked = []
    for book, kind in wanted:
        export = known.get((book.pk, kind.format.key, kind.page_size))
        if export is None or export.state == ExportState.FAILED:
            export = known[book.pk, kind.format.key, kind.page_size] = _ask(export, book, kind, by)
            asked.append(export)
    for book_id in {export.book_id for export in asked}:
        events.changed(book_id)
    if asked:
        limits.take(organization=asked[0].organization, storage_bytes=1)
    return [known[book.pk, kind.format.key, kind.page_size] for book, kind in wanted]


def _ask(export: Export | None, book: Book, kind: FileKind, by: User) -> Export:
    """A new export, or the failed one at its beginning, on offer to the workers."""
    if export is None:
        export = Export(organization=book.organization, book=book, format=kind.format.key, page_size=kind.page_size)
        export.content_hash = content_hash(book)
    export.state, export.problem, export.tries, export.requested_by = ExportState.PENDING, "", 0, by
    export.save(update_fields=None if export._state.adding else RESTARTED)
    audit.record("export.requested", actor=by, target=export, details=details(export))
    leases.offer(export.pk, TASK, organization=book.organization_id)
    return export


def _lock_written(books: Sequence[Book]) -> list[Book]:
    """The books that have text and are not in the trash, locked in one order for all."""
    organization = books[0].organization
    text = Chapter.objects.of(organization).filter(book=OuterRef("pk")).exclude(markdown="")
    rows = Book.objects.of(organization).filter(Exists(text), pk__in=[book.pk for book in books])
    rows = rows.filter(trashed_at__isnull=True)
    return list(rows.select_for_update(of=("self",)).select_related("organization").order_by("pk"))


def _lock_present(books: Sequence[Book]) -> list[Export]:
    """What was asked for already of the books' present versions."""
    if not books:
        return []
    hashes = [content_hash(book) for book in books]
    rows = Export.objects.of(books[0].organization).filter(book__in=books, content_hash__in=hashes)
    return list(rows.select_for_update(no_key=True).order_by("pk"))


@transaction.atomic
def log_download(*, export: Export, by: User) -> None:
    """Write down that somebody fetched a file."""
    Download.objects.create(organization=export.organization, export=export, person=by)
    audit.record("export.downloaded", actor=by, target=export, details=details(export))


def details(export: Export) -> dict[str, str]:
    """What the trail says of a file."""
    return {"format": export.format} | ({"page_size": export.page_size} if export.page_size else {})
