"""A ZIP of many files: written to disk piece by piece, stored, offered; and erased after a week."""

import hashlib
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import actions as audit
from books.jobs import storing
from books.models import Bundle, BundleItem, Export, ExportState
from books.queries.files import KINDS, ending_of, stem_of
from books.transitions.exports import NEXT_LOOK
from core import events, leases, tenancy
from organizations.actions import limits
from organizations.errors import LimitReached

log = logging.getLogger(__name__)
MAX_TRIES = 3
KEPT = timedelta(days=7)
MOST_AT_ONCE = 200
CHUNK = 1 << 20
# Formats that are ZIPs or compressed inside already.
STORED = (".pdf", ".epub", ".docx", ".zip")


class NothingToPack(Exception):
    """No file of the bundle could be made."""


def make(bundle_id: UUID) -> None:
    """Make the ZIP if nobody else does and every file of it is ready or has failed."""
    leases.carry_out(bundle_id, _make)


def _make(held: leases.Claim) -> None:
    bundle, exports = _read(held.subject)
    if any(export.state == ExportState.PENDING for export in exports):
        leases.defer(held, NEXT_LOOK)
        return
    with override(bundle.requested_by.language):
        try:
            with tempfile.TemporaryFile(prefix="bundle-") as target:
                digest = _pack(exports, target, held)
                size = target.seek(0, 2)
                target.seek(0)
                stored = storing.put(f"bundles/{bundle.organization_id}/{bundle.pk}.zip", File(target, "bundle.zip"))
        except NothingToPack:
            _fail(bundle, held, _("None of the files could be made: see why below."))
        except (leases.LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("bundle %s", held.subject)
            _again(bundle, held)
        else:
            _offer_if_there_is_room(bundle, held, stored, size, digest, files=len(exports))


@transaction.atomic
def _read(bundle_id: UUID) -> tuple[Bundle, list[Export]]:
    """The bundle and its files, by title and format."""
    bundle = Bundle.objects.select_related("organization", "requested_by").get(pk=bundle_id)
    items = BundleItem.objects.of(bundle.organization).filter(bundle=bundle).select_related("export__book")
    order = list(KINDS)
    exports = [item.export for item in items]
    exports.sort(key=lambda one: (one.book.title.casefold(), one.book_id, order.index((one.format, one.page_size))))
    return bundle, exports


def _pack(exports: Sequence[Export], target: IO[bytes], held: leases.Claim) -> str:
    """Write the ZIP, never more than a piece of a file in memory; its SHA-256 (hex). The same files, the same bytes."""
    failed = [export for export in exports if export.state != ExportState.READY]
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        packed = 0
        for name, export in _named([export for export in exports if export.state == ExportState.READY]):
            if _add(archive, name, export, held):
                packed += 1
            else:
                failed.append(export)
        if not packed:
            raise NothingToPack
        if failed:
            name = slugify(_("Files not made"))
            entry = _entry(f"{name}.txt", max(one.updated_at for one in failed))
            archive.writestr(entry, _told(failed))
    target.seek(0)
    return hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]  # a real file: it has readinto


def _add(archive: zipfile.ZipFile, name: str, export: Export, held: leases.Claim) -> bool:
    """Copy one stored file in; False when it is no longer where it was stored."""
    try:
        source = export.file.open()
    except FileNotFoundError:
        log.error("export %s: its file is gone", export.pk)
        export.problem = _("The file is no longer there: make it anew.")
        return False
    entry = _entry(name, export.finished_at or export.updated_at)
    entry.compress_type = zipfile.ZIP_STORED if ending_of(export).endswith(STORED) else zipfile.ZIP_DEFLATED
    with source, archive.open(entry, "w", force_zip64=export.size >= zipfile.ZIP64_LIMIT) as place:
        shutil.copyfileobj(source, place, CHUNK)
    if held.lost.is_set():
        raise leases.LeaseLost(str(held.subject))
    return True


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    moment = at.astimezone(UTC)
    entry = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    entry.create_system = 3  # the same on every system, so that the bytes are too
    entry.external_attr = 0o100644 << 16
    return entry


def _named(exports: Sequence[Export]) -> Iterator[tuple[str, Export]]:
    """Each file with its name in the ZIP, safe on every system; a folder for each book if there are many."""
    stems = _stems(exports)
    for export in exports:
        name = stems[export.book_id] + ending_of(export)
        yield f"{stems[export.book_id]}/{name}" if len(stems) > 1 else name, export


