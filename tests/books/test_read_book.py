"""Who may see and read which book, and what the reader shows."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from books.models import Book, Visibility
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of three chapters, the second without text."""
    made = builders.make_book(organization, editor, chapter_count=3)
    builders.make_chapter(made, markdown="A roof is **a meadow** that nobody mows.[^1]\n\n[^1]: Nobody.")
    builders.make_chapter(made, position=2, title="Unwritten", markdown="", word_count=0)
    builders.make_chapter(made, position=3, title="The Last Hive")
    return made


def pages(book: Book) -> list[str]:
    """Every address of the book and its run that is read with GET."""
    chapter = desk.rows(type(book.chapters.model()), book.organization, book=book)[0]
    return [
        desk.address("book", "atelier", book.pk),
        desk.address("read", "atelier", book.pk),
        desk.address("chapter", "atelier", book.pk, chapter.pk),
        desk.address("run", "atelier", builders.make_run(book).pk),
    ]


def test_the_reader_shows_a_chapter_and_its_written_neighbours(author: Client, book: Book) -> None:
    first = author.get(desk.address("read", "atelier", book.pk), follow=True)
    page = first.context["page"]
    assert (page.chapter.position, page.previous, page.next.position) == (1, None, 3)
    assert "<strong>a meadow</strong>" in first.content.decode()
    last = author.get(desk.address("chapter", "atelier", book.pk, page.next.id)).context["page"]
    assert (last.previous.position, last.next) == (1, None)


def test_a_book_without_text_has_no_reader(author: Client, organization: Organization, editor: User) -> None:
    empty = builders.make_book(organization, editor)
    assert author.get(desk.address("read", "atelier", empty.pk))["Location"] == desk.address(
        "book", "atelier", empty.pk
    )
    page = author.get(desk.address("book", "atelier", empty.pk)).context["page"]
    assert (page.has_text, page.can_start, page.words) == (False, True, 0)


def test_a_private_book_is_for_its_author_alone(
    book: Book, author: Client, owner: User, viewer: User, stranger: Client, client_of: Sign
) -> None:
    for address in pages(book):
        assert author.get(address).status_code in {200, 302}
        others = [client_of(owner), client_of(viewer), stranger]
        assert [other.get(address).status_code for other in others] == [404, 404, 404]


def test_an_internal_book_is_for_members_and_changed_by_those_who_lead(
    organization: Organization, editor: User, owner: User, viewer: User, client_of: Sign
) -> None:
    book = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    run = builders.make_run(book)
    colleague = client_of(builders.make_member(organization, "member"))
    admin = client_of(builders.make_member(organization, "admin"))
    address = desk.address("run", "atelier", run.pk)
    seen = [browser.get(address).status_code for browser in (client_of(viewer), colleague, admin, client_of(owner))]
    assert seen == [404, 200, 200, 200]
    assert [desk.act(colleague, run, "pause"), desk.act(admin, run, "pause")] == [403, 302]
    assert "order" not in colleague.get(address).context["request"].acts
    assert "order" in admin.get(address).context["request"].acts
    assert colleague.post(desk.address("book_write", "atelier", book.pk)).status_code == 403
    assert admin.post(desk.address("book_write", "atelier", book.pk)).status_code == 302


@pytest.mark.parametrize("name", ["book", "read", "run", "outline", "download"])
@pytest.mark.parametrize(
    "identifier", ["not-an-id", "0", "../../etc/passwd", "%00", "018f0000-0000-7000-8000-00000000000"]
)
def test_a_malformed_id_is_not_found(name: str, identifier: str, author: Client) -> None:
    known = uuid4()
    address = desk.address(name, "atelier", known).replace(str(known), identifier)
    assert author.get(address).status_code == 404


@pytest.mark.parametrize("name", ["book", "read", "run", "outline", "download"])
def test_an_unknown_id_is_not_found(name: str, author: Client) -> None:
    assert author.get(desk.address(name, "atelier", uuid4())).status_code == 404


def test_a_chapter_is_found_in_its_own_book_only(
    author: Client, book: Book, organization: Organization, editor: User
) -> None:
    other = builders.make_book(organization, editor)
    chapter = builders.make_chapter(other)
    assert author.get(desk.address("chapter", "atelier", book.pk, chapter.pk)).status_code == 404


@pytest.mark.parametrize("verb", ["run_pause", "run_resume", "run_cancel", "run_retry"])
def test_moves_are_made_by_post_alone(verb: str, author: Client, book: Book) -> None:
    run = builders.make_run(book)
    assert author.get(desk.address(verb, "atelier", run.pk)).status_code == 405
    assert author.post(desk.address(verb, "atelier", uuid4())).status_code == 404
