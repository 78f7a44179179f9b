"""Subscriptions on the sandbox: periods, prorations to the second, renewals that fail and recover, ends."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.billing.sandbox_shop import DAY, HOUR, NEW_YEAR, shop
from tests.fakes.stripe.calendar import moment_of

MONTH = 31 * DAY  # January


def item_of(subscription: Any) -> Any:
    """Its only item."""
    return subscription["items"].data[0]


def day(moment: int) -> str:
    """2026-01-31."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def swap(subscription: Any, price: str, **how: Any) -> Any:
    """The parameters that put another price in the place of its own."""
    return {"items": [{"id": item_of(subscription).id, "price": price}], **how}


def test_checkout_begins_a_subscription_in_the_true_shapes() -> None:
    with shop() as s:
        customer = s.client.v1.customers.create({"email": "ada@example.com"}).id
        session = s.session(
            s.pro, mode="subscription", customer=customer, metadata={"o": "1"},
            subscription_data={"metadata": {"organization": "7"}},
        )  # fmt: skip
        since = len(s.stripe.events())
        s.stripe.pay(session.id)
        assert [name for name in s.types(since) if not name.startswith(("payment_", "charge"))] == [
            "customer.subscription.created", "invoice.created", "customer.updated", "invoice.finalized",
            "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated",
            "checkout.session.completed",
        ]  # fmt: skip
        created = s.stripe.events("customer.subscription.created")[0]["data"]["object"]
        assert created["status"] == "incomplete"
        found = s.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription.latest_invoice.payments"]})
        subscription, invoice = found.subscription, found.subscription.latest_invoice
        assert (subscription.status, subscription.metadata.to_dict()) == ("active", {"organization": "7"})
        assert not hasattr(subscription, "current_period_end")
        assert item_of(subscription).current_period_end == NEW_YEAR + MONTH
        details = invoice.parent.subscription_details
        assert (details.subscription, details.metadata.to_dict()) == (subscription.id, {"organization": "7"})
        assert not hasattr(invoice, "subscription")
        assert not hasattr(invoice, "payment_intent")
        payment = s.client.v1.invoice_payments.list({"invoice": invoice.id}).data[0]
        assert (payment.status, payment.amount_paid, payment.id) == ("paid", 4900, invoice.payments.data[0].id)
        assert subscription.billing_mode.type == "flexible"


def test_a_month_begun_on_the_31st_ends_with_the_month() -> None:
    with shop(start=moment_of("2026-01-31T09:30:00")) as s:
        subscription = s.subscription(s.customer())
        ends = []
        for _month in range(4):
            ends.append(item_of(s.again(subscription)).current_period_end)
            s.stripe.advance(to=ends[-1])
        assert list(map(day, ends)) == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
        assert all(datetime.fromtimestamp(end, UTC).strftime("%H:%M") == "09:30" for end in ends)


def test_a_year_begun_on_the_29th_of_february_comes_back_to_it() -> None:
    with shop(start=moment_of("2028-02-29")) as s:
        subscription = s.subscription(s.customer(), s.yearly)
        ends = []
        for _year in range(4):
            ends.append(item_of(s.again(subscription)).current_period_end)
            s.stripe.advance(to=ends[-1])
        assert list(map(day, ends)) == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


