"""Asking for many files at once, and fetching them in one ZIP."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions.exports import request_exports
from books.errors import BookRefused
from books.models import Book, Bundle, BundleItem, Download, ExportState
from books.queries.files import FileKind
from books.transitions.exports import BUNDLE_TASK, NEXT_LOOK
from core import leases
from organizations.actions import limits

MOST_BOOKS = 50


@transaction.atomic
def request_bundle(*, books: Sequence[Book], kinds: Sequence[FileKind], by: User, request_key: UUID) -> Bundle:
    """Ask for a ZIP of these kinds of files of books of one organization; one form sent twice is one bundle.

    Files of the present version that are there already are not made again; books without a written chapter are left
    out, and refused when there is no other. Raises LimitReached when no storage is left.
    """
    if not books or not kinds:
        raise BookRefused(_("Choose at least one book and one format."), code="nothing_chosen")
    if len(books) > MOST_BOOKS:
        message = _("A bundle holds the files of %(most)d books at most: you chose %(chosen)d.")
        raise BookRefused(message % {"most": MOST_BOOKS, "chosen": len(books)}, code="too_many_books")
    organization = books[0].organization
    bundle, is_new = Bundle.objects.of(organization).get_or_create(
        request_key=request_key, defaults={"organization": organization, "requested_by": by}
    )
    if not is_new:
        return bundle
    exports = request_exports(books=books, kinds=kinds, by=by)
    if not exports:
        raise BookRefused(_("There is nothing to download yet: no chapter of these books is written."), code="empty")
    BundleItem.objects.bulk_create(
        [BundleItem(organization=organization, bundle=bundle, export=export) for export in exports]
    )
    audit.record("bundle.requested", actor=by, target=bundle, details={"files": len(exports)})
    settled = all(export.state != ExportState.PENDING for export in exports)
    not_before = None if settled else timezone.now() + NEXT_LOOK
    leases.offer(bundle.pk, BUNDLE_TASK, organization=organization.pk, not_before=not_before)
    limits.take(organization=organization, storage_bytes=1)
    return bundle


@transaction.atomic
def log_bundle_download(*, bundle: Bundle, by: User) -> None:
    """Write down that somebody fetched every file of a bundle."""
    packed = bundle.exports.of(bundle.organization).filter(state=ExportState.READY, finished_at__lte=bundle.finished_at)
    rows = [Download(organization=bundle.organization, export=export, person=by) for export in packed]
    Download.objects.bulk_create(rows)
    audit.record("bundle.downloaded", actor=by, target=bundle, details={"files": len(rows)})
