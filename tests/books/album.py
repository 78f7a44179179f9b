"""Pictures as bytes, as uploads and as what is stored."""

import io
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from books.jobs.pictures import folder
from books.models import Book, Picture
from core.storage import names_in
from tests.books import desk

ALT = "A hive between two chimneys"


def drawn(
    size: tuple[int, int] = (300, 200), kind: str = "JPEG", mode: str = "RGB", colour: Any = "teal", **options: Any
) -> bytes:
    """The bytes of a picture."""
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, kind, **options)
    return target.getvalue()


def post(browser: Client, book: Book, data: bytes, name: str = "roof.jpg", *, json: bool = False, **fields: Any) -> Any:
    """Upload it with the form of the page, as a program if `json`."""
    upload = SimpleUploadedFile(name, data)
    told = {"alt": ALT, "picture": upload} | fields
    return browser.post(
        desk.address("pictures", "atelier", book.pk), told, headers={"Accept": "application/json"} if json else {}
    )


def pictures(book: Book) -> list[Picture]:
    """The book's pictures, oldest first."""
    return sorted(desk.rows(Picture, book.organization, book=book), key=lambda one: one.pk)


def stored(book: Book) -> list[str]:
    """Names of the files that are stored for its pictures."""
    return names_in(folder(book.organization_id, book.pk))


def opened(name: str) -> Image.Image:
    """A stored picture."""
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))
