"""One file: rendered by its engine, checked, stored, offered."""

import hashlib
import logging
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import actions as audit
from books.jobs import pictures, storing
from books.models import Book, Export, ExportState
from books.providers.exports import FORMATS, ExportError, render
from books.providers.exports.epubcheck import check_epub
from books.providers.exports.manuscript import Manuscript
from books.queries.files import KINDS, ending_of, stem_of
from books.queries.manuscripts import content_hash, manuscript_of
from books.transitions.exports import settle
from core import events, leases
from organizations.actions import limits
from organizations.errors import LimitReached

log = logging.getLogger(__name__)
MAX_TRIES = 3


def make(export_id: UUID) -> None:
    """Make the file if nobody else does; a fault of ours is tried again, a refusal of the engine is shown."""
    leases.carry_out(export_id, _make)


def _make(held: leases.Claim) -> None:
    export, manuscript = _read(held.subject)
    with override(export.requested_by.language), tempfile.TemporaryDirectory(prefix="export-") as folder:
        if content_hash(export.book) != export.content_hash:
            _fail(export, held, _("The book has changed since: ask for the file again."))
            return
        kind = FORMATS[export.format]
        try:
            pictures.fetch(manuscript, Path(folder), small=kind.for_screens)
            data = render(export.format, manuscript, Path(folder))
            if export.format == "epub":
                check(data, Path(folder))
            stored = _store(export, held, data, kind.extension_of(manuscript))
        except ExportError as error:
            _fail(export, held, str(error))
        except leases.LeaseLost:
            raise
        except Exception:
            log.exception("export %s", held.subject)
            _again(export, held)
        else:
            _offer_if_there_is_room(export, held, stored, data)


@transaction.atomic
def _read(export_id: UUID) -> tuple[Export, Manuscript]:
    """The export and its book's text as one version: under the book's lock no chapter changes between two queries."""
    export = Export.objects.select_related("organization", "requested_by").get(pk=export_id)
    books = Book.objects.of(export.organization).select_for_update(of=("self",), no_key=True)
    export.book = books.select_related("organization").get(pk=export.book_id)
    return export, replace(manuscript_of(export.book), page_size=export.page_size)


def check(data: bytes, folder: Path) -> None:
    """Refuse an EPUB in which EPUBCheck finds an error or a warning. Raises ExportError."""
    report = check_epub(data, folder)
    if report.errors or report.warnings:
        log.error("EPUBCheck: %s", report.messages[:5])
        raise ExportError(_("The EPUB did not pass its check and is not offered. We have been told."))


def _store(export: Export, held: leases.Claim, data: bytes, extension: str) -> str:
    """Store first, commit after: a worker killed in between leaves a file that the next one writes again, the same."""
    if held.lost.is_set():
        raise leases.LeaseLost(str(export.pk))
    ending = KINDS[export.format, export.page_size].ending_as(extension)
    path = f"exports/{export.organization_id}/{export.book_id}/{export.pk}{ending}"
    return storing.put(path, ContentFile(data))


def _offer_if_there_is_room(export: Export, held: leases.Claim, stored: str, data: bytes) -> None:
    try:
        _offer(export, held, stored, data)
    except LimitReached as refusal:
        _fail(export, held, refusal.message)
        default_storage.delete(stored)


@transaction.atomic
def _offer(export: Export, held: leases.Claim, stored: str, data: bytes) -> None:
    """The file can be fetched from now on. Raises LimitReached."""
    leases.finish(held)
    export.state, export.file = ExportState.READY, stored
    export.file_name = stem_of(export.book.title) + ending_of(export)
    export.size, export.sha256 = len(data), hashlib.sha256(data).hexdigest()
    export.finished_at = timezone.now()
    export.save(update_fields=["state", "file", "file_name", "size", "sha256", "finished_at", "updated_at"])
    audit.record("export.ready", target=export, details={"format": export.format, "bytes": len(data)})
    events.changed(export.book_id)
    settle(export)
    limits.keep(organization=export.organization, storage_bytes=len(data))


@transaction.atomic
def _fail(export: Export, held: leases.Claim, problem: str) -> None:
    leases.finish(held)
    export.state, export.problem, export.finished_at = ExportState.FAILED, problem[:500], timezone.now()
    export.save(update_fields=["state", "problem", "finished_at", "updated_at"])
    audit.record("export.failed", target=export, details={"format": export.format})
    events.changed(export.book_id)
    settle(export)


def _again(export: Export, held: leases.Claim) -> None:
    if export.tries + 1 >= MAX_TRIES:
        _fail(export, held, _("The file could not be made. Try again later."))
        return
    with transaction.atomic():
        leases.defer(held, timedelta(seconds=5 * (export.tries + 1)))
        export.tries += 1
        export.save(update_fields=["tries", "updated_at"])
