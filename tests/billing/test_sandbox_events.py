"""Events on their way: signed, sent again, spoiled in every way that is known; old shapes; a state that survives."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import stripe
from stripe import StripeClient

from tests.billing.sandbox_shop import NEW_YEAR, client_of, receiver, shop
from tests.fakes.stripe import SECRET_KEY, sandbox


def test_events_arrive_in_order_and_are_signed() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.pay(s.session().id)
        s.stripe.flush()
        assert there.types == [
            "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed",
        ]  # fmt: skip
        assert not there.refused
        event = there.arrived[-1]
        assert (event.livemode, event.api_version, event.data.object.payment_status) == (
            False, "2026-10-28.endive", "paid",
        )  # fmt: skip
        assert all(one["state"] == "delivered" for one in s.stripe.attempts())


def test_an_endpoint_gets_what_it_asked_for() -> None:
    with shop() as s, receiver(s) as there:
        made = s.client.v1.webhook_endpoints.create(
            {"url": there.url, "enabled_events": ["customer.created"], "api_version": "2024-06-20"}
        )
        assert made.secret
        assert made.secret.startswith("whsec_")
        assert not hasattr(s.client.v1.webhook_endpoints.retrieve(made.id), "secret")
        assert len(s.client.v1.webhook_endpoints.list().data) == 2
        s.client.v1.customers.create({"name": "Ada"})
        s.client.v1.products.create({"name": "Book"})
        s.stripe.flush()
        assert sorted(there.types) == ["customer.created", "product.created"]
        assert len(there.refused) >= 1  # the second endpoint has another secret


def test_a_refused_event_is_sent_again() -> None:
    with shop() as s, receiver(s) as there:
        there.answers += [500, 503]
        event = _customer_made(s)
        assert not s.client.v1.events.list({"delivery_success": True, "types": ["customer.created"]}).data
        s.stripe.flush()
        assert there.types == ["customer.created"] * 3
        parcel = s.stripe.attempts(event)[0]
        assert [one["status"] for one in parcel["attempts"]] == [500, 503, 200]
        assert s.client.v1.events.retrieve(event).pending_webhooks == 0


def test_an_endpoint_that_is_away_is_given_up() -> None:
    with shop() as s:
        s.stripe.rules(backoff=[0.0, 0.0])
        s.stripe.endpoint("http://127.0.0.1:9/hooks/")
        event = _customer_made(s)
        s.stripe.flush()
        parcel = s.stripe.attempts(event)[0]
        assert (parcel["state"], [one["status"] for one in parcel["attempts"]]) == ("failed", [0, 0, 0])
        missed = {"delivery_success": False, "types": ["customer.created"]}
        assert [one.id for one in s.client.v1.events.list(missed).data] == [event]


def test_a_duplicate_arrives_twice() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault("duplicate", types="customer.*", copies=3)
        event = _customer_made(s)
        s.stripe.flush()
        assert [one.id for one in there.arrived] == [event] * 3


def test_events_arrive_in_another_order() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault("reorder", times=0, hold=4, seed=3)
        s.stripe.pay(s.session().id)
        s.stripe.flush()
        happened = [event["type"] for event in s.stripe.events()[-4:]]
        assert there.types != happened
        assert sorted(there.types) == sorted(happened)


def test_held_events_are_let_go_by_a_flush() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault("reorder", hold=50)
        _customer_made(s)
        time.sleep(0.02)
        assert not there.arrived
        s.stripe.flush()
        assert there.types == ["customer.created"]


def test_a_delayed_event_comes_after_later_ones() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault("delay", seconds=0.2)
        s.client.v1.customers.create({"name": "Ada"})
        s.client.v1.products.create({"name": "Book"})
        deadline = time.monotonic() + 5
        while len(there.arrived) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert there.types == ["product.created", "customer.created"]


@pytest.mark.parametrize(("fault", "known"), [("drop", True), ("lost", False)])
def test_a_dropped_event_never_arrives(fault: str, known: bool) -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault(fault)
        event = _customer_made(s)
        s.stripe.flush()
        assert not there.arrived
        missed = s.client.v1.events.list({"delivery_success": False, "types": ["customer.created"]}).data
        assert bool(missed) is known  # of a lost one Stripe believes that it arrived
        assert s.stripe.deliver(event)[0]["status"] == 200
        assert [one.id for one in there.arrived] == [event]


@pytest.mark.parametrize(("fault", "arrivals"), [("500", 1), ("timeout", 2)])
def test_an_answer_that_is_lost_brings_the_event_again(fault: str, arrivals: int) -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault(fault)
        _customer_made(s)
        s.stripe.flush()
        assert len(there.arrived) == arrivals


@pytest.mark.parametrize(
    ("fault", "said"), [("wrong_signature", "No signatures found"), ("old_timestamp", "outside the tolerance")]
)
def test_a_forged_or_stale_signature_is_refused_and_the_true_one_taken(fault: str, said: str) -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.delivery_fault(fault)
        _customer_made(s)
        s.stripe.flush()
        assert said in there.refused[0]
        assert there.types == ["customer.created"]


def test_deliveries_pause_and_go_on() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.pause()
        event = _customer_made(s)
        with pytest.raises(ValueError, match="paused"):
            s.stripe.flush(0.1)
        assert not there.arrived
        s.stripe.resume()
        s.stripe.flush()
        assert [one.id for one in there.arrived] == [event]


def test_chaos_is_the_same_for_the_same_seed() -> None:
    fates = []
    for _time in range(2):
        with shop() as s:
            s.stripe.endpoint("http://127.0.0.1:9/")
            s.stripe.pause()
            s.stripe.chaos(11, drop=0.3, duplicate=0.3)
            for number in range(20):
                s.client.v1.customers.create({"name": str(number)})
            fates.append([(one["fault"], one["state"]) for one in s.stripe.attempts()])
    assert fates[0] == fates[1]
    assert {fault for fault, _state in fates[0]} == {"", "drop", "duplicate"}


def test_events_can_be_taken_without_a_server() -> None:
    with shop() as s:
        s.stripe.endpoint("http://shop.example/hooks/")
        s.stripe.pause()
        s.client.v1.customers.create({"name": "Ada"})
        taken: list[str] = []

        def take(_url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
            event = s.client.construct_event(body, headers["Stripe-Signature"], s.stripe.endpoint_secret)
            taken.append(event.type)
            return 200, ""

        assert s.stripe.drain(take) == 1
        assert taken == ["customer.created"]
        body, headers = s.stripe.signed(s.stripe.events()[-1]["id"], wrong=True)
        with pytest.raises(stripe.SignatureVerificationError):
            s.client.construct_event(body, headers["Stripe-Signature"], s.stripe.endpoint_secret)


def test_an_old_endpoint_gets_the_old_shapes() -> None:
    with shop() as s:
        subscription = s.subscription(s.customer())
        known = {event["type"]: event["id"] for event in s.stripe.events()}

        def old(name: str) -> Any:
            body, headers = s.stripe.signed(known[name], api_version="2024-06-20")
            event = s.client.construct_event(body, headers["Stripe-Signature"], s.stripe.endpoint_secret)
            assert event.api_version == "2024-06-20"
            return event.data.object

        created, invoice, charge = old("customer.subscription.created"), old("invoice.paid"), old("charge.succeeded")
        end = s.again(subscription)["items"].data[0].current_period_end
        assert created.current_period_end == end
        assert not hasattr(created["items"].data[0], "current_period_end")
        assert (invoice.subscription, invoice.paid, invoice.charge) == (subscription.id, True, charge.id)
        assert not hasattr(invoice, "parent")
        assert charge.invoice == invoice.id


def test_an_event_says_how_things_were_then() -> None:
    with shop() as s:
        s.client.v1.prices.update(s.pack, {"nickname": "first"})
        s.client.v1.prices.update(s.pack, {"nickname": "second"})
        assert [one["data"]["object"]["nickname"] for one in s.stripe.events("price.updated")] == ["first", "second"]


def test_live_mode_and_foreign_events_can_be_played() -> None:
    with shop() as s, receiver(s) as there:
        s.stripe.rules(livemode=True)
        s.stripe.emit("invoice.paid", value={"id": "in_foreign", "object": "invoice", "customer": "cus_foreign"})
        s.stripe.flush()
        event = there.arrived[0]
        assert (event.livemode, event.data.object.customer) == (True, "cus_foreign")


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    kept = tmp_path / "sandbox.json"
    with shop(state=kept) as s:
        s.stripe.endpoint("http://127.0.0.1:9/")
        s.stripe.pause()
        subscription = s.subscription(s.customer())
        key = {"idempotency_key": "once"}
        made = s.client.v1.customers.create({"name": "Bob"}, key).id
        events, card = len(s.stripe.events()), s.card_of(str(subscription.customer))
        s.stripe.card_does(card, "declined")
    with sandbox(state=kept) as again:
        client = client_of(again)
        assert client.v1.customers.create({"name": "Bob"}, key).id == made
        assert (len(again.events()), again.now) == (events, NEW_YEAR)
        assert any(parcel["state"] == "waiting" or parcel["attempts"] for parcel in again.attempts())
        again.advance(days=32)
        assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"


def test_it_runs_by_itself_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    kept, port = tmp_path / "state.json", tmp_path / "port"
    hooks = "http://127.0.0.1:9/hooks/"
    command = [sys.executable, "-m", "tests.fakes.stripe", "--port-file", port, "--state", kept, "--endpoint", hooks]
    found: list[list[str]] = []
    for _time in range(2):
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            client = StripeClient(SECRET_KEY, base_addresses={"api": process.stdout.readline().strip()})
            if not found:
                client.v1.customers.create({"name": "Ada"})
            found.append([one.id for one in client.v1.customers.list().data])
            assert [one.url for one in client.v1.webhook_endpoints.list().data] == [hooks]
        finally:
            process.terminate()
            process.communicate(timeout=10)
        assert process.returncode == 0
    assert found[0] == found[1]


def _customer_made(s: Any) -> str:
    """A customer; the id of the event that says so."""
    s.client.v1.customers.create({"name": "Ada"})
    return str(s.stripe.events("customer.created")[-1]["id"])
