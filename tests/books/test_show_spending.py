"""The page of spending and the receipt: who sees what, and whether the sums are the journal's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.models import CallState, RunState, SpendingCaps, Step
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]


@pytest.fixture
def lead(owner: User, client_of: Sign) -> Client:
    return client_of(owner)


def spent(organization: Organization, author: User, **overrides: Any) -> Any:
    """A run of an internal book with two answered calls, one without a price, and one that was interrupted."""
    book = builders.make_book(organization, author, title="Bees", visibility="internal")
    run = builders.make_run(book, state=RunState.PAUSED, needed_micros=70_000, **overrides)
    step = builders.make_step(run)
    prices = {"cost_micros": 1_500_000, "strong_micros": 6_000_000, "tokens_in": 1000, "tokens_out": 200}
    fell_back = [{"name": "a", "label": "First", "code": "timed_out", "ms": 9, "to": "b", "next": "Second"}]
    builders.make_call(step, **prices, fallbacks=fell_back)
    builders.make_call(step, tokens_in=10, purpose="blurb")
    builders.make_call(step, state=CallState.UNCERTAIN, reserved_micros=250_000)
    return run


def page(client: Client, name: str, *ids: object, **query: Any) -> str:
    response = client.get(desk.address(name, "atelier", *ids), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_month_counts_what_was_paid_and_what_may_have_been(
    organization: Organization, owner: User, lead: Client
) -> None:
    spent(organization, owner)
    text = page(lead, "spending")
    assert "$1.75" in text
    assert "Bees" in text
    assert "1 call has no known price" in text
    assert "Paused by a cap" in text


def test_an_admins_page_has_no_form_and_sums_what_is_not_theirs_to_read(
    organization: Organization, owner: User, client_of: Sign
) -> None:
    admin = client_of(builders.make_member(organization, "admin"))
    run = spent(organization, owner)
    assert "Bees" in page(admin, "spending")
    with_private = builders.make_book(organization, owner, title="Secret plans")
    builders.make_call(builders.make_step(builders.make_run(with_private)), cost_micros=100)
    text = page(admin, "spending")
    assert "Secret plans" not in text
    assert "Other books" in text
    assert 'name="month_micros"' not in text
    assert admin.post(desk.address("spending", "atelier"), {"month_micros": "1"}).status_code == 403
    assert admin.post(desk.address("run_cap", "atelier", run.pk), {"cap_micros": "1"}).status_code == 403


def test_members_and_guests_do_not_see_it(author: Client, viewer: User, client_of: Sign) -> None:
    for browser in (author, client_of(viewer)):
        assert browser.get(desk.address("spending", "atelier")).status_code == 403


def test_a_guest_sees_no_money_whatever_their_part_in_the_book(
    organization: Organization, owner: User, viewer: User, lead: Client, client_of: Sign
) -> None:
    run = spent(organization, owner, cap_micros=2_000_000)
    builders.make_collaborator(run.book, viewer, role="admin")
    guest = client_of(viewer)
    assert guest.get(desk.address("receipt", "atelier", run.book_id)).status_code == 403
    for name, identifier in (("book", run.book_id), ("run", run.pk)):
        text = page(guest, name, identifier)
        assert "$" in page(lead, name, identifier)
        assert "$" not in text
        assert desk.address("receipt", "atelier", run.book_id) not in text
    assert desk.address("run", "atelier", run.pk) in page(guest, "book", run.book_id)


def test_who_may_not_see_the_spending_is_not_led_there(
    organization: Organization, owner: User, editor: User, author: Client, lead: Client
) -> None:
    run = spent(organization, editor, cap_micros=2_000_000)
    spending = desk.address("spending", "atelier")
    assert spending not in page(author, "book", run.book_id)
    assert spending in page(lead, "book", run.book_id)


def test_caps_are_set_in_dollars_and_kept_in_millionths(organization: Organization, lead: Client) -> None:
    url = desk.address("spending", "atelier")
    assert lead.post(url, {"run_micros": "2.50", "month_micros": "100", "total_micros": ""}).status_code == 302
    (row,) = desk.rows(SpendingCaps, organization)
    assert (row.run_micros, row.month_micros, row.total_micros) == (2_500_000, 100_000_000, None)
    assert "spending.caps_set" in desk.trail(row)
    assert lead.post(url, {"run_micros": "-1", "month_micros": "a", "total_micros": "1.234"}).status_code == 422
    assert desk.again(row).run_micros == 2_500_000
    assert lead.post(url, {}).status_code == 302
    assert desk.again(row).run_micros is None


def test_a_run_gets_a_cap_of_its_own_and_loses_it(organization: Organization, owner: User, lead: Client) -> None:
    run = spent(organization, owner)
    url = desk.address("run_cap", "atelier", run.pk)
    assert lead.post(url, {"cap_micros": "3"}).status_code == 302
    assert desk.again(run).cap_micros == 3_000_000
    assert lead.post(url, {"cap_micros": "much"}).status_code == 302
    assert desk.again(run).cap_micros == 3_000_000
    assert lead.post(url, {"cap_micros": ""}).status_code == 302
    assert desk.again(run).cap_micros is None


def test_a_run_near_its_cap_says_so_on_its_page_and_its_books(
    organization: Organization, owner: User, lead: Client
) -> None:
    run = spent(organization, owner, cap_micros=2_000_000)
    for name, identifier in (("run", run.pk), ("book", run.book_id)):
        assert "$1.75 of this run’s cap of $2.00 is spent." in page(lead, name, identifier)


def test_the_receipt_compares_and_says_what_it_does_not_know(
    organization: Organization, owner: User, lead: Client
) -> None:
    run = spent(organization, owner)
    for name in ("book", "receipt"):
        text = page(lead, name, run.book_id)
        assert "The strong model alone would have cost $6.00: 75 % saved." in text
        assert "1 call has no known price" in text
        assert "1 call was interrupted" in text
        assert "1 fallback" in text
    assert "First: no answer in time. Second was asked instead." in page(lead, "receipt", run.book_id)


def test_the_calls_are_filtered_and_come_in_pages(organization: Organization, owner: User, lead: Client) -> None:
    run = spent(organization, owner)
    step = desk.rows(Step, organization, run=run)[0]
    for _number in range(60):
        builders.make_call(step)
    first = page(lead, "receipt", run.book_id)
    assert first.count("<tr>") == 51
    (cursor,) = [part.split('"')[0] for part in first.split("before=")[1:]][:1]
    assert page(lead, "receipt", run.book_id, before=cursor).count("<tr>") == 14
    assert page(lead, "receipt", run.book_id, purpose="blurb").count("<tr>") == 2
    assert "No call like that" in page(lead, "receipt", run.book_id, purpose="chat")
    assert page(lead, "receipt", run.book_id, purpose="nonsense", before="x").count("<tr>") == 51
