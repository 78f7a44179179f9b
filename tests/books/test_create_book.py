"""A new book: its brief, its limits, its one effect however often the form is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from books.actions import create_book
from books.models import Book, BookStatus, Run, Visibility
from core import tenancy
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.books import desk

SCRIPT = "<script>alert(1)</script>"
NEW = desk.address("book_new", "atelier")


@pytest.mark.django_db
def test_a_new_book_is_private_and_its_outline_is_on_offer(
    author: Client, editor: User, organization: Organization
) -> None:
    run = desk.begin(author, title="  Bees \u00a0 on\troofs ", goal="One\r\ntwo ", byline="")
    book = desk.book_of(run)
    assert (book.title, book.goal, book.byline) == ("Bees on roofs", "One\ntwo ", editor.name)
    assert (book.visibility, book.status, book.author_id) == (Visibility.PRIVATE, BookStatus.GENERATING, editor.pk)
    assert run.brief["title"] == "Bees on roofs"
    assert [lease.organization_id for lease in desk.offers()] == [organization.pk]
    assert desk.trail(book) == ["book.created"]
    assert desk.trail(run) == ["run.started"]


@pytest.mark.django_db
def test_sending_the_form_twice_makes_one_book_and_leads_to_its_run(
    author: Client, organization: Organization, language_model: Any, run_queue: Callable[[], int]
) -> None:
    form = desk.brief(approves_itself="on", chapter_count=1)
    first = author.post(NEW, form)
    assert author.post(NEW, form)["Location"] == first["Location"]
    run_queue()
    assert author.post(NEW, form)["Location"] == first["Location"]
    assert len(desk.rows(Book, organization)) == len(desk.rows(Run, organization)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_make_one_book(
    editor: User, organization: Organization, client_of: Callable[[User], Client]
) -> None:
    form, browsers = desk.brief(), [client_of(editor), client_of(editor)]

    def send(browser: Client) -> str:
        try:
            return browser.post(NEW, form)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(send, browsers))) == 1
    assert len(desk.rows(Book, organization)) == len(desk.rows(Run, organization)) == 1
    assert len(desk.offers()) == 1


@pytest.mark.django_db
def test_a_form_used_by_somebody_else_is_refused(
    author: Client, owner: User, organization: Organization, client_of: Callable[[User], Client]
) -> None:
    form = desk.brief()
    author.post(NEW, form)
    assert client_of(owner).post(NEW, form).status_code == 422
    assert len(desk.rows(Book, organization)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "   "), ("title", "x" * 101), ("title", "a\x00b"), ("title", "a\x1bb"),
     ("title", "\u202e\u202d"), ("title", "\ufffe"), ("subtitle", "x" * 151), ("subtitle", "\x7f"), ("topic", ""),
     ("topic", "x" * 201), ("topic", "\x00"), ("goal", "x" * 1001), ("goal", "a\x00"), ("byline", "x" * 101),
     ("byline", "\x08"), ("language", "de"), ("language", ""), ("genre", "poem"), ("audience", SCRIPT),
     ("difficulty", "x"), ("tone", ""), ("palette", "gold"), ("chapter_count", "0"), ("chapter_count", "51"),
     ("chapter_count", "9" * 400), ("chapter_count", "1.5"), ("chapter_count", ""), ("words_per_chapter", "199"),
     ("words_per_chapter", "5001"), ("words_per_chapter", "-1"), ("words_per_chapter", "NaN"), ("request_key", ""),
     ("request_key", "no-uuid")],
)  # fmt: skip
def test_a_field_out_of_its_limits_is_answered_with_a_message(
    field: str, value: str, author: Client, organization: Organization
) -> None:
    answer = author.post(NEW, desk.brief(**{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert desk.rows(Book, organization) == []
    assert desk.offers() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "stored"),
    [(SCRIPT, SCRIPT), ("{{ 7*7 }} {% now %}", "{{ 7*7 }} {% now %}"), ("🐝 & 'bees' \"too\"", "🐝 & 'bees' \"too\""),
     ("كتاب النحل", "كتاب النحل"), ("evil\u202egpj.exe", "evilgpj.exe"), ("Cafe\u0301", "Café"),
     ("x" * 99 + "é", "x" * 99 + "é"), ("'; DROP TABLE books_book; --", "'; DROP TABLE books_book; --")],
)  # fmt: skip
def test_strange_text_is_stored_as_it_is_and_shown_harmless(typed: str, stored: str, author: Client) -> None:
    run = desk.begin(author, title=typed, subtitle=typed, topic=typed, goal=typed, byline=typed)
    book = desk.book_of(run)
    assert (book.title, book.subtitle, book.topic, book.byline) == (stored, stored, stored, stored)
    for page in (
        desk.address("run", "atelier", run.pk),
        desk.address("book", "atelier", book.pk),
        desk.address("book_list", "atelier"),
        desk.address("home", "atelier"),
    ):
        answer = author.get(page)
        assert answer.status_code == 200
        assert SCRIPT not in answer.content.decode()


@pytest.mark.django_db
def test_a_refused_form_keeps_what_was_typed(author: Client) -> None:
    answer = author.post(NEW, desk.brief(topic="", title=SCRIPT, chapter_count="7"))
    page = answer.content.decode()
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'value="7"' in page


@pytest.mark.django_db
def test_guests_begin_no_books(viewer: User, organization: Organization, client_of: Callable[[User], Client]) -> None:
    guest = client_of(viewer)
    assert guest.post(NEW, desk.brief()).status_code == 403
    assert guest.get(NEW).status_code == 403
    assert desk.rows(Book, organization) == []


@pytest.mark.django_db
def test_each_form_shown_has_a_key_of_its_own(author: Client) -> None:
    keys = {str(author.get(NEW).context["form"]["request_key"].value()) for _visit in range(2)}
    assert len(keys) == 2
    assert str(new_id()) not in keys


@pytest.mark.django_db(transaction=True)
def test_workers_do_not_wait_for_a_form_that_is_being_stored(editor: User, organization: Organization) -> None:
    brief = {"title": "Bees", "topic": "Roofs"}

    def write() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            builders.make_book(organization, editor)
        finally:
            connection.close()

    with tenancy.declared(organization.pk), transaction.atomic(), ThreadPoolExecutor(1) as threads:
        create_book(organization=organization, author=editor, brief=brief)
        threads.submit(write).result()
    assert len(desk.rows(Book, organization)) == 2
