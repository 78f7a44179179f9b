"""The rarer calls: invoices by hand, items added and removed, trials ended early, things archived and removed."""

from typing import Any

import pytest
import stripe

from tests.billing.sandbox_shop import DAY, NEW_YEAR, Shop, client_of, shop

MONTH = 31 * DAY


def item_of(subscription: Any) -> Any:
    """Its first item."""
    return subscription["items"].data[0]


def by_hand(s: Shop, customer: str) -> Any:
    """A draft for two packs."""
    for _pack in range(2):
        s.client.v1.invoice_items.create({"customer": customer, "pricing": {"price": s.pack}})
    return s.client.v1.invoices.create({"customer": customer, "metadata": {"order": "9"}})


def test_an_invoice_by_hand_is_finalized_and_paid() -> None:
    with shop() as s:
        customer = s.customer()
        draft = by_hand(s, customer)
        assert (draft.status, draft.total, draft.parent, draft.number) == ("draft", 1800, None, None)
        assert not s.client.v1.invoice_items.list({"customer": customer, "pending": True}).data
        final = s.client.v1.invoices.finalize_invoice(draft.id)
        assert (final.status, final.number[-5:], final.amount_due) == ("open", "-0001", 1800)
        assert s.client.v1.invoices.pay(draft.id).status == "paid"
        with pytest.raises(stripe.InvalidRequestError, match="already"):
            s.client.v1.invoices.pay(draft.id)
        assert len(s.client.v1.invoices.line_items.list(draft.id).data) == 2


def test_an_invoice_is_voided_written_off_or_paid_elsewhere() -> None:
    with shop() as s:
        customer = s.customer()
        states = []
        for end in ("void_invoice", "mark_uncollectible"):
            draft = by_hand(s, customer)
            s.client.v1.invoices.finalize_invoice(draft.id)
            states.append(getattr(s.client.v1.invoices, end)(draft.id).status)
        elsewhere = by_hand(s, customer)
        states.append(s.client.v1.invoices.pay(elsewhere.id, {"paid_out_of_band": True}).status)
        assert states == ["void", "uncollectible", "paid"]
        assert s.client.v1.charges.list().data == []
        with pytest.raises(stripe.InvalidRequestError, match="only void"):
            s.client.v1.invoices.void_invoice(elsewhere.id)


def test_a_first_payment_is_confirmed_by_its_intent() -> None:
    with shop() as s:
        customer = s.client.v1.customers.create({"email": "ada@example.com"}).id
        subscription = s.subscription(customer, payment_behavior="default_incomplete")
        assert subscription.status == "incomplete"
        listed = s.client.v1.invoice_payments.list({"invoice": subscription.latest_invoice})
        intent = listed.data[0].payment.payment_intent
        s.client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
        assert s.again(subscription).status == "active"
        of_intent = {"payment": {"type": "payment_intent", "payment_intent": intent}}
        assert s.client.v1.invoice_payments.list(of_intent).data[0].status == "paid"


def test_items_are_added_counted_and_removed() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        s.stripe.advance(seconds=MONTH // 2)
        more = s.client.v1.subscriptions.update(
            subscription.id,
            {"items": [{"id": item_of(subscription).id, "quantity": 3}], "proration_behavior": "always_invoice"},
        )
        assert item_of(more).quantity == 3
        assert s.client.v1.invoices.retrieve(more.latest_invoice).amount_paid == 4900  # two more for half a month
        both = s.client.v1.subscriptions.update(subscription.id, {"items": [{"price": s.enterprise, "quantity": 1}]})
        assert len(both["items"].data) == 2
        one = s.client.v1.subscriptions.update(
            subscription.id, {"items": [{"id": item_of(subscription).id, "deleted": True}]}
        )
        assert [item.price.id for item in one["items"].data] == [s.enterprise]
        with pytest.raises(stripe.InvalidRequestError, match="at least one item"):
            s.client.v1.subscriptions.update(subscription.id, {"items": [{"id": item_of(one).id, "deleted": True}]})


def test_a_trial_is_ended_early_or_made_longer() -> None:
    with shop() as s:
        customer = s.customer()
        short = s.subscription(customer, trial_period_days=30)
        s.stripe.advance(days=2)
        ended = s.client.v1.subscriptions.update(short.id, {"trial_end": "now"})
        assert ended.status == "active"
        assert s.client.v1.invoices.retrieve(ended.latest_invoice).amount_paid == 4900
        longer = s.subscription(customer, trial_period_days=3)
        s.client.v1.subscriptions.update(longer.id, {"trial_end": NEW_YEAR + 20 * DAY})
        s.stripe.advance(days=10)
        assert s.again(longer).status == "trialing"
        s.stripe.advance(days=9)
        assert s.again(longer).status == "active"


def test_a_subscription_ends_at_a_moment() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer(), cancel_at=NEW_YEAR + 10 * DAY)
        s.stripe.advance(days=10)
        assert s.again(subscription).status == "canceled"


