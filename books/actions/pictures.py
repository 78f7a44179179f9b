"""Pictures of a book: given, described, taken away."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book, Picture
from books.models.pictures import MAX_PICTURES
from books.queries.pictures import uses_of
from books.transitions import erasing, shelf, texts
from organizations.actions import limits


@dataclass(frozen=True)
class PictureDraft:
    """A picture whose files are stored already, under names that hold its id; `digest` is that of the upload."""

    id: UUID
    name: str
    alt: str
    media_type: str
    width: int
    height: int
    size: int
    digest: str
    file: str
    small_file: str


@transaction.atomic
def add_picture(*, book: Book, by: User, draft: PictureDraft) -> Picture:
    """Give a book a picture; one that it has already stays as it is and is returned instead.

    Without `alt` it only decorates. Raises BookRefused for one too many, LimitReached beyond the storage.
    """
    book = shelf.lock(book)
    rows = Picture.objects.of(book.organization).filter(book=book)
    if known := rows.filter(digest=draft.digest).first():
        return known
    if rows.count() >= MAX_PICTURES:
        raise BookRefused(_("A book has at most %(most)d pictures.") % {"most": MAX_PICTURES}, code="too_many")
    limits.take(organization=book.organization, storage_bytes=draft.size)
    picture = Picture.objects.create(
        organization=book.organization,
        book=book,
        uploaded_by=by,
        is_decorative=not draft.alt,
        **{name: getattr(draft, name) for name in PictureDraft.__dataclass_fields__},
    )
    audit.record(
        "picture.added", actor=by, target=picture, details={"bytes": draft.size}, personal={"title": draft.name}
    )
    return picture


@transaction.atomic
def describe_picture(*, picture: Picture, by: User, alt: str) -> bool:
    """Say what a picture shows, or with nothing that it only decorates; whether that is another description.

    Texts that say it in words of their own keep these.
    """
    book, locked = _lock(picture)
    if locked.alt == alt and locked.is_decorative == (not alt):
        return False
    locked.alt, locked.is_decorative = alt, not alt
    locked.save(update_fields=["alt", "is_decorative", "updated_at"])
    if locked.pk in uses_of(book):
        texts.touch(book)
    audit.record("picture.described", actor=by, target=locked)
    return True


@transaction.atomic
def remove_picture(*, picture: Picture, by: User, even_used: bool) -> None:
    """Take a picture away; where a text names it stands its description from now on.

    Raises BookRefused for one that is used, unless `even_used` says that this was seen.
    """
    book, locked = _lock(picture)
    if locked.pk in uses_of(book):
        if not even_used:
            raise BookRefused(_("This picture is shown in the text: look where, and confirm."), code="in_use")
        texts.touch(book)
    audit.record("picture.removed", actor=by, target=locked, personal={"title": locked.name})
    locked.delete()
    erasing.delete_files_soon(book)


def _lock(picture: Picture) -> tuple[Book, Picture]:
    book = shelf.lock(picture.book)
    return book, Picture.objects.of(book.organization).select_for_update(of=("self",)).get(pk=picture.pk)
