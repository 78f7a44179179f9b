"""Visits from outside are counted by day: no cookie, no robot, nothing that tells who it was."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from books.jobs import visits
from books.models import Book, VisitCount
from core import events, tenancy
from organizations.models import Organization
from tests import builders

ClientOf = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_moment")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A published book of one chapter."""
    made = builders.make_book(organization, editor, status="published", visibility="public")
    builders.make_chapter(made)
    builders.publish(made, "bees")
    return made


def look(client: Client, path: str = "/read/bees/", browser: str = FIREFOX, **headers: str) -> int:
    """The status of a page opened in that browser."""
    return client.get(path, headers={"User-Agent": browser} | headers).status_code


def counted(book: Book) -> list[tuple[bool, int, int]]:
    """(by a link, visits, visitors) as they are stored, after beat came by."""
    visits.store()
    with tenancy.declared(book.organization_id):
        rows = VisitCount.objects.of(book.organization).filter(book=book).order_by("visits")
        return [(row.link_id is not None, row.visits, row.visitors) for row in rows]


def test_pages_and_visitors_are_counted_apart(book: Book, client: Client) -> None:
    builders.make_link(book, "token")
    for path in ("/read/bees/", "/read/bees/1/", "/read/bees/1/", "/s/token/"):
        look(client, path)
    look(client, browser=SAFARI)
    assert counted(book) == [(True, 1, 1), (False, 4, 2)]
    assert not client.cookies


def test_robots_prefetching_and_missing_pages_are_not_counted(book: Book, client: Client) -> None:
    look(client, browser="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    look(client, browser="Twitterbot/1.0")
    look(client, browser="")
    look(client, **{"Sec-Purpose": "prefetch;prerender"})
    look(client, "/read/bees/9/")
    client.head("/read/bees/", headers={"User-Agent": FIREFOX})
    assert counted(book) == []


def test_what_is_stored_twice_is_the_same(book: Book, client: Client) -> None:
    look(client)
    assert [counted(book), counted(book)] == [[(False, 1, 1)]] * 2
    look(client)
    assert counted(book) == [(False, 2, 1)]


def test_a_valkey_that_lost_its_memory_takes_nothing_back(book: Book, client: Client) -> None:
    for _again in range(3):
        look(client)
    assert counted(book) == [(False, 3, 1)]
    events.client().flushdb()
    look(client)
    assert counted(book) == [(False, 3, 1)]


def test_nothing_in_valkey_says_who_it_was(book: Book, client: Client) -> None:
    client.get("/read/bees/", headers={"User-Agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
    valkey = events.client()
    kept = repr([(key, valkey.dump(key)) for key in valkey.keys("reading:*")])
    assert "reading" in kept and "203.0.113" not in kept and "Firefox" not in kept
    today = timezone.now().date()
    assert 0 < valkey.ttl(f"reading:{today}:salt") <= 86_400 + 60
    assert all(valkey.ttl(key) > 0 for key in valkey.keys("reading:*"))


def test_a_page_is_shown_while_valkey_is_away(book: Book, client: Client, settings: object) -> None:
    place = visits.Place(book.organization_id, book.pk)
    assert visits.Place.named(str(place)) == place
    assert look(client) == 200


def test_visits_of_an_erased_book_are_stored_nowhere(book: Book, client: Client, editor: User) -> None:
    from books import actions as shelf

    look(client)
    with tenancy.declared(book.organization_id):
        shelf.trash_book(book=book, by=editor)
        shelf.erase_book(book=book, by=editor)
    assert counted(book) == []


def test_the_author_sees_them_by_day_and_by_link(book: Book, editor: User, client_of: ClientOf) -> None:
    link = builders.make_link(book, "token", label="Ada")
    builders.make_visits(book, link, days=40)
    page = reverse("books:visits", args=["atelier", book.pk])
    author = client_of(editor)
    shown = {
        query: author.get(page + query).content.decode() for query in ("", "?public=1", f"?link={link.pk}", "?link=x")
    }
    assert "Ada" in shown[""] and "<rect" in shown[""] and "<table" in shown[""]
    sums = [sum((number * 7) % 12 for number in range(days)) for days in (30, 40)]
    assert f"{2 * sums[0]} pages opened" in shown[""] and f"{sums[0]} pages opened" in shown[f"?link={link.pk}"]
    assert shown["?link=x"].count("<rect") == shown[""].count("<rect")


def test_an_unread_book_says_where_its_visits_will_stand(
    organization: Organization, editor: User, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, editor)
    page = client_of(editor).get(reverse("books:visits", args=["atelier", book.pk])).content
    assert b"Nobody came by yet" in page and timedelta(days=3) == visits.KEPT