def test_a_card_is_changed_on_the_subscription_alone() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        new = s.client.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer}).id
        changed = s.client.v1.subscriptions.update(subscription.id, {"default_payment_method": new})
        assert changed.default_payment_method == new
        other = s.card_of(s.customer())
        with pytest.raises(stripe.InvalidRequestError):
            s.client.v1.subscriptions.update(subscription.id, {"default_payment_method": other})
        s.stripe.renew_card(new)
        assert s.types()[-1] == "payment_method.automatically_updated"


def test_a_customer_who_is_removed_pays_no_more() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.client.v1.customers.delete(customer)
        assert s.again(subscription).status == "canceled"
        assert s.client.v1.customers.retrieve(customer).deleted
        with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
            s.session(customer=customer)
        assert s.types()[-1] == "customer.deleted"


def test_products_with_prices_stay() -> None:
    with shop() as s:
        with pytest.raises(stripe.InvalidRequestError, match="user-created prices"):
            s.client.v1.products.delete(s.product)
        alone = s.client.v1.products.create({"name": "Alone", "metadata": {"code": "x"}})
        assert s.client.v1.products.update(alone.id, {"metadata": {"code": ""}}).metadata.to_dict() == {}
        assert s.client.v1.products.delete(alone.id).deleted
        assert [one.id for one in s.client.v1.products.list({"active": True}).data] == [s.product]


def test_endpoints_are_switched_off_and_removed() -> None:
    with shop() as s:
        made = s.client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
        assert s.client.v1.webhook_endpoints.update(made.id, {"disabled": True}).status == "disabled"
        s.client.v1.customers.create({"name": "Ada"})
        assert s.stripe.attempts() == []
        assert s.client.v1.webhook_endpoints.delete(made.id).deleted
        assert s.client.v1.webhook_endpoints.list().data == []


def test_a_setup_is_called_off_and_an_intent_canceled() -> None:
    with shop() as s:
        setup = s.client.v1.setup_intents.create({"usage": "off_session"})
        assert s.client.v1.setup_intents.cancel(setup.id).status == "canceled"
        intent = s.client.v1.payment_intents.create({"amount": 900, "currency": "eur", "metadata": {"a": "1"}})
        updated = s.client.v1.payment_intents.update(intent.id, {"metadata": {"b": "2"}})
        assert updated.metadata.to_dict() == {"a": "1", "b": "2"}
        assert s.client.v1.payment_intents.cancel(intent.id).status == "canceled"


def test_a_checkout_sells_once_beside_a_plan_and_may_begin_with_a_trial() -> None:
    with shop() as s:
        lines = [{"price": s.pro, "quantity": 1}, {"price": s.pack, "quantity": 2}]
        session = s.session(mode="subscription", line_items=lines, subscription_data={"trial_period_days": 7})
        assert session.amount_total == 1800
        assert s.stripe.pay(session.id, email="ada@example.com")["paid"]
        now = s.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice"]})
        assert (now.subscription.status, now.invoice.amount_paid) == ("trialing", 1800)
        free = s.session(s.pro, mode="subscription", subscription_data={"trial_period_days": 7})
        s.stripe.pay(free.id, email="bob@example.com")
        paid = s.client.v1.checkout.sessions.retrieve(free.id)
        assert (paid.amount_total, paid.payment_status) == (0, "no_payment_required")


def test_another_version_or_too_long_a_key_is_refused() -> None:
    with shop() as s:
        with pytest.raises(stripe.InvalidRequestError, match="API version"):
            client_of(s.stripe, stripe_version="2024-06-20").v1.customers.list()
        with pytest.raises(stripe.InvalidRequestError, match="255"):
            s.client.v1.customers.create({}, {"idempotency_key": "x" * 256})


def test_expansion_goes_deep_and_no_deeper() -> None:
    with shop() as s:
        s.subscription(s.customer())
        listed = s.client.v1.invoices.list({"expand": ["data.payments.data.payment.payment_intent"]})
        assert listed.data[0].payments.data[0].payment.payment_intent.status == "succeeded"
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            s.client.v1.invoices.list({"expand": ["data.nothing"]})
        with pytest.raises(stripe.InvalidRequestError, match="4 levels"):
            s.client.v1.invoices.list({"expand": ["data.a.b.c.d.e"]})
