"""Asking for files and fetching them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book, Export, ExportState
from books.providers.exports import FORMATS
from books.queries.manuscripts import content_hash
from books.transitions.exports import TASK
from core import events, leases


@transaction.atomic
def request_export(*, book: Book, by: User, format_key: str) -> Export:
    """Ask for a file of the book as it is now; the same version is the same export, a failed one is tried anew."""
    if format_key not in FORMATS:
        raise BookRefused(_("This format does not exist."), code="unknown_format")
    book = Book.objects.of(book.organization).select_for_update().get(pk=book.pk)
    if not book.chapters.of(book.organization).exclude(markdown="").exists():
        raise BookRefused(_("There is nothing to download yet: the book has no written chapter."), code="empty")
    export, created = Export.objects.of(book.organization).get_or_create(
        book=book,
        format=format_key,
        content_hash=content_hash(book),
        defaults={"organization": book.organization, "requested_by": by},
    )
    if created or export.state == ExportState.FAILED:
        export.state, export.problem, export.tries, export.requested_by = ExportState.PENDING, "", 0, by
        export.save(update_fields=["state", "problem", "tries", "requested_by", "updated_at"])
        audit.record("export.requested", actor=by, target=export, details={"format": format_key})
        leases.offer(export.pk, TASK, organization=book.organization_id)
        events.changed(book.pk)
    return export


@transaction.atomic
def log_download(*, export: Export, by: User) -> None:
    """Write down that somebody fetched a file."""
    audit.record("export.downloaded", actor=by, target=export, details={"format": export.format})