def _stems(exports: Sequence[Export]) -> dict[UUID, str]:
    """A name for each book, unique: of books of one title the older comes first, then `-2`, `-3`."""
    titles = {export.book_id: export.book.title for export in exports}
    stems: dict[UUID, str] = {}
    for book_id in sorted(titles):
        stem = stem_of(titles[book_id])
        candidates = chain([stem], (f"{stem}-{number}" for number in count(2)))
        stems[book_id] = next(one for one in candidates if one not in stems.values())
    return stems


def _told(failed: Sequence[Export]) -> str:
    """What is missing and why, for the reader of the ZIP; with line ends that every editor shows."""
    lines = [_("These files could not be made:"), ""]
    for export in failed:
        kind = KINDS[export.format, export.page_size].label
        problem = export.problem or _("The file could not be made. Try again later.")
        line = _("%(title)s, %(kind)s: %(problem)s")
        lines.append(line % {"title": export.book.title, "kind": kind, "problem": problem})
    return "\r\n".join([*lines, ""])


def _offer_if_there_is_room(
    bundle: Bundle, held: leases.Claim, stored: str, size: int, digest: str, *, files: int
) -> None:
    try:
        _offer(bundle, held, stored, size, digest, files=files)
    except LimitReached as refusal:
        _fail(bundle, held, refusal.message)
        default_storage.delete(stored)


@transaction.atomic
def _offer(bundle: Bundle, held: leases.Claim, stored: str, size: int, digest: str, *, files: int) -> None:
    """The ZIP can be fetched from now on, unless a book in it was erased meanwhile: then the others are packed anew.

    Raises LimitReached.
    """
    _lock(bundle)
    if BundleItem.objects.of(bundle.organization).filter(bundle=bundle).count() != files:
        leases.defer(held, timedelta(0))
        default_storage.delete(stored)
        return
    leases.finish(held)
    bundle.state, bundle.file, bundle.size, bundle.sha256 = ExportState.READY, stored, size, digest
    bundle.finished_at = timezone.now()
    bundle.file_name = f"scriptorium-{bundle.finished_at:%Y-%m-%d}.zip"
    changed = ["state", "file", "file_name", "size", "sha256", "finished_at", "updated_at"]
    bundle.save(update_fields=changed)
    audit.record("bundle.ready", target=bundle, details={"bytes": size})
    events.changed(bundle.pk)
    limits.keep(organization=bundle.organization, storage_bytes=size)


@transaction.atomic
def _fail(bundle: Bundle, held: leases.Claim, problem: str) -> None:
    _lock(bundle)
    leases.finish(held)
    bundle.state, bundle.problem, bundle.finished_at = ExportState.FAILED, problem[:500], timezone.now()
    bundle.save(update_fields=["state", "problem", "finished_at", "updated_at"])
    audit.record("bundle.failed", target=bundle)
    events.changed(bundle.pk)


def _again(bundle: Bundle, held: leases.Claim) -> None:
    if bundle.tries + 1 >= MAX_TRIES:
        _fail(bundle, held, _("The bundle could not be made. Try again later."))
        return
    with transaction.atomic():
        _lock(bundle)
        leases.defer(held, timedelta(seconds=5 * (bundle.tries + 1)))
        bundle.tries += 1
        bundle.save(update_fields=["tries", "updated_at"])


def _lock(bundle: Bundle) -> None:
    """The bundle before its lease, as a file that settles takes them: neither waits for the other in a ring."""
    Bundle.objects.of(bundle.organization).select_for_update(no_key=True).get(pk=bundle.pk)


def erase_old(now: datetime) -> int:
    """Erase what was finished more than seven days ago, or holds an erased book; returns how many bundles.

    The file goes before the row: whoever is killed in between leaves a row that brings the next run back.
    """
    with tenancy.system("bundles older than seven days are erased"):
        closed = Q(state=ExportState.FAILED) & ~Q(file="")
        old = Bundle.objects.filter(closed | Q(finished_at__lt=now - KEPT)).select_for_update(skip_locked=True)
        bundles = list(old.order_by("finished_at")[:MOST_AT_ONCE])
        for bundle in bundles:
            if bundle.file:
                bundle.file.delete(save=False)
            audit.record("bundle.erased", target=bundle, organization=bundle.organization_id)
        Bundle.objects.filter(pk__in=[bundle.pk for bundle in bundles]).delete()
    return len(bundles)
