"""A file of a book: asked for twice, made once; another version is another file; a failure says why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from accounts.models import User
from books.models import Book, Export, ExportState
from core import tenancy
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.books import desk

Perform = Callable[[], int]
TASK = "books.tasks.make_export"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of one chapter."""
    made = builders.make_book(organization, editor, blurb="Bees, and roofs.", status="review")
    builders.make_chapter(made)
    return made


def ask(browser: Client, book: Book, key: str = "markdown") -> int:
    return browser.post(desk.address("export_request", "atelier", book.pk, key)).status_code


def exports(book: Book) -> list[Export]:
    return sorted(desk.rows(Export, book.organization, book=book), key=lambda export: export.pk)


def change(book: Book, **fields: Any) -> None:
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["markdown", "html", "docx", "pdf"])
def test_every_format_is_made_and_offered(key: str, author: Client, book: Book, run_queue: Perform) -> None:
    assert ask(author, book, key) == 302
    page = author.get(desk.address("book", "atelier", book.pk)).context["page"]
    assert page.exporting == 1
    assert run_queue() == 1
    (export,) = exports(book)
    assert (export.state, export.problem) == (ExportState.READY, "")
    assert export.size == len(desk.content(export)) > 100
    assert desk.trail(export) == ["export.requested", "export.ready"]
    assert desk.offers(task=TASK) == []
    assert desk.address("download", "atelier", export.pk) in (
        author.get(desk.address("book", "atelier", book.pk)).content.decode()
    )


@pytest.mark.django_db(transaction=True)  # the check is long: the lease must stand where its heartbeat sees it
def test_an_epub_is_checked_and_offered(author: Client, book: Book, run_queue: Perform) -> None:
    ask(author, book, "epub")
    assert run_queue() == 1
    (export,) = exports(book)
    assert (export.state, export.problem) == (ExportState.READY, "")
    assert desk.content(export).startswith(b"PK")


@pytest.mark.django_db
def test_the_same_version_is_the_same_file(author: Client, book: Book, run_queue: Perform) -> None:
    for _click in range(2):
        ask(author, book)
    run_queue()
    ask(author, book)
    assert run_queue() == 0
    assert len(exports(book)) == 1
    first = exports(book)[0]
    with tenancy.declared(book.organization_id):
        Export.objects.all().delete()
    ask(author, book)
    run_queue()
    assert exports(book)[0].sha256 == first.sha256


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_file(
    editor: User, book: Book, client_of: Callable[[User], Client], run_queue: Perform
) -> None:
    def press(browser: Client) -> int:
        try:
            return ask(browser, book)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, [client_of(editor), client_of(editor)])) == [302, 302]
    assert len(exports(book)) == len(desk.offers(task=TASK)) == 1
    assert run_queue() == 1


@pytest.mark.django_db
def test_a_changed_book_is_another_file(author: Client, book: Book, run_queue: Perform) -> None:
    ask(author, book)
    run_queue()
    change(book, title="Bees and Chimneys")
    page = author.get(desk.address("book", "atelier", book.pk)).context["page"]
    assert all(line.export is None for line in page.files.lines)
    ask(author, book)
    run_queue()
    first, second = exports(book)
    assert first.sha256 != second.sha256
    assert b"Chimneys" in desk.content(second)


@pytest.mark.django_db
def test_a_book_that_changed_before_its_file_was_made_says_so(author: Client, book: Book, run_queue: Perform) -> None:
    ask(author, book)
    change(book, title="Bees and Chimneys")
    run_queue()
    (export,) = exports(book)
    assert (export.state, export.file.name) == (ExportState.FAILED, "")
    assert "changed" in export.problem


@pytest.mark.django_db
def test_a_refused_file_shows_its_reason_and_can_be_tried_again(author: Client, book: Book, run_queue: Perform) -> None:
    change(book, title="Bees \U00012000")
    ask(author, book, "pdf")
    run_queue()
    (export,) = exports(book)
    assert export.state == ExportState.FAILED
    assert "CUNEIFORM" in export.problem
    assert "CUNEIFORM" in author.get(desk.address("book", "atelier", book.pk)).content.decode()
    assert author.get(desk.address("download", "atelier", export.pk)).status_code == 404
    ask(author, book, "pdf")
    (again,) = exports(book)
    assert (again.state, again.problem, again.pk) == (ExportState.PENDING, "", export.pk)
    run_queue()
    assert desk.trail(export) == ["export.requested", "export.failed"] * 2


@pytest.mark.django_db
def test_an_engine_that_breaks_is_tried_three_times_then_named(
    author: Client, book: Book, run_queue: Perform, settings: Any, tmp_path: Path
) -> None:
    """A folder nothing can be written to stands for every fault of the machine."""
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "core.storage.FolderStorage", "OPTIONS": {"location": str(blocked)}},
    }
    ask(author, book)
    for tries in (1, 2):
        run_queue()
        (export,) = exports(book)
        assert (export.state, export.tries) == (ExportState.PENDING, tries)
        assert desk.offers(task=TASK)[0].holder is None
        desk.let_time_pass()
    run_queue()
    (export,) = exports(book)
    assert (export.state, export.problem) == (ExportState.FAILED, "The file could not be made. Try again later.")


@pytest.mark.django_db
def test_a_worker_killed_after_storing_repeats_safely(author: Client, book: Book, run_queue: Perform) -> None:
    ask(author, book)
    (export,) = exports(book)
    path = f"exports/{book.organization_id}/{book.pk}/{export.pk}.md"
    default_storage.save(path, ContentFile(b"half of it"))
    Lease.objects.filter(pk=export.pk).update(held_until=desk.in_past(1), holder=export.pk)
    assert run_queue() == 1
    made = exports(book)[0]
    assert (made.state, made.file.name) == (ExportState.READY, path)
    assert desk.content(made).startswith(b"#") or b"Bees" in desk.content(made)


@pytest.mark.django_db
def test_a_book_without_text_or_an_unknown_format_is_refused(
    author: Client, organization: Organization, editor: User, book: Book
) -> None:
    empty = builders.make_book(organization, editor)
    assert ask(author, empty) == 422
    assert ask(author, book, "rtf") == 422
    assert exports(empty) == exports(book) == []
    assert desk.offers(task=TASK) == []
