"""Every call that payments need, through the official SDK: what it answers, what it refuses, what it does once."""

import threading
from typing import Any

import pytest
import stripe
from stripe import StripeClient

from tests.billing.sandbox_shop import DAY, HOUR, NEW_YEAR, client_of, shop


def test_a_lookup_key_moves_to_the_new_price() -> None:
    with shop() as s:
        named = {"product": s.product, "currency": "eur", "lookup_key": "pro_m_eur"}
        old = s.client.v1.prices.create({**named, "unit_amount": 4900, "tax_behavior": "exclusive"})
        with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
            s.client.v1.prices.create({**named, "unit_amount": 5900})
        new = s.client.v1.prices.create({**named, "unit_amount": 5900, "transfer_lookup_key": True})
        s.client.v1.prices.update(old.id, {"active": False})
        found = s.client.v1.prices.list({"lookup_keys": ["pro_m_eur"], "active": True}).data
        assert [(price.id, price.unit_amount) for price in found] == [(new.id, 5900)]
        assert s.client.v1.prices.retrieve(old.id).lookup_key is None
        with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: unit_amount"):
            s.client.v1.prices.update(new.id, {"unit_amount": 1})


def test_an_archived_price_is_not_sold() -> None:
    with shop() as s:
        s.client.v1.prices.update(s.pack, {"active": False})
        with pytest.raises(stripe.InvalidRequestError, match="inactive"):
            s.session()


def test_a_checkout_is_paid_once() -> None:
    with shop() as s:
        session = s.session(client_reference_id="order-1", payment_intent_data={"metadata": {"order": "1"}})
        assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
        assert session.url.startswith(f"{s.stripe.url}/c/pay/cs_test_")
        paid = s.stripe.pay(session.id)
        assert paid["leads_to"] == f"https://shop.example/paid?session_id={session.id}"
        now = s.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
        intent = now.payment_intent
        assert (now.status, now.payment_status, now.amount_total, now.url) == ("complete", "paid", 900, None)
        assert intent.metadata.to_dict() == {"order": "1"}
        assert intent.latest_charge.status == "succeeded"
        assert not hasattr(intent.latest_charge, "invoice")
        assert s.client.v1.checkout.sessions.line_items.list(session.id).data[0].amount_total == 900
        with pytest.raises(ValueError, match="complete"):
            s.stripe.pay(session.id)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_a_declined_checkout_stays_open(card: str, code: str) -> None:
    with shop() as s:
        session = s.session()
        assert s.stripe.pay(session.id, card)["decline_code"] == code
        assert s.client.v1.checkout.sessions.retrieve(session.id).status == "open"
        assert s.types()[-2:] == ["charge.failed", "payment_intent.payment_failed"]
        assert s.stripe.pay(session.id)["paid"]
        assert s.types()[-3:] == ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_a_bank_may_ask_the_owner_of_the_card() -> None:
    with shop() as s:
        session = s.session()
        asked = s.stripe.pay(session.id, "pm_card_authenticationRequired", confirmed=None)
        assert asked["code"] == "authentication_required"
        refused = s.stripe.pay(session.id, "pm_card_authenticationRequired", confirmed=False)
        assert refused["code"] == "payment_intent_authentication_failure"
        assert s.stripe.pay(session.id, "pm_card_authenticationRequired")["paid"]


