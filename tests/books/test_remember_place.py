"""Where a reader stopped: one place a person and book, found again, nobody else's business."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Entry
from books.models import Book, Chapter, ReadingPlace, Visibility
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book of three chapters of a hundred words, all written but the second."""
    made = builders.make_book(organization, editor, chapter_count=3)
    builders.make_chapter(made, word_count=100)
    builders.make_chapter(made, position=2, title="Unwritten", markdown="", word_count=0)
    builders.make_chapter(made, position=3, title="The Last Hive", word_count=100)
    return made


def chapter(book: Book, position: int) -> Chapter:
    (found,) = desk.rows(Chapter, book.organization, book=book, position=position)
    return found


def stop(browser: Client, book: Book, position: int, **fields: Any) -> Any:
    """Say that one stops in that chapter."""
    address = desk.address("place", book.organization.slug, book.pk)
    return browser.post(address, {"chapter": chapter(book, position).pk} | fields)


def test_a_book_opens_where_its_reader_stopped(author: Client, book: Book) -> None:
    address = desk.address("read", "atelier", book.pk)
    first, third = (desk.address("chapter", "atelier", book.pk, chapter(book, position).pk) for position in (1, 3))
    assert author.get(address)["Location"] == first
    assert stop(author, book, 3, paragraph=12, quiet="1").status_code == 204
    assert author.get(address)["Location"] == f"{third}#paragraph-12"
    page = author.get(desk.address("book", "atelier", book.pk))
    assert (page.context["page"].place.position, page.context["page"].beginning.position) == (3, 1)
    assert b"Continue reading at chapter 3" in page.content
    assert first in page.content.decode()


def test_the_button_needs_no_script_and_says_what_it_did(author: Client, book: Book) -> None:
    led = stop(author, book, 3)
    assert led["Location"] == desk.address("book", "atelier", book.pk)
    assert b"You stopped in chapter 3" in author.get(led["Location"]).content
    (place,) = desk.rows(ReadingPlace, book.organization)
    assert place.paragraph == 0


def test_there_is_one_place_a_person_and_book(
    author: Client, book: Book, owner: User, editor: User, client_of: Any
) -> None:
    for position, paragraph in [(1, 4), (3, 2), (3, 9)]:
        stop(author, book, position, paragraph=paragraph, quiet="1")
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(visibility=Visibility.INTERNAL)
    colleague = client_of(owner)
    assert colleague.get(desk.address("book", "atelier", book.pk)).context["page"].place is None
    stop(colleague, book, 1, quiet="1")
    places = desk.rows(ReadingPlace, book.organization)
    assert {(place.person_id, place.paragraph) for place in places} == {(editor.pk, 9), (owner.pk, 0)}


def test_reading_leaves_no_trail(author: Client, book: Book) -> None:
    stop(author, book, 3, quiet="1")
    with tenancy.declared(book.organization_id):
        assert not Entry.objects.filter(action__contains="place").exists()


def test_looking_at_a_chapter_remembers_nothing(author: Client, book: Book) -> None:
    author.get(desk.address("chapter", "atelier", book.pk, chapter(book, 1).pk))
    author.get(desk.address("read", "atelier", book.pk))
    assert desk.rows(ReadingPlace, book.organization) == []


def test_a_place_in_a_chapter_without_text_is_no_place(author: Client, book: Book) -> None:
    assert stop(author, book, 2).status_code == 404
    stop(author, book, 3, paragraph=7, quiet="1")
    with tenancy.declared(book.organization_id):
        Chapter.objects.filter(book=book, position=3).update(markdown="", word_count=0)
    first = desk.address("chapter", "atelier", book.pk, chapter(book, 1).pk)
    assert author.get(desk.address("read", "atelier", book.pk))["Location"] == first
    assert author.get(desk.address("book", "atelier", book.pk)).context["page"].place is None


@pytest.mark.parametrize("fields", [{"chapter": "x"}, {"paragraph": -1}, {"paragraph": "x"}, {"paragraph": 10**9}])
def test_nonsense_is_refused(fields: dict[str, Any], author: Client, book: Book) -> None:
    assert stop(author, book, 1, **fields).status_code == 422
    assert desk.rows(ReadingPlace, book.organization) == []


def test_others_cannot_stop_in_it(book: Book, stranger: Client, viewer: User, client_of: Any) -> None:
    assert [stop(stranger, book, 1).status_code, stop(client_of(viewer), book, 1).status_code] == [404, 404]


def test_a_chapter_of_another_book_is_no_place_in_this(
    author: Client, book: Book, organization: Organization, editor: User
) -> None:
    other = builders.make_chapter(builders.make_book(organization, editor))
    assert stop(author, book, 1, chapter=other.pk).status_code == 404


def test_the_reader_knows_how_much_of_the_book_lies_behind(author: Client, book: Book) -> None:
    stop(author, book, 3, paragraph=1, quiet="1")
    page = author.get(desk.address("chapter", "atelier", book.pk, chapter(book, 3).pk)).context["page"]
    assert (page.words_before, page.words, page.share, page.stopped_at) == (100, 200, 50, 1)
    page = author.get(desk.address("chapter", "atelier", book.pk, chapter(book, 1).pk)).context["page"]
    assert (page.share, page.stopped_at) == (0, None)
