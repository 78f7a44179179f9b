"""Somebody changes what is to be paid, for what, for whom, or who says so: each is refused, and stands in the trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Severity
from billing.models import EventState, Price, PurchaseState
from organizations.models import Organization
from tests import builders
from tests.billing.counter import Counter
from tests.trail import trail

pytestmark = pytest.mark.django_db


def refused(counter: Counter) -> set[str]:
    """Codes of refused events, as they stand in the inbox and in the trail."""
    in_inbox = {one.code for one in counter.stored(state=EventState.REFUSED)}
    assert in_inbox == {one.details["code"] for one in trail("event.refused")}
    return in_inbox


@pytest.mark.parametrize(
    ("field", "value", "code"), [("amount", 1, "other_amount"), ("currency", "xof", "other_currency")]
)
def test_another_amount_or_currency_of_a_pack(counter: Counter, field: str, value: Any, code: str) -> None:
    before = counter.credits()
    purchase = counter.buy()
    counter.forge(counter.stripe.objects("payment_intent")[0]["id"], field, value)
    counter.deliver()
    assert counter.credits() == before
    assert counter.again(purchase).state == PurchaseState.REVIEW
    assert code in refused(counter)
    (said,) = trail("purchase.review")
    assert said.severity == Severity.HIGH


@pytest.mark.parametrize("field", ["amount_paid", "currency"])
def test_another_amount_or_currency_of_a_plan(counter: Counter, field: str) -> None:
    before = counter.credits()
    purchase = counter.buy("PRO", "month")
    invoice = counter.stripe.objects("invoice")[0]
    counter.forge(invoice["id"], field, 4_899 if field == "amount_paid" else "usd")
    counter.deliver()
    assert counter.credits() == before
    assert counter.subscriptions() == []
    assert counter.again(purchase).state == PurchaseState.REVIEW
    assert refused(counter) & {"other_amount", "other_currency"}


def test_another_total_on_the_payment_page(counter: Counter) -> None:
    before = counter.credits()
    purchase = counter.buy()
    assert purchase.provider_id
    counter.forge(purchase.provider_id, "amount_total", 90)
    counter.deliver(counter.events("checkout.session.completed"))
    assert counter.credits() == before
    assert counter.again(purchase).state == PurchaseState.REVIEW
    assert refused(counter) == {"other_amount"}


def test_a_dearer_plan_than_was_paid_for(counter: Counter, sold: Callable[..., Price]) -> None:
    before = counter.credits()
    dear = counter.mirrored(sold("ENTERPRISE", "month"))
    purchase = counter.buy("STARTER", "month")
    subscription = counter.stripe.objects("subscription")[0]
    counter.replace_price(subscription["id"], dear)
    counter.deliver()
    assert counter.credits() == before
    assert counter.subscriptions() == []
    assert counter.again(purchase).state == PurchaseState.REVIEW
    assert "other_plan" in refused(counter)


def test_a_price_that_nobody_sells(counter: Counter) -> None:
    counter.buy("STARTER", "month")
    counter.replace_price(counter.stripe.objects("subscription")[0]["id"], "price_of_somebody_else")
    counter.deliver(counter.events("customer.subscription.created"))
    assert counter.subscriptions() == []
    assert refused(counter) == {"unknown_price"}


def test_a_purchase_for_another_organization(counter: Counter) -> None:
    other = builders.make_organization(name="Elsewhere", slug="elsewhere")
    purchase = counter.buy()
    forged = {"organization": str(other.pk), "purchase": str(purchase.pk)}
    counter.forge(counter.stripe.objects("payment_intent")[0]["id"], "metadata", forged)
    before = counter.credits()
    counter.deliver(counter.events("payment_intent.succeeded"))
    assert counter.credits() == before
    assert refused(counter) == {"other_organization"}


def test_a_purchase_of_another_organization_is_not_paid_by_this_one(
    counter: Counter, sold: Callable[..., Price], stripe: Any, run_queue: Callable[[], int]
) -> None:
    other = builders.make_organization(name="Elsewhere", slug="elsewhere")
    theirs = Counter(other, builders.make_member(other, "owner"), stripe, sold, run_queue)
    purchase = theirs.order()
    counter.buy()
    forged = {"organization": str(counter.organization.pk), "purchase": str(purchase.pk)}
    counter.forge(counter.stripe.objects("payment_intent")[-1]["id"], "metadata", forged)
    counter.deliver(counter.events("payment_intent.succeeded"))
    assert theirs.again(purchase).state == PurchaseState.OPEN
    assert refused(counter) == {"other_organization"}


def test_an_event_of_another_account(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    counter.forge(event["id"], "account", "acct_of_somebody_else", always=True)
    before = counter.credits()
    assert counter.post(event) == 200
    counter.run_queue()
    assert counter.credits() == before
    assert refused(counter) == {"other_account"}


def test_a_wrong_signature_and_an_old_one(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event, wrong=True) == counter.post(event, old=True) == 400
    assert counter.stored() == []
    assert [one.details["why"] for one in trail("delivery.refused")] == ["bad_signature"] * 2


def test_a_return_address_grants_nothing(counter: Counter, client_of: Callable[[User], Client]) -> None:
    """Who comes back says nothing: neither that it was paid nor which page it was paid on."""
    before = counter.credits()
    unpaid = counter.order()
    page = reverse("billing:purchase", args=[counter.organization.slug, unpaid.pk])
    browser = client_of(counter.owner)
    for forged in ({"session_id": str(unpaid.provider_id)}, {"session_id": "cs_paid_elsewhere"}, {"state": "paid"}):
        assert browser.get(page, forged).status_code == 200
    assert counter.again(unpaid).state == PurchaseState.OPEN
    assert counter.credits() == before


def test_a_return_address_of_another_organization_is_not_there(
    counter: Counter, outsider: User, client_of: Callable[[User], Client]
) -> None:
    purchase = counter.order()
    own = Organization.objects.get(slug="elsewhere")
    for slug in (counter.organization.slug, own.slug):
        page = reverse("billing:purchase", args=[slug, purchase.pk])
        assert client_of(outsider).get(page).status_code == 404


@pytest.mark.parametrize("forged", [{"amount": "1"}, {"currency": "XOF"}, {"quantity": "100000"}, {"quantity": "-1"}])
def test_what_a_form_says_of_price_counts_for_nothing(
    counter: Counter, client_of: Callable[[User], Client], forged: dict[str, str]
) -> None:
    price = counter.sold("credits-50", "once")
    page = reverse("billing:checkout", args=[counter.organization.slug, price.pk])
    client_of(counter.owner).post(page, {"quantity": "1", **forged})
    assert {(one.amount, one.currency) for one in counter.purchases()} <= {(900, "EUR")}
