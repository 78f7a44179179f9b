"""Limits: what is too much is refused with its number, nothing is deleted, and people are told in time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books import actions
from books.models import Book, ExportState, Source
from books.queries.files import KINDS
from core import tenancy
from core.ids import first_id, new_id
from core.mail import TASK as DELIVER
from core.mail import deliver as send
from core.models import Lease
from organizations.actions import limits
from organizations.errors import LimitReached
from organizations.models import Limits, LimitWarning, Organization
from tests import builders
from tests.books import desk

Sign = Callable[[User], Client]
Perform = Callable[[], int]


@pytest.fixture(autouse=True)
def _lay_files(db: None) -> None:
    """Every test here works in a database."""


def limited(**limits: int | None) -> tuple[Organization, User]:
    """An organization with these limits, and its owner."""
    organization = builders.make_organization(limits=limits)
    return organization, builders.make_member(organization, "owner", mails_about_runs=False)


def shelve(organization: Organization, author: User, number: int, **overrides: Any) -> list[Book]:
    """So many books."""
    return [builders.make_book(organization, author, **overrides) for _each in range(number)]


def create(organization: Organization, author: User) -> Book:
    """One more book, as the action makes it."""
    with tenancy.declared(organization.pk):
        return actions.create_book(
            organization=organization, author=author, brief={"title": "One more", "topic": "Bees"}
        )[0]


@contextmanager
def full(text: str) -> Iterator[None]:
    """Inside the block it is refused with these words."""
    with pytest.raises(LimitReached) as refused:
        yield
    assert text in refused.value.message


def told(organization: Organization) -> set[tuple[str, int]]:
    """Warnings that stand."""
    return {(row.meter, row.percent) for row in desk.rows(LimitWarning, organization)}


# ── Books ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_book_too_many_is_refused_and_nothing_is_lost() -> None:
    organization, owner = limited(books=2)
    shelve(organization, owner, 2)
    with full("Books: 2 of 2, nothing is left."):
        create(organization, owner)
    assert len(desk.rows(Book, organization)) == 2


def test_the_form_keeps_what_was_typed_and_says_why(client_of: Sign) -> None:
    organization, owner = limited(books=1)
    shelve(organization, owner, 1)
    data = desk.brief(title="The Ninth Hive")
    response = client_of(owner).post(desk.address("book_new", organization.slug), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Books: 1 of 1, nothing is left." in page
    assert "The Ninth Hive" in page


def test_a_form_sent_twice_is_one_book_though_the_second_finds_no_room(client_of: Sign) -> None:
    organization, owner = limited(books=1)
    data = desk.brief()
    client = client_of(owner)
    places = {client.post(desk.address("book_new", organization.slug), data)["Location"] for _again in range(2)}
    assert len(places) == 1


def test_what_lies_in_the_trash_makes_room_and_needs_room_to_come_back() -> None:
    organization, owner = limited(books=1)
    [book] = shelve(organization, owner, 1, trashed_at=timezone.now())
    create(organization, owner)
    with full("Books: 1 of 1"), tenancy.declared(organization.pk):
        actions.restore_book(book=book, by=owner)
    assert desk.again(book).trashed_at


def test_a_copy_counts_like_any_book() -> None:
    organization, owner = limited(books=1)
    [book] = shelve(organization, owner, 1)
    with full("Books: 1 of 1"), tenancy.declared(organization.pk):
        actions.duplicate_book(book=book, by=owner, with_text=True)


def test_a_month_counts_what_was_begun_whatever_became_of_it() -> None:
    organization, owner = limited(books_a_month=2)
    shelve(organization, owner, 2, trashed_at=timezone.now())
    with full("Books this month: 2 of 2"):
        create(organization, owner)


def test_the_month_is_the_calendars_in_utc() -> None:
    organization, owner = limited(books_a_month=1)
    began = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    shelve(organization, owner, 1, id=first_id(began - timedelta(milliseconds=1)))
    create(organization, owner)
    with full("Books this month: 1 of 1"):
        create(organization, owner)


def test_a_limit_that_was_lowered_deletes_nothing() -> None:
    organization, owner = limited(books=5)
    shelve(organization, owner, 4)
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(books=2)
    with full("Books: 4 of 2, nothing is left."):
        create(organization, owner)
    assert len(desk.rows(Book, organization)) == 4


# ── Storage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def written(organization: Organization, author: User) -> Book:
    """A book with text."""
    book = builders.make_book(organization, author)
    builders.make_chapter(book)
    return book


def test_a_file_is_not_begun_when_no_byte_is_left() -> None:
    organization, owner = limited(storage_bytes=1000)
    book = written(organization, owner)
    builders.make_export(book, size=1000)
    with full("nothing is left. Remove sources"), tenancy.declared(organization.pk):
        actions.request_export(book=book, by=owner, format_key="markdown")


def test_a_file_that_turns_out_too_large_fails_with_the_reason_and_leaves_nothing(run_queue: Perform) -> None:
    organization, owner = limited(storage_bytes=10)
    book = written(organization, owner)
    with tenancy.declared(organization.pk):
        export = actions.request_export(book=book, by=owner, format_key="markdown")
    run_queue()
    export = desk.again(export)
    assert (export.state, export.size, export.file.name) == (ExportState.FAILED, 0, "")
    assert "there is no room for this" in export.problem


def test_a_file_that_fits_is_made(run_queue: Perform) -> None:
    organization, owner = limited(storage_bytes=100_000)
    book = written(organization, owner)
    with tenancy.declared(organization.pk):
        export = actions.request_export(book=book, by=owner, format_key="markdown")
    run_queue()
    assert desk.again(export).state == ExportState.READY


def test_a_bundle_that_turns_out_too_large_fails_with_the_reason(run_queue: Perform) -> None:
    organization, owner = limited(storage_bytes=100_000)
    book = written(organization, owner)
    with tenancy.declared(organization.pk):
        export = actions.request_export(book=book, by=owner, format_key="markdown")
    run_queue()
    builders.make_export(book, format="html", size=100_000 - desk.again(export).size - 1)  # a byte is left
    kinds = [KINDS["markdown", ""]]
    with tenancy.declared(organization.pk):
        bundle = actions.request_bundle(books=[book], kinds=kinds, by=owner, request_key=new_id())
    run_queue()
    over = desk.again(bundle)
    assert (over.state, over.size, over.file.name) == (ExportState.FAILED, 0, "")
    assert "there is no room for this" in over.problem


def test_a_source_without_room_is_refused_as_a_whole(client_of: Sign) -> None:
    organization, owner = limited(storage_bytes=20)
    book = builders.make_book(organization, owner)
    address = desk.address("sources", organization.slug, book.pk)
    response = client_of(owner).post(address, {"source_text": "More than twenty bytes of text.", "source_title": "x"})
    assert response.status_code == 422
    assert "there is no room for this" in response.content.decode()
    assert not desk.rows(Source, organization)


# ── Warnings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_owners_are_told_once_at_80_and_once_at_95_per_cent() -> None:
    organization, owner = limited(books=20)
    shelve(organization, owner, 14)
    subjects = []
    for _each in range(6):
        mail.outbox.clear()
        create(organization, owner)
        deliver()
        subjects.append([one.subject.partition(": ")[2] for one in mail.outbox])
    nothing: list[str] = []
    first, second = ["80 % of “Books” is used"], ["95 % of “Books” is used"]
    assert subjects == [nothing, first, nothing, nothing, second, nothing]
    assert told(organization) == {("books", 80), ("books", 95)}


def test_usage_that_fell_is_told_of_again() -> None:
    organization, owner = limited(books=10)
    books = shelve(organization, owner, 7)
    create(organization, owner)
    with tenancy.declared(organization.pk):
        for book in books:
            actions.trash_book(book=book, by=owner)
    create(organization, owner)
    assert told(organization) == set()
    shelve(organization, owner, 5)
    create(organization, owner)
    deliver()
    assert len(mail.outbox) == 2


def test_only_who_sees_the_bill_and_wants_such_mails_is_told() -> None:
    organization, owner = limited(books=1)
    builders.make_member(organization, "admin", mails_about_limits=False)
    french = builders.make_member(organization, "admin", language="fr", email="louise@example.org")
    builders.make_member(organization, "member")
    builders.make_member(organization, "admin", is_active=False)
    create(organization, owner)
    deliver()
    assert sorted(one.to[0] for one in mail.outbox) == sorted([owner.email, french.email])
    [theirs] = [one for one in mail.outbox if one.to == ["louise@example.org"]]
    assert "atteint" in theirs.subject


def test_what_is_rolled_back_warns_nobody() -> None:
    organization, owner = limited(books=1)
    with transaction.atomic():
        create(organization, owner)
        transaction.set_rollback(True)
    deliver()
    assert (told(organization), mail.outbox) == (set(), [])


def deliver() -> None:
    """Send the mails that wait, and nothing else."""
    for lease in Lease.objects.filter(task=DELIVER):
        send(lease.pk)


# ── Together ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_room_one_gets_it() -> None:
    organization, owner = limited(books=3)
    shelve(organization, owner, 2)
    at_once, outcomes = Barrier(8), []

    def want() -> None:
        at_once.wait()
        try:
            create(organization, owner)
            outcomes.append("made")
        except LimitReached:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=want) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["refused"] * 7
    assert len(desk.rows(Book, organization)) == 3


def test_nothing_is_counted_where_nothing_is_limited(django_assert_num_queries: Any) -> None:
    organization, _owner = limited(storage_bytes=None)
    with tenancy.declared(organization.pk), transaction.atomic(), django_assert_num_queries(4):
        limits.take(organization=organization, books=1, books_a_month=1, storage_bytes=1)
