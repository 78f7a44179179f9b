"""Many files in one ZIP: asked for once, made when all are settled, fetched by whoever asked, erased after a week."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.jobs import bundling
from books.models import Book, Bundle, BundleItem, Download, Export, ExportState, Visibility
from core import leases, tenancy
from core.ids import new_id
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.books import desk

Perform = Callable[[], int]
MAKE_EXPORT, MAKE_BUNDLE = "books.tasks.make_export", "books.tasks.make_bundle"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of one chapter."""
    made = builders.make_book(organization, editor, blurb="Bees, and roofs.", status="review")
    builders.make_chapter(made)
    return made


def ask(browser: Client, *books: Book, files: tuple[str, ...] = ("markdown", "html"), key: UUID | None = None) -> Any:
    """Post the form of a new bundle."""
    form = {"book": [book.pk for book in books], "file": list(files), "request_key": key or new_id()}
    return browser.post(desk.address("bundles", "atelier"), form)


def only_bundle(organization: Organization) -> Bundle:
    (bundle,) = desk.rows(Bundle, organization)
    return bundle


def archive(bundle: Bundle) -> zipfile.ZipFile:
    """The stored ZIP, found whole."""
    with bundle.file.open() as stored:
        opened = zipfile.ZipFile(io.BytesIO(stored.read()))
    assert opened.testzip() is None
    return opened


def change(row: Book | Export | Bundle, **fields: Any) -> None:
    with tenancy.declared(row.organization_id):
        type(row)._default_manager.filter(pk=row.pk).update(**fields)