@pytest.mark.parametrize(
    ("account", "status", "last"),
    [
        ("pm_sepa_debit", "paid", "checkout.session.async_payment_succeeded"),
        ("pm_sepa_debit_fails", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_bank_debit_is_complete_before_it_is_paid(account: str, status: str, last: str) -> None:
    with shop() as s:
        session = s.session()
        assert s.stripe.pay(session.id, account)["paid"]
        now = s.client.v1.checkout.sessions.retrieve(session.id)
        assert (now.status, now.payment_status) == ("complete", "unpaid")
        assert s.types()[-2:] == ["payment_intent.processing", "checkout.session.completed"]
        s.stripe.advance(days=3)
        assert s.client.v1.checkout.sessions.retrieve(session.id).payment_status == status
        assert s.types()[-1] == last
        early = s.session()
        s.stripe.pay(early.id, account)
        s.stripe.settle(early.id, comes=True)
        assert s.client.v1.checkout.sessions.retrieve(early.id).payment_status == "paid"


def test_a_session_expires_by_the_clock_or_when_told() -> None:
    with shop() as s:
        left = s.session(expires_at=NEW_YEAR + HOUR)
        called_off = s.session()
        assert s.client.v1.checkout.sessions.expire(called_off.id).status == "expired"
        assert s.stripe.give_up(left.id) == "https://shop.example/back"
        s.stripe.advance(hours=1)
        assert s.client.v1.checkout.sessions.retrieve(left.id).status == "expired"
        assert s.types().count("checkout.session.expired") == 2
        with pytest.raises(stripe.InvalidRequestError, match="30 minutes"):
            s.session(expires_at=NEW_YEAR + HOUR + 60)


def test_cards_are_saved_listed_chosen_and_removed() -> None:
    with shop() as s:
        customer = s.client.v1.customers.create({"email": "ada@example.com"}).id
        intent = s.client.v1.setup_intents.create(
            {"customer": customer, "usage": "off_session", "automatic_payment_methods": {"enabled": True}}
        )
        first = s.client.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).payment_method
        session = s.client.v1.checkout.sessions.create(
            {"mode": "setup", "currency": "eur", "customer": customer, "success_url": "https://shop.example/"}
        )
        assert s.stripe.pay(session.id, "pm_card_mastercard")["paid"]
        cards = s.client.v1.customers.payment_methods.list(customer).data
        assert [one.card and one.card.last4 for one in cards] == ["4444", "4242"]
        s.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": str(first)}})
        s.client.v1.payment_methods.detach(str(first))
        settings = s.client.v1.customers.retrieve(customer).invoice_settings
        assert settings.default_payment_method is None
        assert len(s.client.v1.customers.payment_methods.list(customer).data) == 1
        with pytest.raises(stripe.InvalidRequestError, match="detached"):
            s.client.v1.payment_methods.attach(str(first), {"customer": customer})
        for card in ("pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"):
            with pytest.raises(stripe.CardError):
                s.client.v1.payment_methods.attach(card, {"customer": customer})
        assert {"setup_intent.succeeded", "payment_method.attached", "payment_method.detached"} <= set(s.types())


def test_a_portal_is_the_customers() -> None:
    with shop() as s:
        asked = {"customer": s.customer(), "return_url": "https://shop.example/billing"}
        portal = s.client.v1.billing_portal.sessions.create(asked)
        assert portal.url.startswith(f"{s.stripe.url}/p/session/bps_")
        with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
            s.client.v1.billing_portal.sessions.create({"customer": "cus_nobody"})


def test_refunds_add_up_and_never_exceed_the_charge() -> None:
    with shop() as s:
        session = s.session()
        s.stripe.pay(session.id)
        intent = str(s.client.v1.checkout.sessions.retrieve(session.id).payment_intent)
        s.client.v1.refunds.create({"payment_intent": intent, "amount": 300, "metadata": {"by": "us"}})
        s.stripe.refund(intent, 200)
        charge = s.client.v1.charges.list({"payment_intent": intent}).data[0]
        assert (charge.amount_refunded, charge.refunded) == (500, False)
        with pytest.raises(stripe.InvalidRequestError, match=r"€4\.01.*€4\.00"):
            s.client.v1.refunds.create({"charge": charge.id, "amount": 401})
        rest = s.client.v1.refunds.create({"payment_intent": intent})
        assert (rest.amount, rest.status) == (400, "succeeded")
        with pytest.raises(stripe.InvalidRequestError) as again:
            s.client.v1.refunds.create({"payment_intent": intent})
        assert again.value.code == "charge_already_refunded"
        last = s.stripe.events("charge.refunded")[-1]["data"]
        assert last["previous_attributes"] == {"amount_refunded": 500, "refunded": False}
        s.stripe.fail_refund(rest.id)
        assert s.client.v1.charges.retrieve(charge.id).amount_refunded == 500
        assert [one.amount for one in s.client.v1.refunds.list({"charge": charge.id})] == [400, 200, 300]


@pytest.mark.parametrize(
    ("outcome", "last"), [("won", "charge.dispute.funds_reinstated"), ("lost", "charge.dispute.closed")]
)
def test_a_dispute_takes_the_money_until_it_is_won(outcome: str, last: str) -> None:
    with shop() as s:
        session = s.session()
        s.stripe.pay(session.id)
        intent = str(s.client.v1.checkout.sessions.retrieve(session.id).payment_intent)
        dispute = s.stripe.open_dispute(intent)
        assert s.client.v1.disputes.list({"payment_intent": intent}).data[0].status == "needs_response"
        assert s.client.v1.charges.retrieve(dispute["charge"]).disputed
        with pytest.raises(stripe.InvalidRequestError, match="charged back"):
            s.client.v1.refunds.create({"payment_intent": intent})
        assert s.stripe.close_dispute(dispute["id"], outcome)["status"] == outcome
        assert s.types()[-1] == last
        balance = sum(one.amount for one in s.client.v1.balance_transactions.list())
        assert balance == (900 if outcome == "won" else 0)


def test_an_intent_is_confirmed_and_its_refusal_says_why() -> None:
    with shop() as s:
        customer = s.customer("pm_card_chargeCustomerFail")
        asked = {"amount": 1500, "currency": "xof", "customer": customer, "confirm": True}
        with pytest.raises(stripe.CardError) as refused:
            s.client.v1.payment_intents.create({**asked, "payment_method": s.card_of(customer), "off_session": True})
        assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
        assert refused.value.error is not None
        assert refused.value.error.decline_code == "generic_decline"
        intent: Any = refused.value.error.payment_intent
        assert intent["status"] == "requires_payment_method"
        good = s.client.v1.payment_intents.confirm(intent["id"], {"payment_method": "pm_card_visa"})
        assert (good.status, good.amount_received) == ("succeeded", 1500)
        with pytest.raises(stripe.InvalidRequestError, match="status of succeeded"):
            s.client.v1.payment_intents.cancel(good.id)


def test_the_same_key_does_it_once() -> None:
    with shop() as s:
        key = {"idempotency_key": "customer-1"}
        first = s.client.v1.customers.create({"email": "ada@example.com"}, key)
        second = s.client.v1.customers.create({"email": "ada@example.com"}, key)
        assert first.id == second.id
        with pytest.raises(stripe.IdempotencyError) as other:
            s.client.v1.customers.create({"email": "bob@example.com"}, key)
        assert other.value.http_status == 400
        assert len(s.client.v1.customers.list().data) == 1
        calls = s.stripe.calls("/v1/customers")
        assert [(call["idempotency_key"], call["replayed"]) for call in calls[:2]] == [
            ("customer-1", False),
            ("customer-1", True),
        ]


def test_a_decline_is_kept_under_its_key_and_a_mistake_is_not() -> None:
    with shop() as s:
        customer = s.customer("pm_card_chargeCustomerFail")
        card = s.card_of(customer)
        asked = {"amount": 900, "currency": "eur", "customer": customer, "confirm": True, "off_session": True}
        key = {"idempotency_key": "pay-1"}
        with pytest.raises(stripe.CardError):
            s.client.v1.payment_intents.create({**asked, "payment_method": card}, key)
        s.stripe.card_does(card, "good")
        with pytest.raises(stripe.CardError):
            s.client.v1.payment_intents.create({**asked, "payment_method": card}, key)
        missing = {"idempotency_key": "refund-1"}
        with pytest.raises(stripe.InvalidRequestError):
            s.client.v1.refunds.create({"charge": "ch_nothing"}, missing)
        charge = s.client.v1.payment_intents.create({**asked, "payment_method": card}).latest_charge
        assert s.client.v1.refunds.create({"charge": str(charge)}, missing).status == "succeeded"


def test_the_same_key_at_the_same_time_waits_for_the_first() -> None:
    with shop() as s:
        s.stripe.fault("slow_after", path="/v1/customers", seconds=0.3)
        key = {"idempotency_key": "at-once"}
        made: list[str] = []
        retrying = client_of(s.stripe, max_network_retries=4)
        people = [
            threading.Thread(target=lambda: made.append(retrying.v1.customers.create({"name": "Ada"}, key).id))
            for _one in range(3)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
        assert len(made) == 3
        assert len(set(made)) == 1


@pytest.mark.parametrize("fault", ["500", "hangup_before", "hangup_after", "409"])
def test_a_second_try_after_a_fault_does_it_once(fault: str) -> None:
    with shop() as s:
        s.stripe.fault(fault, method="POST", path="/v1/customers")
        key = {"idempotency_key": "patient"}
        with pytest.raises(stripe.StripeError):
            s.client.v1.customers.create({"name": "Ada"}, key)
        assert s.client.v1.customers.create({"name": "Ada"}, key).id
        assert len(s.client.v1.customers.list().data) == 1
        calls = s.stripe.calls("/v1/customers")
        assert [call["fault"] for call in calls if call["method"] == "POST"] == [fault, ""]


def test_the_sdks_own_retry_does_it_once() -> None:
    with shop() as s:
        s.stripe.fault("hangup_after", method="POST", path="/v1/customers")
        assert client_of(s.stripe, max_network_retries=2).v1.customers.create({"name": "Ada"}).id
        assert len(s.client.v1.customers.list().data) == 1


def test_a_500_after_the_work_began_is_kept() -> None:
    with shop() as s:
        s.stripe.fault("500_after", path="/v1/customers")
        key = {"idempotency_key": "unlucky"}
        for _time in range(2):
            with pytest.raises(stripe.APIError):
                s.client.v1.customers.create({"name": "Ada"}, key)
        assert len(s.client.v1.customers.list().data) == 1  # it was made; only its answer was lost


def test_too_many_requests_are_said_and_not_retried() -> None:
    with shop() as s:
        s.stripe.fault("429")
        with pytest.raises(stripe.RateLimitError):
            client_of(s.stripe, max_network_retries=2).v1.customers.list()


def test_errors_have_stripes_envelope() -> None:
    with shop() as s:
        with pytest.raises(stripe.AuthenticationError, match=r"Invalid API Key provided: sk_test_\*"):
            StripeClient("sk_test_of_another_account", base_addresses={"api": s.stripe.url}).v1.customers.list()
        with pytest.raises(stripe.InvalidRequestError) as nobody:
            s.client.v1.customers.retrieve("cus_nobody")
        assert (nobody.value.http_status, nobody.value.code) == (404, "resource_missing")
        assert str(nobody.value.request_id).startswith("req_")
        with pytest.raises(stripe.InvalidRequestError) as misspelled:
            s.client.v1.customers.create({"emial": "x"})
        assert (misspelled.value.code, misspelled.value.param) == ("parameter_unknown", "emial")
        with pytest.raises(stripe.InvalidRequestError) as removed:
            s.session(payment_method_types=["card"])
        assert removed.value.code == "parameter_unknown"
        with pytest.raises(stripe.InvalidRequestError, match="No such price"):
            s.session(price="price_nothing")
        with pytest.raises(stripe.InvalidRequestError, match="does not model `discounts`"):
            s.session(discounts=[{"coupon": "x"}])
        with pytest.raises(stripe.PermissionError):
            s.client.v1.customers.list({}, {"stripe_account": "acct_1"})


def test_answers_name_the_version_and_the_request() -> None:
    with shop() as s:
        headers = s.client.v1.customers.create({"name": "Ada"}).last_response
        assert headers.headers["Stripe-Version"] == "2026-10-28.endive"
        assert headers.headers["Request-Id"].startswith("req_")


def test_lists_are_paged_in_both_directions() -> None:
    with shop() as s:
        first = s.client.v1.customers.create({"name": "0"}).id
        for number in range(1, 26):
            s.stripe.advance(seconds=1)
            s.client.v1.customers.create({"name": str(number)})
        page = s.client.v1.customers.list({"limit": 10})
        assert (len(page.data), page.has_more, page.data[0].name) == (10, True, "25")
        newest_first = [one.name for one in page.auto_paging_iter()]
        assert newest_first == [str(number) for number in range(25, -1, -1)]
        since = s.client.v1.customers.list({"limit": 10, "ending_before": first}).auto_paging_iter()
        assert [one.name for one in since] == [str(number) for number in range(1, 26)]
        bounded = s.client.v1.customers.list({"created": {"gte": NEW_YEAR + 5, "lt": NEW_YEAR + 7}})
        assert [one.name for one in bounded.data] == ["6", "5"]


def test_events_are_listed_as_they_happened() -> None:
    with shop() as s:
        start = s.stripe.events()[-1]["id"]
        s.customer()
        s.stripe.advance(seconds=DAY)
        s.session()
        asked = {"ending_before": start, "limit": 1}
        types = [event.type for event in s.client.v1.events.list(asked).auto_paging_iter()]
        assert types == ["customer.created", "payment_method.attached", "customer.updated"]
        some = {"types": ["customer.created", "customer.updated"], "created": {"gte": NEW_YEAR}}
        events = s.client.v1.events.list(some).data
        assert [event.type for event in events] == ["customer.updated", "customer.created"]
        changed = events[0].data.previous_attributes
        assert changed.to_dict() == {"invoice_settings": {"default_payment_method": None}}
        assert events[0].request
        assert events[0].request.idempotency_key
        assert s.client.v1.events.retrieve(events[0].id).api_version == "2026-10-28.endive"
