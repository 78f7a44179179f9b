"""Every download is written down, and shown to those who may change the book."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.models import Book, Download, Export, Visibility
from books.queries.downloads import PAGE
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book that the whole organization may read."""
    made = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    builders.make_chapter(made)
    return made


def log(browser: Client, book: Book, **asked: str) -> list[tuple[str, str]]:
    """Who fetched what, as the page shows it."""
    answer = browser.get(desk.address("downloads", "atelier", book.pk), asked)
    return [(line.person, line.kind.key) for line in answer.context["log"].lines]


def test_a_download_is_written_down_with_who_what_and_which_version(
    author: Client, owner: User, book: Book, client_of: Callable[[User], Client], run_queue: Callable[[], int]
) -> None:
    author.post(desk.address("export_request", "atelier", book.pk, "pdf"), {"page_size": "a4"})
    run_queue()
    (export,) = desk.rows(Export, book.organization)
    client_of(owner).get(desk.address("download", "atelier", export.pk))
    (row,) = desk.rows(Download, book.organization)
    assert (row.person_id, row.export_id) == (owner.pk, export.pk)
    page = author.get(desk.address("downloads", "atelier", book.pk)).context["log"]
    (line,) = page.lines
    assert (line.person, line.kind.label) == (owner.name, "PDF, A4 (210 × 297 mm)")
    assert (line.made_at, line.is_present) == (export.finished_at, True)
    assert desk.entries_of(export)[-1].details == {"format": "pdf", "page_size": "a4"}


def test_it_is_filtered_by_format_and_person(author: Client, editor: User, owner: User, book: Book) -> None:
    epub, markdown = (builders.make_export(book, format=key) for key in ("epub", "markdown"))
    for export, person in [(epub, owner), (markdown, owner), (epub, editor)]:
        builders.make_download(export, person)
    assert log(author, book) == [(editor.name, "epub"), (owner.name, "markdown"), (owner.name, "epub")]
    assert log(author, book, file="epub", person=str(owner.pk)) == [(owner.name, "epub")]
    assert log(author, book, person=str(editor.pk)) == [(editor.name, "epub")]
    assert log(author, book, file="docx") == []
    assert (
        b"No download like that" in author.get(desk.address("downloads", "atelier", book.pk), {"file": "docx"}).content
    )


def test_it_is_read_by_pages_that_keep_the_filter(author: Client, editor: User, book: Book) -> None:
    export = builders.make_export(book)
    for _download in range(PAGE + 1):
        builders.make_download(export, editor)
    address = desk.address("downloads", "atelier", book.pk)
    first = author.get(address, {"file": "epub"}).context["log"]
    rest = author.get(address + first.next_url).context["log"]
    assert (len(first.lines), len(rest.lines), rest.next_url, rest.asked.kind) == (PAGE, 1, "", "epub")


def test_the_table_has_every_line_and_no_formula(author: Client, owner: User, book: Book) -> None:
    owner.display_name = "=HYPERLINK(1)"
    owner.save(update_fields=["display_name"])
    moment = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    with time_machine.travel(moment, tick=False):
        builders.make_download(builders.make_export(book), owner)
    answer = author.get(desk.address("downloads_table", "atelier", book.pk))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="bees-on-city-roofs-downloads.csv"'
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[1:3] == ["Person", "Format"]
    assert line[:3] == [f"{moment:%Y-%m-%d %H:%M:%S}", "'=HYPERLINK(1)", "EPUB"]


@pytest.mark.parametrize("name", ["downloads", "downloads_table"])
def test_it_is_for_those_who_may_change_the_book(
    name: str, author: Client, owner: User, viewer: User, stranger: Client, book: Book, organization: Organization,
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    colleague = builders.make_member(organization, "member")
    address = desk.address(name, "atelier", book.pk)
    assert [author.get(address).status_code, client_of(owner).get(address).status_code] == [200, 200]
    others = [client_of(colleague), client_of(viewer), stranger]
    assert [other.get(address).status_code for other in others] == [404, 404, 404]


def test_nobody_yet_is_said(author: Client, book: Book) -> None:
    assert b"Nobody has fetched a file yet" in author.get(desk.address("downloads", "atelier", book.pk)).content
