"""Stripe's adapter, at the wire: what it asks, and what becomes of it there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing.providers.base import CatalogueItem, Declined, PaymentProvider, Rejected
from billing.providers.stripe import amounts
from core.money import Money
from tests.billing.storefront import OURS, added, bought, order, priced, subscribed
from tests.fakes.stripe import Sandbox

# ── Amounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("money", "theirs"),
    [(Money(900, "EUR"), 900), (Money(15000, "XOF"), 15000), (Money(3_000_000, "NGN"), 3_000_000)],
)
def test_an_amount_is_said_in_stripes_own_units(money: Money, theirs: int) -> None:
    assert amounts.to_stripe(money) == theirs
    assert amounts.to_money(theirs, money.currency.lower()) == money


def test_an_amount_that_stripe_cannot_say_is_no_other_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amounts, "WHOLE", frozenset({"EUR"}))
    assert amounts.to_stripe(Money(900, "EUR")) == 9
    with pytest.raises(ValueError, match="cannot be said"):
        amounts.to_stripe(Money(950, "EUR"))


def test_a_price_in_francs_is_charged_in_francs(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    paid = bought(shop, stripe, order(customer, priced(shop, 5000, "XOF", "once"), quantity=2))
    assert paid.money == Money(10_000, "XOF")
    assert shop.payment(paid.payment_id).money == Money(10_000, "XOF")
    assert stripe.object(paid.payment_id)["amount"] == 10_000


# ── What is bought ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_page_tells_what_became_of_it(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    asked = order(customer, priced(shop, 900, interval="once"), quantity=3, language="fr", reference="p-1")
    page = shop.create_checkout(asked, key="one")
    assert (page.status, page.is_paid, page.money) == ("open", False, Money(2700, "EUR"))
    assert page.url.startswith(stripe.url)
    assert page.expires_at is not None and page.expires_at > datetime.now(UTC) + timedelta(hours=23)
    assert shop.create_checkout(asked, key="one").id == page.id
    stripe.pay(page.id)
    paid = shop.checkout(page.id)
    assert (paid.status, paid.is_paid, paid.customer_id, paid.metadata) == ("complete", True, customer, OURS)
    payment = shop.payment(paid.payment_id)
    assert (payment.status, payment.money, payment.metadata) == ("succeeded", Money(2700, "EUR"), OURS)
    assert payment.card == "visa •••• 4242"
    assert payment.paid_at is not None
    assert shop.expire_checkout(page.id) == paid  # what is paid stays paid


def test_a_declined_card_leaves_the_page_open(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    page = shop.create_checkout(order(customer, priced(shop, 900, interval="once")), key="one")
    stripe.pay(page.id, "pm_card_chargeDeclinedInsufficientFunds")
    seen = shop.checkout(page.id)
    assert (seen.status, seen.is_paid) == ("open", False)
    failed = shop.payments_of(customer)[0]
    assert (failed.status, failed.failure_code) == ("failed", "insufficient_funds")
    assert shop.expire_checkout(page.id).status == "expired"


def test_a_subscription_is_bought_with_its_bill(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    price = priced(shop)
    seen = shop.subscription(subscribed(shop, stripe, customer, price))
    assert (seen.status, seen.price_id, seen.customer_id, seen.metadata) == ("active", price, customer, OURS)
    assert seen.period_start is not None and seen.period_end is not None
    assert 28 <= (seen.period_end - seen.period_start).days <= 31
    invoice = shop.invoice(seen.latest_invoice_id)
    assert (invoice.status, invoice.money, invoice.reason) == ("paid", Money(4900, "EUR"), "subscription_create")
    assert (invoice.subscription_id, invoice.price_id, invoice.period_end) == (seen.id, price, seen.period_end)
    (payment,) = shop.payments_of(customer)
    assert invoice.payment_ids == (payment.id,)
    assert payment.invoice_id == shop.payment(payment.id).invoice_id == invoice.id
    assert [one.id for one in shop.subscriptions_of(customer)] == [seen.id]


def test_a_trial_is_certain_without_money(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    asked = order(customer, priced(shop), mode="subscription", trial_days=14)
    seen = bought(shop, stripe, asked)
    assert (seen.is_paid, seen.money) == (True, Money(0, "EUR"))
    subscription = shop.subscription(seen.subscription_id)
    assert subscription.status == "trialing"
    assert subscription.trial_end == subscription.period_end


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_change_costs_is_what_was_shown(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    dear = priced(shop, 19_900)
    seen = shop.subscription(subscribed(shop, stripe, customer, priced(shop)))
    stripe.advance(days=10)
    preview = shop.preview_change(seen.id, item_id=seen.item_id, price_id=dear)
    assert sum(line.money.amount for line in preview.lines) == preview.due.amount > 0
    stripe.advance(hours=1)
    changed = shop.change_plan(seen.id, item_id=seen.item_id, price_id=dear, at=preview.at, key="up")
    assert (changed.price_id, changed.status, changed.period_end) == (dear, "active", seen.period_end)
    bill = shop.invoice(changed.latest_invoice_id)
    assert (bill.money, bill.reason, bill.price_id) == (preview.due, "subscription_update", dear)


def test_a_change_that_is_not_paid_changes_nothing(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    dear = priced(shop, 19_900)
    seen = shop.subscription(subscribed(shop, stripe, customer, priced(shop)))
    stripe.card_does(shop.cards(customer)[0].id, "insufficient_funds")
    with pytest.raises(Declined) as refused:
        shop.change_plan(seen.id, item_id=seen.item_id, price_id=dear, at=None, key="up")
    assert refused.value.code == "insufficient_funds"
    with pytest.raises(Declined):
        shop.change_plan(seen.id, item_id=seen.item_id, price_id=dear, at=None, key="up")
    again = shop.subscription(seen.id)
    assert (again.price_id, again.status) == (seen.price_id, "active")
    assert {one["status"] for one in stripe.objects("invoice")} == {"paid", "void"}


def test_a_subscription_ends_with_its_period_goes_on_or_ends_now(
    shop: PaymentProvider, stripe: Sandbox, customer: str
) -> None:
    subscription = subscribed(shop, stripe, customer, priced(shop))
    assert shop.set_cancelling(subscription, True, key="cancel").cancel_at_period_end
    assert not shop.set_cancelling(subscription, False, key="resume").cancel_at_period_end
    ended = shop.end_subscription(subscription, key="end")
    assert (ended.status, ended.ended_at is not None) == ("canceled", True)
    assert shop.end_subscription(subscription, key="again") == ended


def test_money_goes_back_in_parts(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    payment = bought(shop, stripe, order(customer, priced(shop, 900, interval="once"))).payment_id
    back = shop.refund(payment, Money(300, "EUR"), reason="duplicate", metadata={"errand": "e-1"}, key="one")
    assert (back.status, back.money, back.payment_id) == ("succeeded", Money(300, "EUR"), payment)
    assert (back.reason, back.metadata) == ("duplicate", {"errand": "e-1"})
    assert shop.refund(payment, Money(300, "EUR"), reason="duplicate", metadata={"errand": "e-1"}, key="one") == back
    shop.refund(payment, Money(600, "EUR"), reason="she changed her mind", metadata={}, key="two")
    assert shop.payment(payment).refunded == 900
    assert [one.money.amount for one in shop.refunds_of(payment)] == [600, 300]
    assert shop.refund_seen(back.id) == back
    with pytest.raises(Rejected):
        shop.refund(payment, Money(1, "EUR"), reason="", metadata={}, key="three")


def test_a_dispute_tells_how_it_ended(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    payment = bought(shop, stripe, order(customer, priced(shop, 900, interval="once"))).payment_id
    opened = stripe.open_dispute(payment)["id"]
    seen = shop.dispute(opened)
    assert (seen.status, seen.payment_id, seen.money) == ("open", payment, Money(900, "EUR"))
    stripe.close_dispute(opened, "lost")
    assert shop.dispute(opened).status == "lost"


# ── Cards ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cards_are_added_preferred_and_forgotten(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    subscription = subscribed(shop, stripe, customer, priced(shop))
    (first,) = shop.cards(customer)
    assert (first.brand, first.last4, first.is_default) == ("visa", "4242", True)
    second = added(shop, stripe, customer, "pm_card_mastercard")
    assert {card.id for card in shop.cards(customer) if card.is_default} == {first.id}
    shop.set_default_card(customer, second, key="prefer")
    assert {card.id for card in shop.cards(customer) if card.is_default} == {second}
    assert stripe.object(subscription)["default_payment_method"] == second
    shop.remove_card(first.id, key="forget")
    shop.remove_card(first.id, key="again")
    shop.remove_card("pm_unknown", key="nobody's")
    assert [card.id for card in shop.cards(customer)] == [second]


def test_the_portal_is_opened_for_one_customer(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    url = shop.portal(customer, return_url="http://localhost/billing/", language="fr")
    assert url.startswith(stripe.url)
    assert stripe.objects("billing_portal.session")[0]["customer"] == customer


# ── Catalogue ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_price_takes_the_name_of_the_old_one(shop: PaymentProvider, stripe: Sandbox) -> None:
    item = CatalogueItem("pro", "Pro", "pro_month_eur", Money(4900, "EUR"), "month")
    old = shop.create_price(item, key="v1")
    assert shop.create_price(item, key="v1") == old
    new = shop.create_price(replace(item, money=Money(5900, "EUR"), product_id=old.product_id), key="v2")
    shop.archive_price(old.id, key="archive")
    found = {one.id: one for one in shop.mirrored_prices()}
    assert (found[new.id], found[old.id]) == (new, replace(old, is_active=False))
    assert (new.product_id, new.money, new.interval) == (old.product_id, Money(5900, "EUR"), "month")
    keys = {one["id"]: one["lookup_key"] for one in stripe.objects("price")}
    assert keys == {new.id: "pro_month_eur", old.id: None}
    assert [one["id"] for one in stripe.objects("product")] == ["scriptorium_pro"]
