"""The Files card: a PDF in each page size, what is older than the text stays and says so, a bad EPUB is not offered."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.jobs import exporting
from books.models import Book, Export, ExportState
from books.providers.exports import ExportError, render
from books.queries.files import FileLine
from books.queries.manuscripts import manuscript_of
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

Perform = Callable[[], int]
pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of one chapter."""
    made = builders.make_book(organization, editor, status="review")
    builders.make_chapter(made)
    return made


def ask(browser: Client, book: Book, key: str, **fields: str) -> int:
    return browser.post(desk.address("export_request", "atelier", book.pk, key), fields).status_code


def lines(browser: Client, book: Book) -> dict[str, FileLine]:
    page = browser.get(desk.address("book", "atelier", book.pk)).context["page"]
    return {line.kind.key: line for line in page.files.lines}


def edit(book: Book, **fields: Any) -> None:
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(content_changed_at=timezone.now(), **fields)


def test_each_page_size_is_a_file_of_its_own(author: Client, book: Book, run_queue: Perform) -> None:
    page = author.get(desk.address("book", "atelier", book.pk)).context["page"]
    assert ([kind.page_size for kind in page.files.more_sizes], page.files.paged) == (["a5", "a4", "6x9", "5x8"], ())
    assert [ask(author, book, "pdf"), ask(author, book, "pdf", page_size="6x9")] == [302, 302]
    run_queue()
    made = {line.kind.key: line.offered for line in lines(author, book).values() if line.offered}
    assert {key: export.file_name for key, export in made.items()} == {
        "pdf": "bees-on-city-roofs.pdf", "pdf-6x9": "bees-on-city-roofs-6x9.pdf",
    }  # fmt: skip
    assert desk.content(made["pdf"]) != desk.content(made["pdf-6x9"])
    page = author.get(desk.address("book", "atelier", book.pk)).context["page"]
    assert [kind.page_size for kind in page.files.more_sizes] == ["a4", "5x8"]


@pytest.mark.parametrize(("key", "size"), [("pdf", "a3"), ("epub", "a4"), ("markdown", "a5")])
def test_a_size_that_nobody_makes_is_refused(key: str, size: str, author: Client, book: Book) -> None:
    assert ask(author, book, key, page_size=size) == 422
    assert desk.rows(Export, book.organization) == []


def test_an_older_file_stays_and_says_so_until_it_is_made_anew(author: Client, book: Book, run_queue: Perform) -> None:
    ask(author, book, "markdown")
    run_queue()
    first = lines(author, book)["markdown"].offered
    assert first is not None
    edit(book, title="Bees and Chimneys")
    line = lines(author, book)["markdown"]
    assert (line.offered, line.is_stale, line.is_ready) == (first, True, False)
    page = author.get(desk.address("book", "atelier", book.pk)).content.decode()
    assert "Older than the text" in page
    assert author.get(desk.address("download", "atelier", first.pk)).status_code == 302
    ask(author, book, "markdown")
    line = lines(author, book)["markdown"]
    assert (line.offered, line.is_stale, line.is_pending) == (first, True, True)
    run_queue()
    line = lines(author, book)["markdown"]
    assert line.is_ready
    assert line.offered != first
    assert "Older than the text" not in author.get(desk.address("book", "atelier", book.pk)).content.decode()


def test_of_older_files_the_newest_finished_one_is_offered(author: Client, book: Book, editor: User) -> None:
    ready = {"state": ExportState.READY, "file": "x.md", "file_name": "x.md", "sha256": "0" * 64}
    for digit in "12":
        newest = builders.make_export(
            book, format="markdown", content_hash=digit * 64, finished_at=timezone.now(), **ready
        )
    builders.make_export(book, format="markdown", content_hash="3" * 64, state=ExportState.FAILED)
    builders.make_export(book, format="markdown", content_hash="4" * 64)
    line = lines(author, book)["markdown"]
    assert (line.older, line.export) == (newest, None)


def test_an_epub_that_fails_its_check_is_not_offered(author: Client, book: Book) -> None:
    """Real EPUBs through the real check: ours passes, the same without its navigation does not."""
    with tenancy.declared(book.organization_id), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = render("epub", manuscript_of(book), folder)
        exporting.check(sound, folder)
        with pytest.raises(ExportError, match="did not pass its check"):
            exporting.check(without_navigation(sound), folder)


def without_navigation(epub: bytes) -> bytes:
    """The same book with one page gone."""
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(epub)) as source, zipfile.ZipFile(broken, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith("nav.xhtml"):
                target.writestr(entry, source.read(entry))
    return broken.getvalue()
