"""Pictures of a text in storage: drawn anew and stored in two sizes, and brought to where a file is made."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from books.jobs import storing
from books.models import Book, Picture
from books.models.pictures import MAX_PICTURE_BYTES, SMALL
from books.providers.exports.errors import PictureMissing, PicturesTooLarge
from books.providers.exports.manuscript import FOLDER, Manuscript
from core import leases, pictures

# Pixels of the longer side: 300 on an inch fill a page of A4.
LARGE = 3000
# Shops of EPUBs take no picture that has more.
MOST_PIXELS = 5_600_000
MOST_IN_A_FILE = 150_000_000
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
CHUNK = 1 << 20


@dataclass(frozen=True)
class StoredDrawing:
    """What was drawn and where it is stored; `size` is the bytes of all its files."""

    id: UUID
    file: str
    small_file: str
    media_type: str
    width: int
    height: int
    size: int


def store(book: Book, picture_id: UUID, upload: "File[bytes]") -> StoredDrawing:
    """Draw an upload anew and store it under the id its row will have. Raises core.pictures.PictureRefused."""
    drawn = pictures.drawn(upload, large=LARGE, small=SMALL, most_pixels=MOST_PIXELS, most_bytes=MAX_PICTURE_BYTES)
    stem, ending = f"{folder(book.organization_id, book.pk)}/{picture_id}", _ENDINGS[drawn.media_type]
    file = small = storing.put(f"{stem}.{ending}", ContentFile(drawn.large))
    size = len(drawn.large)
    if max(drawn.width, drawn.height) > SMALL:
        small = storing.put(f"{stem}-small.{ending}", ContentFile(drawn.small))
        size += len(drawn.small)
    return StoredDrawing(picture_id, file, small, drawn.media_type, drawn.width, drawn.height, size)


def discard(drawing: StoredDrawing) -> None:
    """Delete the files of a drawing that became no picture."""
    for name in {drawing.file, drawing.small_file}:
        default_storage.delete(name)


def folder(organization_id: UUID, book_id: UUID) -> str:
    """Where the pictures of a book are."""
    return f"pictures/{organization_id}/{book_id}"


def fetch(manuscript: Manuscript, workdir: Path, *, small: bool) -> None:
    """Copy the files of a manuscript's pictures into the engine's folder, piece by piece.

    Raises PictureMissing for one that is no longer stored, PicturesTooLarge for more than an engine can hold.
    """
    if sum(one.size for one in manuscript.pictures) > MOST_IN_A_FILE:
        raise PicturesTooLarge
    (workdir / FOLDER).mkdir(exist_ok=True)
    for one in manuscript.pictures:
        try:
            source = default_storage.open(one.stored_small if small else one.stored)
        except FileNotFoundError as error:
            raise PictureMissing(one.title) from error
        with source, (workdir / one.path).open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)


def copy(picture_id: UUID) -> None:
    """Give the picture of a copied book files of its own, if nobody else does."""
    leases.carry_out(picture_id, _copy)


def _copy(held: leases.Claim) -> None:
    """Copy, then name the copies; one whose file is gone meanwhile keeps the name, under which nothing is."""
    with transaction.atomic():
        picture = Picture.objects.get(pk=held.subject)
    stem = f"{folder(picture.organization_id, picture.book_id)}/{picture.pk}"
    names = {picture.file: f"{stem}.{picture.extension}"}
    if picture.small_file != picture.file:
        names[picture.small_file] = f"{stem}-small.{picture.extension}"
    for old, new in names.items():
        if old != new and default_storage.exists(old):
            with default_storage.open(old) as content:
                names[old] = storing.put(new, content)
    with transaction.atomic():
        leases.finish(held)
        picture.file, picture.small_file = names[picture.file], names[picture.small_file]
        picture.save(update_fields=["file", "small_file", "updated_at"])
        left = [old for old, new in names.items() if old != new and not _is_named(old)]
    for old in left:  # the book it was copied from ended meanwhile
        default_storage.delete(old)


def _is_named(name: str) -> bool:
    return Picture.objects.filter(Q(file=name) | Q(small_file=name)).exists()