@pytest.mark.django_db
def test_files_are_made_then_packed_then_offered(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    led = ask(author, book)
    bundle = only_bundle(organization)
    address = desk.address("bundle", "atelier", bundle.pk)
    assert led["Location"] == address
    page = author.get(address).context["page"]
    assert (page.total, page.settled, page.is_over) == (2, 0, False)
    assert author.get(desk.address("bundle_download", "atelier", bundle.pk)).status_code == 404
    assert run_queue() == 3
    page = author.get(address).context["page"]
    assert (page.settled, page.is_ready) == (2, True)
    made = archive(page.bundle)
    assert made.namelist() == ["bees-on-city-roofs.html", "bees-on-city-roofs.md"]
    contents = {export.format: desk.content(export) for export in desk.rows(Export, organization)}
    assert made.read("bees-on-city-roofs.md") == contents["markdown"]
    assert desk.trail(page.bundle) == ["bundle.requested", "bundle.ready"]
    assert (page.bundle.size, desk.offers(task=MAKE_BUNDLE)) == (len(desk.content(page.bundle)), [])


@pytest.mark.django_db
def test_the_page_is_asked_again_only_when_something_moved(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    ask(author, book)
    address = desk.address("bundle", "atelier", only_bundle(organization).pk)
    stage = author.get(address).context["page"].stage
    assert author.get(address, {"stage": stage}).status_code == 204
    run_queue()
    part = author.get(address, {"stage": stage}, headers={"HX-Request": "true"})
    assert b"bundle-download" in part.content
    assert b"<html" not in part.content


@pytest.mark.django_db
def test_files_that_are_there_are_not_made_again(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    run_queue()
    ask(author, book, files=("markdown",))
    assert [lease.task for lease in Lease.objects.all()] == [MAKE_BUNDLE]
    assert run_queue() == 1
    ask(author, book, files=("markdown",))
    run_queue()
    first, second = desk.rows(Bundle, organization)
    assert first.sha256 == second.sha256


@pytest.mark.django_db
def test_one_form_sent_twice_is_one_bundle(author: Client, organization: Organization, book: Book) -> None:
    key = new_id()
    assert ask(author, book, key=key)["Location"] == ask(author, book, key=key)["Location"]
    assert len(desk.offers(task=MAKE_EXPORT)) == 2
    only_bundle(organization)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_bundle(
    organization: Organization, editor: User, book: Book, client_of: Callable[[User], Client], run_queue: Perform
) -> None:
    key = new_id()

    def press(browser: Client) -> int:
        try:
            return int(ask(browser, book, key=key).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(press, [client_of(editor), client_of(editor)])) == [302, 302]
    only_bundle(organization)
    assert run_queue() == 3


@pytest.mark.django_db
def test_books_of_one_title_have_folders_of_their_own(
    author: Client, organization: Organization, editor: User, run_queue: Perform
) -> None:
    titles = ["Con", "Été", "Été", "蜂", "../../etc/passwd"]
    books = [builders.make_book(organization, editor, title=title) for title in titles]
    for book in books:
        builders.make_chapter(book)
    ask(author, *books, files=("markdown",))
    run_queue()
    assert sorted(archive(only_bundle(organization)).namelist()) == [
        "book/book.md", "con-book/con-book.md", "etcpasswd/etcpasswd.md", "ete-2/ete-2.md", "ete/ete.md",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_could_not_be_made_is_told_in_the_readers_language(
    author: Client, organization: Organization, editor: User, book: Book, run_queue: Perform
) -> None:
    editor.language = "fr"
    editor.save(update_fields=["language"])
    change(book, title="Bees \U00012000")
    ask(author, book, files=("pdf-a4", "markdown"))
    run_queue()
    made = archive(only_bundle(organization))
    (told,) = [name for name in made.namelist() if name.endswith(".txt")]
    text = made.read(told).decode()
    assert "CUNEIFORM" in text
    assert "A4" in text
    assert text.splitlines()[0] != "These files could not be made:"
    assert "CUNEIFORM" in author.get(desk.address("bundle", "atelier", only_bundle(organization).pk)).content.decode()


@pytest.mark.django_db
def test_a_bundle_of_nothing_but_failures_says_so_and_can_be_tried_again(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    change(book, title="Bees \U00012000")
    ask(author, book, files=("pdf",))
    run_queue()
    bundle = only_bundle(organization)
    assert (bundle.state, bundle.file.name) == (ExportState.FAILED, "")
    change(book, title="Bees")
    page = author.get(desk.address("bundle", "atelier", bundle.pk))
    again = {"book": [book.pk], "file": ["pdf"], "request_key": page.context["again"]["request_key"].value()}
    assert author.post(desk.address("bundles", "atelier"), again).status_code == 302
    run_queue()
    assert {one.state for one in desk.rows(Bundle, organization)} == {ExportState.FAILED, ExportState.READY}


@pytest.mark.django_db
def test_a_file_lost_from_the_store_is_told(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    run_queue()
    desk.rows(Export, organization)[0].file.delete(save=False)
    ask(author, book)
    run_queue()
    assert archive(only_bundle(organization)).namelist() == ["bees-on-city-roofs.html", "files-not-made.txt"]


@pytest.mark.django_db
def test_a_worker_killed_half_way_repeats_safely(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    ask(author, book)
    bundle = only_bundle(organization)
    default_storage.save(f"bundles/{organization.pk}/{bundle.pk}.zip", ContentFile(b"half of it"))
    Lease.objects.filter(pk=bundle.pk).update(held_until=desk.in_past(1), holder=bundle.pk, available_at=timezone.now())
    run_queue()
    desk.let_time_pass()
    run_queue()
    made = only_bundle(organization)
    assert made.state == ExportState.READY
    assert made.file.name == f"bundles/{organization.pk}/{bundle.pk}.zip"
    assert len(archive(made).namelist()) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_offers_nothing(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    ask(author, book, files=("markdown",))
    bundle = only_bundle(organization)
    held = leases.Claim(bundle.pk, new_id())
    with tenancy.declared(organization.pk), pytest.raises(leases.LeaseLost):
        bundling._offer(desk.again(bundle), held, "x.zip", 1, "0" * 64, files=1)
    assert only_bundle(organization).state == ExportState.PENDING


@pytest.mark.django_db
def test_a_store_that_breaks_is_tried_three_times_then_named(
    author: Client, organization: Organization, book: Book, run_queue: Perform, settings: Any, tmp_path: Any
) -> None:
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    run_queue()
    folder = tmp_path / "files" / "bundles"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where a folder should be")
    ask(author, book, files=("markdown",))
    for tries in (1, 2):
        run_queue()
        assert only_bundle(organization).tries == tries
        desk.let_time_pass()
    run_queue()
    bundle = only_bundle(organization)
    assert (bundle.state, bundle.problem) == (ExportState.FAILED, "The bundle could not be made. Try again later.")


@pytest.mark.django_db
def test_a_bundle_whose_pending_file_went_away_is_still_made(
    author: Client, organization: Organization, editor: User, book: Book, run_queue: Perform
) -> None:
    ask(author, book)
    (pending,) = [export for export in desk.rows(Export, organization) if export.format == "html"]
    with tenancy.declared(organization.pk):
        Export.objects.filter(pk=pending.pk).delete()
    run_queue()
    desk.let_time_pass()
    run_queue()
    assert desk.offers(task=MAKE_EXPORT) == []
    assert archive(only_bundle(organization)).namelist() == ["bees-on-city-roofs.md"]


@pytest.mark.django_db
def test_fetching_a_bundle_is_fetching_each_file_of_it(
    author: Client, organization: Organization, editor: User, book: Book, run_queue: Perform
) -> None:
    ask(author, book)
    run_queue()
    bundle = only_bundle(organization)
    led = author.get(desk.address("bundle_download", "atelier", bundle.pk))
    file: Any = Client().get(led["Location"])
    assert b"".join(file.streaming_content) == desk.content(bundle)
    assert file["Content-Type"] == "application/zip"
    assert {row.person_id for row in desk.rows(Download, organization)} == {editor.pk}
    assert len(desk.rows(Download, organization)) == 2
    assert desk.trail(bundle)[-1] == "bundle.downloaded"


@pytest.mark.django_db
def test_a_bundle_is_for_whoever_asked_and_for_what_they_may_still_read(
    author: Client, organization: Organization, editor: User, owner: User, book: Book,
    client_of: Callable[[User], Client], run_queue: Perform,
) -> None:  # fmt: skip
    change(book, visibility=Visibility.INTERNAL)
    reader = client_of(owner)
    ask(reader, book, files=("markdown",))
    run_queue()
    bundle = only_bundle(organization)
    address = desk.address("bundle_download", "atelier", bundle.pk)
    assert author.get(address).status_code == 404
    assert author.get(desk.address("bundle", "atelier", bundle.pk)).status_code == 404
    assert reader.get(address).status_code == 302
    change(book, visibility=Visibility.PRIVATE)
    assert reader.get(address).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("files", [(), ("rtf",), ("markdown", "rtf")])
def test_no_format_or_an_unknown_one_is_refused_on_the_form(
    files: tuple[str, ...], author: Client, organization: Organization, book: Book
) -> None:
    answer = ask(author, book, files=files)
    assert answer.status_code == 422
    assert [one.pk for one in answer.context["books"]] == [book.pk]
    assert desk.rows(Bundle, organization) == []


@pytest.mark.django_db
def test_books_without_text_are_left_out_and_nothing_else_is_refused(
    author: Client, organization: Organization, editor: User, stranger: Client, outsider: User, book: Book
) -> None:
    empty = builders.make_book(organization, editor)
    theirs = builders.make_book(outsider.memberships.get().organization, outsider)
    assert ask(author, empty).status_code == 422
    assert ask(author, theirs).status_code == 422
    assert ask(author).status_code == 422
    assert desk.rows(Bundle, organization) == []
    assert desk.rows(BundleItem, organization) == []
    assert ask(author, empty, theirs, book).status_code == 302
    assert len(desk.rows(BundleItem, organization)) == 2


@pytest.mark.django_db
def test_more_than_fifty_books_are_refused(author: Client, organization: Organization, editor: User) -> None:
    books = [builders.make_book(organization, editor, title=f"Book {number}") for number in range(51)]
    answer = ask(author, *books)
    assert answer.status_code == 422
    assert "51" in answer.content.decode()


@pytest.mark.django_db
def test_marked_books_are_shown_before_anything_is_made(author: Client, organization: Organization, book: Book) -> None:
    address = desk.address("bundle_new", "atelier")
    assert author.get(address, {"book": [str(book.pk)]}).context["books"] == [book]
    led = author.post(address, {"book": [str(book.pk)], "act": "", "next": "/"})
    assert led["Location"] == f"{address}?book={book.pk}"
    assert b"No book is marked" in author.get(address).content
    assert b"No book is marked" in author.get(address, {"book": "not-an-id"}).content
    assert desk.rows(Bundle, organization) == []


@pytest.mark.django_db
def test_the_list_shows_my_own_newest_first_by_pages(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    mine = [builders.make_bundle(organization, editor) for _bundle in range(21)]
    builders.make_bundle(organization, owner)
    address = desk.address("bundles", "atelier")
    page = author.get(address).context["page"]
    assert [line.id for line in page.lines] == [bundle.pk for bundle in reversed(mine)][:20]
    rest = author.get(address + page.next_url).context["page"]
    assert ([line.id for line in rest.lines], rest.next_url) == ([mine[0].pk], "")


@pytest.mark.django_db
def test_bundles_are_erased_a_week_after_they_were_made(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    ask(author, book, files=("markdown",))
    run_queue()
    bundle = only_bundle(organization)
    later = timezone.now() + timedelta(days=7, minutes=1)
    assert bundling.erase_old(timezone.now() + timedelta(days=6)) == 0
    assert bundling.erase_old(later) == 1
    assert bundling.erase_old(later) == 0
    assert desk.rows(Bundle, organization) == []
    assert desk.rows(BundleItem, organization) == []
    assert not default_storage.exists(str(bundle.file))
    assert len(desk.rows(Export, organization)) == 1
    assert desk.trail(bundle)[-1] == "bundle.erased"


@pytest.mark.django_db
def test_an_erasure_killed_before_it_committed_is_finished_by_the_next(
    author: Client, organization: Organization, book: Book, run_queue: Perform
) -> None:
    ask(author, book, files=("markdown",))
    run_queue()
    only_bundle(organization).file.delete(save=False)
    assert bundling.erase_old(timezone.now() + timedelta(days=8)) == 1
    assert desk.rows(Bundle, organization) == []
