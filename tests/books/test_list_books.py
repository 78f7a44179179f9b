"""The shelf: search, filters, orders, cursors, as quick with many books as with few; and the desk at home."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from books.models import Book, BookStatus, RunState, Visibility
from books.queries import shelves
from core import tenancy
from core.keyset import FIRST, Cursor
from organizations.access import Member
from organizations.models import Membership, Organization, Role
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


@pytest.mark.parametrize("search", ["elan coeur", "ÉLAN CŒUR", "élan  du cœur", "e\u0301lan", "odile", "Façade"])
def test_accents_case_and_ligatures_are_ignored(
    search: str, author: Client, organization: Organization, editor: User
) -> None:
    builders.make_book(
        organization, editor, title="L’Élan du cœur", subtitle="Façades de l’été", topic="x", byline="Odile Œ."
    )
    builders.make_book(organization, editor, title="Other", topic="x", byline="y")
    assert titles(author, q=search) == ["L’Élan du cœur"]


def test_wildcards_are_letters(author: Client, organization: Organization, editor: User) -> None:
    builders.make_book(organization, editor, title="Plain")
    assert titles(author, q="%") == titles(author, q="_____") == titles(author, q="\\") == []


def test_filters_narrow_and_the_archive_is_asked_for(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    builders.make_book(organization, editor, title="Novel", genre="novel", language="fr")
    builders.make_book(organization, editor, title="Guide", genre="guide")
    builders.make_book(organization, editor, title="Old", status=BookStatus.ARCHIVED)
    builders.make_book(organization, owner, title="Shared", visibility=Visibility.INTERNAL)
    assert titles(author) == ["Shared", "Guide", "Novel"]
    assert titles(author, status="archived") == ["Old"]
    assert titles(author, whose="mine") == ["Guide", "Novel"]
    assert titles(author, whose="shared") == ["Shared"]
    assert titles(author, genre="novel", language="fr", q="nov") == ["Novel"]
    assert titles(author, genre="novel", language="en") == []


def test_books_stand_in_the_order_asked_for(author: Client, organization: Organization, editor: User) -> None:
    for day, title in enumerate(["Zèbre", "épée", "Abeille"], 1):
        book = builders.make_book(organization, editor, title=title)
        with tenancy.declared(organization.pk):
            Book.objects.filter(pk=book.pk).update(content_changed_at=timezone.now() - timedelta(days=day))
    assert titles(author) == ["Abeille", "épée", "Zèbre"]
    assert titles(author, sort="title") == ["Abeille", "épée", "Zèbre"]
    assert titles(author, sort="changed") == ["Zèbre", "épée", "Abeille"]


@pytest.mark.parametrize("sort", ["", "changed", "title"])
def test_the_cursors_show_every_book_once_and_lead_back(
    sort: str, author: Client, organization: Organization, editor: User
) -> None:
    with tenancy.declared(organization.pk):
        Book.objects.bulk_create(
            Book(organization=organization, author=editor, title=f"Book {number % 7}", topic="x")
            for number in range(60)
        )
        Book.objects.update(content_changed_at=timezone.now())  # ties are broken by the id
    asked = {"q": "Book", "sort": sort, "genre": "guide"}
    first = author.get(SHELF, asked).context["shelf"]
    second = author.get(SHELF + first.next_url).context["shelf"]
    third = author.get(SHELF + second.next_url).context["shelf"]
    assert [len(page.covers) for page in (first, second, third)] == [24, 24, 12]
    assert len({cover.id for page in (first, second, third) for cover in page.covers}) == 60
    assert (first.previous_url, third.next_url) == ("", "")
    assert author.get(SHELF + third.previous_url).context["shelf"].covers == second.covers
    assert author.get(SHELF + second.previous_url).context["shelf"].covers == first.covers


def test_many_books_are_not_counted_to_the_end(author: Client, organization: Organization, editor: User) -> None:
    with tenancy.declared(organization.pk):
        Book.objects.bulk_create(
            Book(organization=organization, author=editor, title="Book", topic="x") for _number in range(1002)
        )
    assert "More than 1,000 books" in author.get(SHELF).content.decode()
    assert author.get(SHELF, {"q": "nothing like it"}).context["number"] == 0


@pytest.mark.parametrize(
    ("sort", "index"),
    [("", "book_in_organization"), ("changed", "book_list_by_change"), ("title", "book_list_by_title")],
)
def test_each_order_is_read_from_its_index_under_the_policies(
    sort: str, index: str, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor)
    with tenancy.declared(organization.pk):  # among a handful, any index of theirs is as cheap as another
        Book.objects.bulk_create(
            Book(organization=organization, author=editor, title=f"Book {number}", topic="x") for number in range(600)
        )
    member = Member(editor, organization, Role.MEMBER, permissions=Membership(role=Role.MEMBER).permissions)
    with tenancy.declared(organization.pk), CaptureQueriesContext(connection) as asked:
        shelves.shelf(member, shelves.Wanted(sort=sort), Cursor(after=book.pk) if sort else FIRST)
    with tenancy.declared(organization.pk), connection.cursor() as cursor:
        for choice in ("seqscan", "bitmapscan", "sort"):  # what a shelf of a few hundred may still be read by
            cursor.execute(f"SET LOCAL enable_{choice} = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index} " in plan
    assert "Sort" not in plan


def test_guests_see_their_own_books_alone(
    viewer: User, organization: Organization, owner: User, client_of: Callable[[User], Client]
) -> None:
    builders.make_book(organization, owner, title="Shared", visibility=Visibility.INTERNAL)
    assert titles(client_of(viewer)) == []


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


def test_owners_and_admins_learn_the_titles_of_others_private_books_and_no_more(
    organization: Organization, owner: User, editor: User, author: Client, client_of: Callable[[User], Client]
) -> None:
    page = desk.address("private_titles", "atelier")
    book = builders.make_book(organization, editor, title="Élan", topic="honey", subtitle="of June")
    builders.make_book(organization, editor, title="Shared", visibility=Visibility.INTERNAL)
    builders.make_book(organization, editor, title="Thrown away", trashed_at=timezone.now())
    builders.make_book(organization, owner, title="My own")
    lead = client_of(owner)
    answer = lead.get(page)
    assert [(line.title, line.author) for line in answer.context["page"].lines] == [("Élan", editor.name)]
    assert str(book.pk) not in answer.content.decode()
    assert lead.get(page, {"q": "elan"}).context["page"].lines
    # A search in what is not shown would tell of it.
    assert not lead.get(page, {"q": "honey"}).context["page"].lines
    assert not lead.get(page, {"q": "june"}).context["page"].lines
    assert page in lead.get(SHELF).content.decode()
    assert page not in author.get(SHELF).content.decode()
    assert author.get(page).status_code == 403


def test_the_titles_come_in_pages(
    organization: Organization, owner: User, editor: User, client_of: Callable[[User], Client]
) -> None:
    for number in range(51):
        builders.make_book(organization, editor, title=f"Volume {number}")
    lead, page = client_of(owner), desk.address("private_titles", "atelier")
    first = lead.get(page, {"q": "volume"}).context["page"]
    second = lead.get(page + first.next_url).context["page"]
    assert [len(first.lines), len(second.lines), second.next_url] == [50, 1, ""]
    assert lead.get(page + second.previous_url).context["page"].lines == first.lines
