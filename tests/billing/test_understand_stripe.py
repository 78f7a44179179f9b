"""What Stripe says, at the wire: deliveries that are believed, in both shapes, and faults told apart."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe as sdk

from billing.providers.base import BadSignature, NotFound, PaymentProvider, Rejected, Unreachable
from billing.providers.stripe import StripeProvider, client, reading
from tests.billing.storefront import added, bought, order, priced, subscribed
from tests.fakes.stripe import API_VERSION, Sandbox

# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_events_come_oldest_first_from_a_moment_on(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    began = datetime.fromtimestamp(stripe.now, UTC)
    everything = [one.id for one in shop.events_since(began - timedelta(days=1))]
    assert everything == [one["id"] for one in stripe.events()]
    stripe.advance(hours=1)
    since = datetime.fromtimestamp(stripe.now, UTC)
    bought(shop, stripe, order(customer, priced(shop, 900, interval="once")))
    later = [one.id for one in shop.events_since(since)]
    assert later == [one["id"] for one in stripe.events()][len(everything) :]


@pytest.mark.parametrize("version", [API_VERSION, "2024-06-20"])
def test_an_event_leads_to_what_is_to_be_read(
    shop: PaymentProvider, stripe: Sandbox, customer: str, version: str
) -> None:
    subscription = subscribed(shop, stripe, customer, priced(shop))
    (payment,) = (one.id for one in shop.payments_of(customer))
    stripe.refund(payment, 100)
    added(shop, stripe, customer, "pm_card_mastercard")
    found = {}
    for one in stripe.events():
        seen = shop.read_event(*stripe.signed(one["id"], api_version=version))
        assert (seen.id, seen.type, seen.livemode) == (one["id"], one["type"], False)
        assert seen.api_version == version
        found[seen.type] = (seen.object_type, seen.object_id, seen.customer_id)
    session = stripe.objects("checkout.session")[0]["id"]
    assert found["checkout.session.completed"][0] == "checkout"
    assert session in {one["data"]["object"]["id"] for one in stripe.events("checkout.session.completed")}
    assert found["customer.subscription.created"] == ("subscription", subscription, customer)
    assert found["invoice.paid"][::2] == ("invoice", customer)
    assert found["charge.refunded"] == ("payment", payment, customer)
    assert found["refund.created"][0] == "refund"
    assert found["payment_method.attached"][::2] == ("card", customer)
    assert found["customer.created"] == ("customer", customer, customer)


def test_both_shapes_of_an_object_say_the_same(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    subscribed(shop, stripe, customer, priced(shop))

    def bodies(name: str) -> list[dict[str, Any]]:
        event = stripe.events(name)[-1]["id"]
        both = [stripe.signed(event, api_version=version)[0] for version in (API_VERSION, "2024-06-20")]
        return [json.loads(body)["data"]["object"] for body in both]

    new, old = (reading.subscription(one) for one in bodies("customer.subscription.created"))
    assert new == old
    assert new.period_end is not None
    new_bill, old_bill = (reading.invoice(one) for one in bodies("invoice.paid"))
    assert old_bill.payment_ids
    assert replace(old_bill, payment_ids=()) == replace(new_bill, payment_ids=())
    assert new_bill.subscription_id == new.id


def test_only_what_stripe_signed_lately_is_believed(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    event = stripe.events()[0]["id"]
    body, headers = stripe.signed(event)
    assert shop.read_event(body, headers).id == event
    for spoiled in (
        stripe.signed(event, wrong=True),
        stripe.signed(event, old=True),
        (body.replace(b"customer", b"costumer"), headers),
        (body, {}),
        (body, {"Stripe-Signature": "t=now,v1=x"}),
    ):
        with pytest.raises(BadSignature):
            shop.read_event(*spoiled)
    with pytest.raises(BadSignature):
        StripeProvider(stripe.secret_key, (), url=stripe.url).read_event(body, headers)


def test_a_secret_that_is_being_changed_is_still_believed(stripe: Sandbox) -> None:
    both = StripeProvider(stripe.secret_key, ("whsec_new", stripe.endpoint_secret), url=stripe.url)
    both.create_customer(email="a@example.org", name="A", metadata={}, key="a")
    assert both.read_event(*stripe.signed(stripe.events()[0]["id"])).type == "customer.created"


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"object": "list"}', b"", b'{"object":"event","data":1}'])
def test_what_is_signed_and_no_event_is_a_value_error(shop: PaymentProvider, stripe: Sandbox, body: bytes) -> None:
    signature = sdk.WebhookSignature.generate_signature_header(body.decode(), stripe.endpoint_secret)
    with pytest.raises(ValueError, match="no event"):
        shop.read_event(body, {"Stripe-Signature": signature})


def test_bytes_that_are_no_text_are_a_value_error(shop: PaymentProvider) -> None:
    with pytest.raises(ValueError, match="utf-8"):
        shop.read_event(b"\xff\xfe", {"Stripe-Signature": "t=1,v1=x"})


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["500", "409", "hangup_before", "hangup_after"])
def test_a_passing_fault_is_asked_again_with_the_same_key(
    shop: PaymentProvider, stripe: Sandbox, customer: str, quickly: None, kind: str
) -> None:
    price = priced(shop, 900, interval="once")
    stripe.fault(kind, path="/v1/checkout/sessions")
    page = shop.create_checkout(order(customer, price), key="one")
    assert [one["id"] for one in stripe.objects("checkout.session")] == [page.id]
    asked = stripe.calls("/v1/checkout/sessions")
    assert [one["idempotency_key"] for one in asked] == ["one", "one"]


@pytest.mark.parametrize("kind", ["500", "409", "429", "hangup_before"])
def test_a_fault_that_lasts_is_unreachable(shop: PaymentProvider, stripe: Sandbox, quickly: None, kind: str) -> None:
    stripe.fault(kind, times=0)
    with pytest.raises(Unreachable) as fault:
        shop.checkout("cs_1")
    assert not fault.value.is_spent_key
    assert len(stripe.calls("/v1/checkout/sessions/cs_1")) == (1 if kind == "429" else client.RETRIES + 1)


def test_a_fault_that_stripe_remembers_says_so(
    shop: PaymentProvider, stripe: Sandbox, customer: str, quickly: None
) -> None:
    price = priced(shop, 900, interval="once")
    stripe.fault("500_after", path="/v1/checkout/sessions")
    with pytest.raises(Unreachable) as fault:
        shop.create_checkout(order(customer, price), key="one")
    assert fault.value.is_spent_key
    assert shop.create_checkout(order(customer, price), key="two").status == "open"


def test_what_they_refuse_is_told_apart(shop: PaymentProvider, stripe: Sandbox, customer: str) -> None:
    with pytest.raises(NotFound):
        shop.subscription("sub_1")
    with pytest.raises(NotFound):
        shop.create_checkout(order("cus_1", priced(shop, 900, interval="once")), key="one")
    price = priced(shop, 900, interval="once")
    shop.create_checkout(order(customer, price), key="two")
    with pytest.raises(Rejected) as mismatch:
        shop.create_checkout(order(customer, price, quantity=2), key="two")
    assert not isinstance(mismatch.value, NotFound)
    with pytest.raises(Rejected):
        StripeProvider("sk_test_other", (), url=stripe.url).checkout("cs_1")


@pytest.mark.parametrize(("seconds", "understood"), [("7", 7), ("soon", None), ("", None)])
def test_a_wait_they_ask_for_is_kept(seconds: str, understood: int | None) -> None:
    fault = client.understood(sdk.RateLimitError("slow down", headers={"retry-after": seconds}))
    assert isinstance(fault, Unreachable)
    assert fault.retry_after == understood


@pytest.mark.parametrize(("key", "live"), [("sk_test_1", False), ("rk_test_1", False), ("sk_live_1", True)])
def test_the_key_says_the_mode(key: str, live: bool) -> None:
    assert StripeProvider(key, ()).livemode is live


def test_the_sandbox_speaks_the_version_that_we_ask_for() -> None:
    assert client.API_VERSION == API_VERSION
