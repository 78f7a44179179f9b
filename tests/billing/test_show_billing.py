"""An organization's pages of billing: they say what is, and offer the way on to who may take it."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import EntryKind, Purchase, PurchaseState, Refund
from billing.queries.home import BillingHome, billing_home
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.money import Money
from organizations.models import Limits, Organization
from tests import builders
from tests.builders import money

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SOON = timedelta(days=3)


def address(organization: Organization, name: str, *ids: object) -> str:
    """Of a page of billing."""
    return reverse(f"billing:{name}", args=[organization.slug, *ids])


def home_of(organization: Organization) -> BillingHome:
    """What the page of billing shows."""
    with tenancy.declared(organization.pk):
        return billing_home(organization)


# ── The plan and why ────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_anything_the_free_plan_holds(organization: Organization, owner: User, client_of: ClientOf) -> None:
    page = home_of(organization)
    assert (page.access.plan.code, page.why, page.next_payment) == ("FREE", "What everybody has, without a card.", None)
    html = client_of(owner).get(address(organization, "home")).content.decode()
    assert "Choose a plan" in html
    assert "No card is saved" in html


def test_a_plan_that_is_paid_says_what_is_paid_next(organization: Organization) -> None:
    row = money.make_subscription(organization, money.price_of("PRO"))
    page = home_of(organization)
    assert page.why.startswith("Paid until")
    assert page.next_payment == (Money(4_900, "EUR"), row.period_end)
    assert page.warnings == ()


def test_a_plan_that_ends_has_no_next_payment_and_can_be_kept(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    money.make_subscription(organization, money.price_of("PRO"), cancel_at_period_end=True)
    page = home_of(organization)
    assert (page.next_payment, [one.way for one in page.warnings]) == (None, ["resume"])
    assert "Keep the plan" in client_of(owner).get(address(organization, "home")).content.decode()


@pytest.mark.parametrize(("ago", "plan", "tone"), [(2, "PRO", "warning"), (8, "FREE", "error")])
def test_a_payment_that_failed_is_a_warning_with_its_day_and_then_an_error(
    ago: int, plan: str, tone: str, organization: Organization
) -> None:
    since = timezone.now() - timedelta(days=ago)
    money.make_subscription(organization, money.price_of("PRO"), state="past_due", past_due_since=since)
    page = home_of(organization)
    assert (page.access.plan.code, page.warnings[0].tone, page.warnings[0].way) == (plan, tone, "pay")


def test_a_gift_says_that_it_is_one(organization: Organization, owner: User) -> None:
    money.make_gift(organization, owner, until=timezone.now() + SOON)
    assert home_of(organization).why.startswith("Given to you until")


def test_debt_limits_that_are_passed_and_payments_being_checked_are_said(
    organization: Organization, owner: User
) -> None:
    for _each in range(3):
        builders.make_member(organization, "member")
    pack = money.price_of("credits-50", "once")
    money.make_purchase(organization, owner, pack, state="review", paid_at=None)
    money.make_purchase(organization, owner, pack, state="open", paid_at=None, expires_at=timezone.now() + SOON)
    money.make_purchase(organization, owner, pack, state="open", paid_at=None, expires_at=timezone.now() - SOON)
    with tenancy.declared(organization.pk), transaction.atomic():
        ledger.withdraw(ledger.lock(organization), Posting(EntryKind.REFUND, f"refund:{uuid4()}"), 40, lot=None)
        Limits.objects.of(organization).update(members=1)
    assert [one.way for one in home_of(organization).warnings] == ["credits", "usage", "purchase", "purchase"]


def test_who_may_see_sees_and_who_may_manage_acts(organization: Organization, owner: User, client_of: ClientOf) -> None:
    money.make_subscription(organization, money.price_of("PRO"))
    card = money.make_card(organization, is_default=False)
    admin = client_of(builders.make_member(organization, "admin"))
    for name in ("home", "plans", "credits", "payments", "cards"):
        seen = admin.get(address(organization, name))
        assert seen.status_code == 200
        assert b"Change the plan" not in seen.content
        assert b'<form method="post" action="/o/' not in seen.content
    for name, ids in (("cancel", ()), ("portal", ()), ("card_remove", (card.pk,)), ("card_default", (card.pk,))):
        assert admin.post(address(organization, name, *ids)).status_code == 403
    assert client_of(builders.make_member(organization, "member")).get(address(organization, "home")).status_code == 403


# ── Plans and the checkout ──────────────────────────────────────────────────────────────────────────────────────────


def test_plans_lead_to_a_checkout_or_to_a_change(organization: Organization, owner: User, client_of: ClientOf) -> None:
    mine, pro = client_of(owner), money.price_of("PRO")
    url = address(organization, "plans") + "?currency=EUR"
    assert address(organization, "checkout", pro.pk) in mine.get(url).content.decode()
    money.make_subscription(organization, money.price_of("STARTER"))
    assert address(organization, "change", pro.pk) in mine.get(url).content.decode()


def test_a_subscription_keeps_its_currency(organization: Organization, owner: User, client_of: ClientOf) -> None:
    money.make_subscription(organization, money.price_of("STARTER", currency="XOF"))
    page = client_of(owner).get(address(organization, "plans") + "?currency=EUR&interval=year").context["page"]
    assert (page.offers.currency, page.offers.interval, page.keeps_currency) == ("XOF", "year", True)
    assert [one.is_held for one in page.choices] == [False, True, False, False]


def test_a_checkout_says_what_is_due_and_for_whom(organization: Organization, owner: User, client_of: ClientOf) -> None:
    pack = money.price_of("credits-50", "once")
    answer = client_of(owner).get(address(organization, "checkout", pack.pk) + "?quantity=3")
    page, html = answer.context["page"], answer.content.decode()
    assert (page.total, page.due, page.credits) == (Money(2_700, "EUR"), Money(2_700, "EUR"), 150)
    assert organization.name in html
    assert "Order with obligation to pay" in html


@pytest.mark.parametrize("quantity", ["0", "-1", "101", "x", ""])
def test_a_quantity_that_makes_no_sense_is_one(
    quantity: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    url = address(organization, "checkout", money.price_of("credits-50", "once").pk)
    assert client_of(owner).get(url, {"quantity": quantity}).context["page"].quantity == 1


def test_the_button_says_in_french_what_the_law_asks_for(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    owner.language = "fr"
    owner.save()
    html = client_of(owner).get(address(organization, "checkout", money.price_of("PRO").pk)).content.decode()
    assert "Commander avec obligation de paiement" in html


def test_an_order_waits_for_its_payment_and_the_client_decides_no_price(
    organization: Organization, owner: User, client_of: ClientOf, stripe: Any, sold: Callable[..., Any]
) -> None:
    pack = sold("credits-50", "once")
    sent = {"quantity": 2, "amount": 1, "currency": "XOF", "price": "1"}
    answer = client_of(owner).post(address(organization, "checkout", pack.pk), sent)
    with tenancy.declared(organization.pk):
        row = Purchase.objects.of(organization).get()
    assert (row.amount, row.currency, row.quantity, row.state) == (1_800, "EUR", 2, PurchaseState.PREPARING)
    assert answer.headers["Location"] == address(organization, "purchase", row.pk) + "?going=1"


def test_what_is_not_sold_is_refused_with_a_sentence(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    answer = client_of(owner).post(address(organization, "checkout", money.price_of("PRO").pk))
    assert (answer.status_code, b"Payments are switched off" in answer.content) == (422, True)


def test_a_smaller_plan_says_what_it_would_block(organization: Organization, owner: User, client_of: ClientOf) -> None:
    for _each in range(6):
        builders.make_member(organization, "member")
    money.make_subscription(organization, money.price_of("PRO"))
    down = client_of(owner).get(address(organization, "change", money.price_of("STARTER").pk))
    assert [level.meter.key for level in down.context["page"].blocked] == ["members"]
    ending = client_of(owner).get(address(organization, "cancel"))
    assert [level.meter.key for level in ending.context["page"].blocked] == ["members"]


def test_nothing_to_end_and_nothing_to_keep_leads_home(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    for name in ("cancel", "resume"):
        answer = client_of(owner).get(address(organization, name))
        assert answer.headers["Location"] == address(organization, "home")


# ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def moved(organization: Organization, owner: User) -> Organization:
    """Credits came by a pack and as a gift, were reserved and used."""
    subject = ("run", uuid4())
    with tenancy.declared(organization.pk), transaction.atomic():
        account = ledger.lock(organization)
        ledger.grant(account, Posting(EntryKind.PURCHASE, "p"), 50, money=Money(900, "EUR"))
        ledger.grant(account, Posting(EntryKind.BONUS, "b", by_id=owner.pk, reason="Für Geduld, élan"), 20)
        ledger.hold(account, Posting(EntryKind.RESERVE, "r", subject), 30)
        ledger.settle(account, Posting(EntryKind.SETTLE, "s", subject), 12)
    return organization


def kinds(answer: Any) -> list[str]:
    """Of the entries that a page shows."""
    return [str(line.kind) for line in answer.context["page"].lines]


def test_the_ledger_is_read_newest_first_with_what_each_entry_changed(
    moved: Organization, owner: User, client_of: ClientOf
) -> None:
    answer = client_of(owner).get(address(moved, "credits"))
    lines = answer.context["page"].lines
    assert kinds(answer) == ["settle", "reserve", "bonus", "purchase"]
    assert [line.change for line in lines] == ["0", "−30", "+20", "+50"]
    assert (lines[0].note, lines[3].money, lines[2].who) == (
        "12 delivered, reserved −12",
        Money(900, "EUR"),
        owner.name,
    )


@pytest.mark.parametrize(
    ("asked_for", "found"),
    [({"kind": "bonus"}, ["bonus"]), ({"q": "ELAN geduld"}, ["bonus"]), ({"q": "nothing"}, []),
     ({"kind": "x"}, ["settle", "reserve", "bonus", "purchase"]), ({"until": "2001-01-01"}, [])],
)  # fmt: skip
def test_the_ledger_is_searched(
    asked_for: dict[str, str], found: list[str], moved: Organization, owner: User, client_of: ClientOf
) -> None:
    assert kinds(client_of(owner).get(address(moved, "credits"), asked_for)) == found


def test_a_long_ledger_has_pages(organization: Organization, owner: User, client_of: ClientOf) -> None:
    with tenancy.declared(organization.pk), transaction.atomic():
        account = ledger.lock(organization)
        for number in range(60):
            ledger.grant(account, Posting(EntryKind.BONUS, f"gift:{number}"), 1)
    mine, url = client_of(owner), address(organization, "credits")
    first = mine.get(url).context["page"]
    second = mine.get(url + first.next_url).context["page"]
    assert (len(first.lines), len(second.lines), second.next_url) == (50, 10, "")
    assert mine.get(url + second.previous_url).context["page"].lines == first.lines


def test_the_table_has_every_entry_that_is_asked_for(moved: Organization, owner: User, client_of: ClientOf) -> None:
    answer: Any = client_of(owner).get(address(moved, "credits_table"), {"kind": "purchase"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [(row["Available"], row["Money"], row["Currency"]) for row in rows] == [("50", "900", "EUR")]


def test_payments_are_searched_and_show_what_was_paid_back(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    held = money.make_subscription(organization, money.price_of("PRO"))
    paid = money.make_payment(organization, subscription=held, refunded=900)
    money.make_payment(organization, state="failed", failure_code="expired_card", card="Mastercard •••• 4444")
    with tenancy.declared(organization.pk), transaction.atomic():
        fields = {"payment": paid, "provider_id": "re_1", "amount": 900, "state": "succeeded", "reason": "Too much"}
        Refund.objects.create(organization=organization, **fields)
    mine, url = client_of(owner), address(organization, "payments")
    assert b"The card has expired." in mine.get(url).content
    for asked_for in ({"q": "pro"}, {"state": "refunded"}, {"q": paid.provider_id}, {"q": "VISA 4242"}):
        page = mine.get(url, asked_for)
        assert [line.row.pk for line in page.context["page"].lines] == [paid.pk]
        assert b"Too much" in page.content
    assert mine.get(url, {"state": "disputed"}).context["page"].lines == ()
