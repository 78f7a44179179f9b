"""A run reserves before its first call: what is there, once, or nothing is started."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from billing.models import CreditAccount, EntryKind, LedgerEntry
from billing.queries import Balance, balance
from books.models import Book, OutlineEntry, Rewrite, Run, RunState, Step
from books.transitions import charges
from core import tenancy
from core.ids import new_id
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.billing.purse import entries_of, have, purse_of
from tests.books import desk

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_a_book_reserves_its_price_before_its_first_call(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    have(organization, 5)
    run = desk.begin(client_of(owner))
    assert purse_of(organization) == Balance(3, 2)
    (entry,) = entries_of(run)
    assert (entry.kind, entry.by_id, entry.reference) == (EntryKind.RESERVE, owner.pk, f"run:{run.pk}:reserve:1")


def test_too_few_credits_start_nothing_and_say_the_way_on(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    have(organization, 1)
    response = client_of(owner).post(desk.address("book_new", "atelier"), desk.brief())
    said = response.content.decode()
    assert response.status_code == 422
    assert "This costs 2 credits, and 1 are left" in said and "Buy credits" in said
    assert not any(desk.rows(model, organization) for model in (Book, Run, Step))
    assert not Lease.objects.filter(task="books.tasks.perform_step").exists()
    assert purse_of(organization) == Balance(1)


def test_who_may_not_buy_is_told_who_may(editor: User, organization: Organization, client_of: ClientOf) -> None:
    book = builders.make_book(organization, editor)
    response = client_of(editor).post(desk.address("book_write", "atelier", book.pk))
    said = response.content.decode()
    assert response.status_code == 422
    assert "An owner or admin of the organization can buy more." in said and "Buy credits" not in said
    assert desk.rows(Run, organization) == []


def test_the_button_is_off_with_the_reason_where_the_page_knows(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, owner)
    page = client_of(owner).get(desk.address("book", "atelier", book.pk)).content.decode()
    assert "disabled" in page and "Too few credits are left for this." in page
    have(organization, 2)
    page = client_of(owner).get(desk.address("book", "atelier", book.pk)).content.decode()
    assert "disabled" not in page and "Write it (2 credits)" in page


@pytest.mark.parametrize(("words", "left"), [(200, 8), (1_400, 6), (2_000, 5)])
def test_approval_reserves_the_difference(
    words: int,
    left: int,
    owner: User,
    organization: Organization,
    client_of: ClientOf,
) -> None:
    have(organization, 10)
    run = waiting(organization, owner)
    with tenancy.declared(organization.pk):
        OutlineEntry.objects.of(organization).filter(run=run).update(words=words)
    agreed = 1 + -(-2 * words // 1_000)
    assert desk.approve(client_of(owner), run, accepted_credits=agreed) == 302
    assert purse_of(organization) == Balance(left, 10 - left)
    assert desk.again(run).credits_quoted == 10 - left


def test_approval_without_the_difference_is_refused_and_changes_nothing(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    have(organization, 3)
    run = waiting(organization, owner)
    with tenancy.declared(organization.pk):
        OutlineEntry.objects.of(organization).filter(run=run).update(words=4_000)
    assert desk.approve(client_of(owner), run, accepted_credits=9) == 422
    assert (desk.again(run).state, desk.again(run).credits_quoted) == (RunState.AWAITING_APPROVAL, 2)
    assert purse_of(organization) == Balance(1, 2)


def test_a_smaller_outline_gives_the_difference_back(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    have(organization, 10)
    run = waiting(organization, owner, credits_quoted=7)
    assert purse_of(organization) == Balance(3, 7)
    assert desk.approve(client_of(owner), run) == 302
    assert purse_of(organization) == Balance(8, 2)
    assert [entry.kind for entry in entries_of(run)] == [EntryKind.RESERVE, EntryKind.RELEASE]


def test_an_order_reserves_too_and_a_refused_one_leaves_nothing(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, owner, status="review")
    chapter = builders.make_chapter(book)
    order = {"task": "rewrite", "instruction": "Shorter sentences", "accepted_credits": 1}
    address = desk.address("assistant", "atelier", book.pk, chapter.pk)
    assert client_of(owner).post(address, order).status_code == 422
    assert not any(desk.rows(model, organization) for model in (Rewrite, Run))
    have(organization, 1)
    assert client_of(owner).post(address, order).status_code == 302
    assert purse_of(organization) == Balance(0, 1)


def test_a_chat_pays_once_for_five_answers(owner: User, organization: Organization, client_of: ClientOf) -> None:
    book = builders.make_book(organization, owner)
    address, mine = desk.address("chats", "atelier", book.pk), client_of(owner)
    question = {"kind": "question", "question": "Why roofs?"}
    refused = mine.post(address, question | {"request_key": str(new_id())})
    assert refused.status_code == 422 and "Buy credits" in refused.content.decode()
    have(organization, 1)
    assert mine.post(address, question | {"request_key": str(new_id())}).status_code == 302
    assert purse_of(organization) == Balance(0, 1)


def test_who_owes_begins_nothing_new(owner: User, organization: Organization, client_of: ClientOf) -> None:
    have(organization, 1)
    with tenancy.declared(organization.pk):
        CreditAccount.objects.of(organization).update(available=0, debt=4)
        assert balance(organization) == Balance(0, 0, 4)
    page = client_of(owner).post(desk.address("book_new", "atelier"), desk.brief())
    assert page.status_code == 422 and "paid back" in page.content.decode()
    assert desk.rows(Run, organization) == []
    assert len(desk.rows(LedgerEntry, organization)) == 1


def waiting(organization: Organization, by: User, credits_quoted: int = 2) -> Run:
    """A run whose outline of two chapters of 200 words waits for approval, at a price that is reserved."""
    book = builders.make_book(organization, by)
    run = builders.make_run(book, state=RunState.AWAITING_APPROVAL, credits_quoted=credits_quoted)
    for position in (1, 2):
        builders.make_outline_entry(run, position=position, words=200)
    with tenancy.declared(organization.pk):
        charges.reserve(run, by)
    return run