@pytest.mark.parametrize(
    ("passed", "credit", "charge"),
    [
        (MONTH // 2, -2450, 9950),  # half a month of 49 and of 199
        (1_000_000, -3071, 12470),  # 4900 and 19900 × 1 678 400 / 2 678 400 = 3070.55 and 12 470.19
        (MONTH - 1, 0, 0),  # a second is worth less than half a cent
        (0, -4900, 19900),
    ],
)
def test_an_upgrade_costs_what_its_preview_says_to_the_second(passed: int, credit: int, charge: int) -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.advance(seconds=passed)
        change = swap(subscription, s.enterprise, proration_behavior="always_invoice")
        preview = s.client.v1.invoices.create_preview(
            {"customer": customer, "subscription": subscription.id, "subscription_details": change}
        )
        lines = preview.lines.data
        assert [line.amount for line in lines] == [credit, charge]
        assert all(line.parent.subscription_item_details.proration for line in lines)
        assert [line.description.split(" on ")[0] for line in lines] == ["Unused time", "Remaining time"]
        assert preview.amount_due == credit + charge
        changed = s.client.v1.subscriptions.update(
            subscription.id, {**change, "payment_behavior": "pending_if_incomplete"}
        )
        invoice = s.client.v1.invoices.retrieve(str(changed.latest_invoice))
        assert (invoice.status, invoice.amount_paid) == ("paid", credit + charge)
        assert invoice.billing_reason == "subscription_update"
        assert item_of(changed).price.id == s.enterprise
        assert item_of(changed).current_period_end == NEW_YEAR + MONTH
        assert changed.pending_update is None


def test_prorations_wait_for_the_next_invoice_unless_asked_otherwise() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        s.stripe.advance(seconds=MONTH // 2)
        s.client.v1.subscriptions.update(subscription.id, swap(subscription, s.enterprise))
        upcoming = s.client.v1.invoices.create_preview({"subscription": subscription.id})
        assert [line.amount for line in upcoming.lines.data] == [-2450, 9950, 19900]
        s.stripe.advance(seconds=MONTH // 2 + HOUR)
        assert s.client.v1.invoices.list({"subscription": subscription.id}).data[0].amount_paid == 27400
        other = s.subscription(s.customer())
        s.client.v1.subscriptions.update(other.id, swap(other, s.enterprise, proration_behavior="none"))
        assert s.client.v1.invoices.create_preview({"subscription": other.id}).total == 19900


def test_a_downgrade_leaves_a_credit_that_the_next_invoice_uses() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer, s.enterprise)
        s.stripe.advance(seconds=MONTH // 2)
        change = swap(subscription, s.pro, proration_behavior="always_invoice")
        s.client.v1.subscriptions.update(subscription.id, change)
        assert s.client.v1.customers.retrieve(customer).balance == -7500
        s.stripe.advance(seconds=MONTH // 2 + HOUR)
        renewed = s.client.v1.invoices.list({"subscription": subscription.id}).data[0]
        assert (renewed.total, renewed.amount_due, renewed.starting_balance) == (4900, 0, -7500)
        assert s.client.v1.customers.retrieve(customer).balance == -2600


def test_another_interval_begins_a_new_period_at_once() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        s.stripe.advance(seconds=MONTH // 2)
        changed = s.client.v1.subscriptions.update(subscription.id, swap(subscription, s.yearly))
        invoice = s.client.v1.invoices.retrieve(str(changed.latest_invoice))
        assert [line.amount for line in invoice.lines.data] == [-2450, 47040]
        assert day(item_of(changed).current_period_end) == "2027-01-16"


def test_an_upgrade_that_is_not_paid_waits_and_is_given_up() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.advance(days=10)
        s.stripe.card_does(s.card_of(customer), "declined")
        change = swap(
            subscription, s.enterprise, proration_behavior="always_invoice", payment_behavior="pending_if_incomplete"
        )
        waiting = s.client.v1.subscriptions.update(subscription.id, change)
        assert (waiting.status, item_of(waiting).price.id) == ("active", s.pro)
        assert waiting.pending_update.subscription_items[0].price.id == s.enterprise
        assert s.client.v1.invoices.retrieve(waiting.latest_invoice).status == "open"
        s.stripe.advance(hours=23)
        given_up = s.again(subscription)
        assert (given_up.pending_update, item_of(given_up).price.id) == (None, s.pro)
        assert s.types()[-1] == "customer.subscription.pending_update_expired"
        assert "invoice.voided" in s.types()


def test_an_upgrade_paid_later_happens_then() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.card_does(s.card_of(customer), "declined")
        change = swap(
            subscription, s.enterprise, proration_behavior="always_invoice", payment_behavior="pending_if_incomplete"
        )
        s.client.v1.subscriptions.update(subscription.id, change)
        unpaid = s.client.v1.invoices.list({"subscription": subscription.id, "status": "open"}).data[0]
        with pytest.raises(stripe.CardError):
            s.client.v1.invoices.pay(unpaid.id)
        s.client.v1.invoices.pay(unpaid.id, {"payment_method": "pm_card_mastercard"})
        assert item_of(s.again(subscription)).price.id == s.enterprise
        assert s.types()[-2:] == ["customer.subscription.updated", "customer.subscription.pending_update_applied"]


def test_pending_updates_take_no_metadata() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        change = swap(subscription, s.enterprise, payment_behavior="pending_if_incomplete", metadata={"a": "b"})
        with pytest.raises(stripe.InvalidRequestError, match="pending updates"):
            s.client.v1.subscriptions.update(subscription.id, change)


def test_an_upgrade_may_be_refused_whole() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.card_does(s.card_of(customer), "insufficient_funds")
        change = swap(
            subscription, s.enterprise, proration_behavior="always_invoice", payment_behavior="error_if_incomplete"
        )
        with pytest.raises(stripe.CardError):
            s.client.v1.subscriptions.update(subscription.id, change)
        assert item_of(s.again(subscription)).price.id == s.pro
        assert len(s.client.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_a_renewal_fails_is_tried_again_and_recovers_in_order() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        card = s.card_of(customer)
        s.stripe.card_does(card, "declined")
        since = len(s.stripe.events())
        s.stripe.advance(seconds=MONTH)
        assert s.types(since) == ["invoice.created", "customer.subscription.updated"]  # a draft for an hour
        draft = s.client.v1.invoices.list({"subscription": subscription.id}).data[0]
        assert (draft.status, s.again(subscription).status) == ("draft", "active")
        s.stripe.advance(hours=1)
        assert s.types(since)[2:] == [
            "payment_intent.created", "invoice.finalized", "charge.failed", "payment_intent.payment_failed",
            "invoice.payment_failed", "customer.subscription.updated",
        ]  # fmt: skip
        assert s.stripe.events()[-1]["data"]["previous_attributes"] == {"status": "active"}
        failed = s.client.v1.invoices.retrieve(draft.id)
        assert (failed.status, failed.attempt_count) == ("open", 1)
        assert failed.next_payment_attempt == NEW_YEAR + MONTH + HOUR + 3 * DAY
        assert s.again(subscription).status == "past_due"
        s.stripe.card_does(card, "good")
        since = len(s.stripe.events())
        s.stripe.advance(days=3)
        assert s.types(since) == [
            "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
            "invoice.payment_succeeded", "customer.subscription.updated",
        ]  # fmt: skip
        assert s.again(subscription).status == "active"
        moments = [event["created"] for event in s.stripe.events()]
        assert moments == sorted(moments)


@pytest.mark.parametrize(("rule", "status"), [("cancel", "canceled"), ("unpaid", "unpaid"), ("past_due", "past_due")])
def test_after_the_last_attempt_the_rules_say_what_becomes_of_it(rule: str, status: str) -> None:
    with shop() as s:
        s.stripe.rules(after_retries=rule)
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.card_does(s.card_of(customer), "declined")
        s.stripe.advance(seconds=MONTH + HOUR + 15 * DAY)  # tried again after 3, 5 and 7 days
        found = s.again(subscription)
        assert found.status == status
        assert s.types().count("invoice.payment_failed") == 4
        if rule == "cancel":
            assert found.cancellation_details
            assert found.cancellation_details.reason == "payment_failed"
            assert s.types()[-1] == "customer.subscription.deleted"


def test_a_bank_that_asks_the_owner_makes_the_invoice_wait() -> None:
    with shop() as s:
        customer = s.customer("pm_card_authenticationRequired")
        subscription = s.subscription(customer)
        assert subscription.status == "incomplete"
        assert {"invoice.payment_action_required", "payment_intent.requires_action"} <= set(s.types())
        s.stripe.advance(hours=23)
        assert s.again(subscription).status == "incomplete_expired"


def test_a_first_payment_that_fails_may_be_refused_or_wait() -> None:
    with shop() as s:
        customer = s.customer("pm_card_chargeCustomerFail")
        with pytest.raises(stripe.CardError):
            s.subscription(customer, payment_behavior="error_if_incomplete")
        assert not s.client.v1.subscriptions.list({"status": "all"}).data
        subscription = s.subscription(customer)
        assert subscription.status == "incomplete"
        s.client.v1.invoices.pay(str(subscription.latest_invoice), {"payment_method": "pm_card_visa"})
        assert s.again(subscription).status == "active"


def test_a_trial_is_announced_ends_and_is_paid() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer(), trial_period_days=14)
        assert (subscription.status, subscription.trial_end) == ("trialing", NEW_YEAR + 14 * DAY)
        assert s.client.v1.invoices.retrieve(str(subscription.latest_invoice)).total == 0
        s.stripe.advance(days=11)
        assert s.types()[-1] == "customer.subscription.trial_will_end"
        s.stripe.advance(days=3, hours=1)
        now = s.again(subscription)
        assert now.status == "active"
        assert day(item_of(now).current_period_end) == "2026-02-15"
        assert s.client.v1.invoices.retrieve(str(now.latest_invoice)).amount_paid == 4900


def test_a_trial_without_a_card_pauses_and_is_resumed() -> None:
    with shop() as s:
        customer = s.client.v1.customers.create({"email": "ada@example.com"}).id
        ends = {"end_behavior": {"missing_payment_method": "pause"}}
        subscription = s.subscription(customer, trial_period_days=7, trial_settings=ends)
        s.stripe.advance(days=7)
        assert s.again(subscription).status == "paused"
        assert s.types()[-1] == "customer.subscription.paused"
        card = s.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
        s.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
        resumed = s.client.v1.subscriptions.resume(subscription.id, {"billing_cycle_anchor": "now"})
        assert resumed.status == "active"
        assert "customer.subscription.resumed" in s.types()


def test_a_cancellation_waits_for_the_periods_end_and_can_be_taken_back() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        for leaves in (True, False, True):
            found = s.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": leaves})
            assert found.cancel_at == (NEW_YEAR + MONTH if leaves else None)
        s.stripe.advance(seconds=MONTH)
        over = s.again(subscription)
        assert (over.status, over.ended_at) == ("canceled", NEW_YEAR + MONTH)
        assert s.types()[-1] == "customer.subscription.deleted"
        assert len(s.client.v1.invoices.list({"subscription": subscription.id}).data) == 1
        with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
            s.client.v1.subscriptions.cancel(subscription.id)


def test_a_cancellation_now_may_give_back_the_rest() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.advance(seconds=MONTH // 2)
        over = s.client.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
        assert over.status == "canceled"
        assert s.client.v1.customers.retrieve(customer).balance == -2450
        assert not s.client.v1.subscriptions.list({"customer": customer}).data
        assert len(s.client.v1.subscriptions.list({"customer": customer, "status": "all"}).data) == 1


def test_collection_can_be_paused() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        paused = {"pause_collection": {"behavior": "void", "resumes_at": NEW_YEAR + MONTH + DAY}}
        s.client.v1.subscriptions.update(subscription.id, paused)
        s.stripe.advance(seconds=MONTH + 2 * DAY)
        found = s.again(subscription)
        assert (found.status, found.pause_collection) == ("active", None)
        assert s.client.v1.invoices.retrieve(str(found.latest_invoice)).status == "void"


def test_currencies_without_cents_are_prorated_whole() -> None:
    with shop() as s:
        prices = [
            s.client.v1.prices.create(
                {"product": s.product, "currency": "xof", "unit_amount": amount, "recurring": {"interval": "month"}}
            ).id
            for amount in (15_000, 35_000)
        ]
        subscription = s.subscription(s.customer(), prices[0])
        s.stripe.advance(seconds=1_000_000)
        change = swap(subscription, prices[1], proration_behavior="always_invoice")
        preview = s.client.v1.invoices.create_preview({"subscription": subscription.id, "subscription_details": change})
        assert [line.amount for line in preview.lines.data] == [-9400, 21932]  # × 0.626642…
        with pytest.raises(stripe.InvalidRequestError, match="same currency"):
            s.client.v1.subscriptions.update(subscription.id, swap(subscription, s.pro))


def test_stripes_own_clock_moves_the_sandboxes() -> None:
    with shop(start=None) as s:
        clock = s.client.v1.test_helpers.test_clocks.create({"frozen_time": NEW_YEAR})
        customer = s.customer(test_clock=clock.id)
        subscription = s.subscription(customer)
        too_far = {"frozen_time": NEW_YEAR + 70 * DAY}
        with pytest.raises(stripe.InvalidRequestError, match="two intervals"):
            s.client.v1.test_helpers.test_clocks.advance(clock.id, too_far)
        moved = s.client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": NEW_YEAR + 32 * DAY})
        assert (moved.status, moved.frozen_time) == ("ready", NEW_YEAR + 32 * DAY)
        assert len(s.client.v1.invoices.list({"subscription": subscription.id}).data) == 2
