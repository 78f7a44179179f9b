"""The shelf: search, filter, cursor, in one query whatever the number; and the desk at home."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from books.models import BookStatus, RunState, Visibility
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
SHELF = desk.address("book_list", "atelier")


def titles(browser: Client, **asked: str) -> list[str]:
    return [cover.title for cover in browser.get(SHELF, asked).context["shelf"].covers]


def test_the_shelf_holds_own_and_shared_books_newest_first(
    author: Client, organization: Organization, editor: User, owner: User, stranger: Client
) -> None:
    builders.make_book(organization, editor, title="Mine")
    builders.make_book(organization, owner, title="Private of the owner")
    builders.make_book(organization, owner, title="Shared", visibility=Visibility.INTERNAL)
    assert titles(author) == ["Shared", "Mine"]
    assert stranger.get(SHELF).status_code == 404


def test_search_and_filter_find_books(author: Client, organization: Organization, editor: User) -> None:
    builders.make_book(organization, editor, title="Bees 100%", status=BookStatus.REVIEW)
    builders.make_book(organization, editor, title="Roofs", topic="and BEES too")
    builders.make_book(organization, editor, title="Chimneys", topic="smoke")
    assert titles(author, q="bees") == ["Roofs", "Bees 100%"]
    assert titles(author, q="100%") == ["Bees 100%"]
    assert titles(author, q="bees", status="review") == ["Bees 100%"]
    assert titles(author, q="nothing like it") == []


@pytest.mark.parametrize(
    "asked",
    [{"q": "x" * 5000}, {"q": "\x00"}, {"after": "not-an-id"}, {"status": "x" * 99}, {"status": "unknown"},
     {"q": "<script>alert(1)</script>"}, {"q": "%' OR 1=1 --"}],
)  # fmt: skip
def test_a_strange_question_is_answered(asked: dict[str, str], author: Client) -> None:
    answer = author.get(SHELF, asked)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_cursor_shows_every_book_once(author: Client, organization: Organization, editor: User) -> None:
    for number in range(30):
        builders.make_book(organization, editor, title=f"Book {number}")
    first = author.get(SHELF, {"q": "Book"}).context["shelf"]
    second = author.get(SHELF + first.next_url).context["shelf"]
    assert [len(first.covers), len(second.covers), second.next_url] == [24, 6, ""]
    assert len({cover.id for cover in (*first.covers, *second.covers)}) == 30


def test_more_books_are_no_more_queries(author: Client, organization: Organization, editor: User) -> None:
    counts = []
    for _round in range(2):
        for _book in range(4):
            builders.make_run(builders.make_book(organization, editor))
        for page in (SHELF, desk.address("home", "atelier")):
            author.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                author.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_home_shows_what_waits_for_me_and_what_is_at_work(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    states = [RunState.WRITING, RunState.AWAITING_APPROVAL, RunState.FAILED, RunState.COMPLETED]
    for state in states:
        builders.make_run(builders.make_book(organization, editor, title=state), state=state)
    builders.make_run(builders.make_book(organization, owner, visibility="internal"), state=RunState.WRITING)
    shown = author.get(desk.address("home", "atelier")).context["desk"]
    assert [line.state for line in shown.waiting] == [RunState.FAILED, RunState.AWAITING_APPROVAL]
    assert [line.state for line in shown.working] == [RunState.WRITING]


def test_the_downloads_are_swapped_only_when_something_changed(
    author: Client, organization: Organization, editor: User, run_queue: Callable[[], int]
) -> None:
    book = builders.make_book(organization, editor)
    builders.make_chapter(book)
    page = desk.address("book", "atelier", book.pk)
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    assert author.get(page, {"exporting": "1"}, headers={"HX-Request": "true"}).status_code == 204
    run_queue()
    part = author.get(page, {"exporting": "1"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
