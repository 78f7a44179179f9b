"""Many at once want the last credits: real commits, a connection each."""

from uuid import UUID

import pytest

from accounts.models import User
from billing.actions.credits import reserve, settle
from billing.models import Act
from billing.queries import Balance, Delivery
from books.actions import start_run
from books.models import Book, Run, RunState
from books.transitions import charges
from core import tenancy
from core.ids import new_id
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.billing.purse import purse_of
from tests.books import desk
from tests.faults.crowd import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]
CROWD = 8


def house(balance: int) -> tuple[Organization, User]:
    """An organization with so many credits, and its owner."""
    organization = builders.make_organization(balance=balance)
    return organization, builders.make_member(organization, "owner")


def test_of_two_books_that_want_the_last_credits_one_begins() -> None:
    organization, owner = house(3)
    books = [builders.make_book(organization, owner) for _both in range(2)]

    def start(book: Book) -> None:
        with tenancy.declared(organization.pk):
            start_run(book=book, by=owner)

    assert sorted(at_once(start, books)) == ["done", "too_few_credits"]
    assert purse_of(organization) == Balance(1, 2)
    (run,) = desk.rows(Run, organization)
    assert Lease.objects.filter(organization_id=organization.pk, task="books.tasks.perform_step").count() == 1
    assert run.state == RunState.PENDING


def test_one_run_that_is_reserved_for_many_times_at_once_is_reserved_for_once() -> None:
    organization, owner = house(100)
    run = builders.make_run(builders.make_book(organization, owner), credits_quoted=7)

    def hold(run: Run) -> None:
        with tenancy.declared(organization.pk):
            charges.reserve(run, owner)

    assert at_once(hold, [run] * CROWD) == ["done"] * CROWD
    assert purse_of(organization) == Balance(93, 7)


def test_runs_that_end_at_once_all_settle() -> None:
    organization, owner = house(100)
    runs = [new_id() for _each in range(CROWD)]
    with tenancy.declared(organization.pk):
        for run_id in runs:
            reserve(organization=organization, run_id=run_id, amount=10, by=owner)

    def end(run_id: UUID) -> None:
        with tenancy.declared(organization.pk):
            settle(organization=organization, run_id=run_id, delivered=[Delivery(Act.WORDS, 3_000, 3)])

    assert at_once(end, runs * 2) == ["done"] * 2 * CROWD
    assert purse_of(organization) == Balance(100 - 3 * CROWD)
