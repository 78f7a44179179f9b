"""Pictures of a book that is copied: rows at once, files soon after, so that neither book ends with the other's."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from books.models import Book, Picture
from books.providers.exports.figures import named_in
from core import leases
from core.ids import new_id
from organizations.actions import limits

TASK = "books.tasks.copy_picture"
COPIED = [
    "name", "alt", "is_decorative", "media_type", "width", "height", "size", "digest", "file", "small_file",
    "uploaded_by_id",
]  # fmt: skip


def copy_pictures(source: Book, made: Book, texts: Iterable[str]) -> Mapping[UUID, UUID]:
    """Give a new book the pictures that the texts of another name: the id of each there, by its id here.

    Until a worker has copied the files, both rows name the same ones. Raises LimitReached beyond the storage.
    """
    named = {key for text in texts for key in named_in(text)}
    if not named:
        return {}
    rows = list(Picture.objects.of(source.organization).filter(book=source, pk__in=named).order_by("pk"))
    ids = {row.pk: new_id() for row in rows}
    limits.take(organization=made.organization, storage_bytes=sum(row.size for row in rows))
    Picture.objects.bulk_create(
        Picture(
            id=ids[row.pk],
            organization=made.organization,
            book=made,
            **{name: getattr(row, name) for name in COPIED},
        )
        for row in rows
    )
    for key in ids.values():
        leases.offer(key, TASK, organization=made.organization_id)
    return ids
