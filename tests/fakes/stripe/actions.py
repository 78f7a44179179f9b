"""What tests and the console do beside the API: pay, move the clock, spoil deliveries; `/_sandbox/…` by name."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.fakes.stripe import (
    cards,
    checkout,
    disputes,
    payment_methods,
    refunds,
    renewals,
    slow_payments,
    webhook_endpoints,
)
from tests.fakes.stripe.calendar import seconds_of
from tests.fakes.stripe.faults import Fault
from tests.fakes.stripe.parcels import DeliveryFault
from tests.fakes.stripe.rendering import shown
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

Body = dict[str, Any]
NAMED_CARD = "pm_card_visa"


def pay(world: World, body: Body) -> Object:
    """Press "Pay" on a checkout page. `card`: a test token or a saved card; `confirmed`: the answer to their bank."""
    session = world.get("checkout.session", body["session"])
    card, confirmed = body.get("card", NAMED_CARD), body.get("confirmed", True)
    verdict = checkout.submit(world, session, card, email=body.get("email", ""))
    if verdict.asks and confirmed is not None:
        verdict = checkout.submit(world, session, card, confirmed=confirmed, email=body.get("email", ""))
    leads = checkout.success_url(session) if verdict.paid else ""
    return {"paid": verdict.paid, "code": verdict.code, "decline_code": verdict.decline_code, "leads_to": leads}


def settle(world: World, body: Body) -> Object:
    """The bank answers a debit now: the money `comes`, or does not."""
    return slow_payments.settle(world, world.get("checkout.session", body["session"]), body.get("comes"))


def give_up(world: World, body: Body) -> Object:
    """Go back without paying: nothing happens, the session stays open."""
    return {"leads_to": checkout.give_up_url(world.get("checkout.session", body["session"]))}


def advance(world: World, body: Body) -> Object:
    """Move the clock on: `to` a moment, or by days, hours, minutes, seconds."""
    span = {name: value for name, value in body.items() if name != "to"}
    moment = int(body["to"]) if "to" in body else world.now + seconds_of(**span)
    return {"due": renewals.advance(world, moment), "now": world.now}


def clock(world: World, body: Body) -> Object:
    """The time; `freeze` makes it stand at a moment."""
    if "freeze" in body:
        world.clock.freeze(int(body["freeze"]))
    return {"now": world.now, "frozen": world.clock.frozen is not None}


def refund(world: World, body: Body) -> Object:
    """Refund a charge or a payment intent from the dashboard."""
    name = "charge" if body["of"].startswith("ch_") else "payment_intent"
    asked = {name: body["of"]} | {key: body[key] for key in ("amount", "reason") if body.get(key) is not None}
    return refunds.create(world, asked)


def fail_refund(world: World, body: Body) -> Object:
    """The bank sends a refund back."""
    return refunds.fail(world, world.get("refund", body["refund"]))


def open_dispute(world: World, body: Body) -> Object:
    """A customer disputes a charge (or what a payment intent charged)."""
    of = body["of"]
    charge = of if of.startswith("ch_") else world.get("payment_intent", of)["latest_charge"]
    return disputes.open_for(world, world.get("charge", charge), body.get("reason", "fraudulent"), body.get("amount"))


def close_dispute(world: World, body: Body) -> Object:
    """The bank decides: won or lost."""
    return disputes.decide(world, world.get("dispute", body["dispute"]), body["outcome"])


def card(world: World, body: Body) -> Object:
    """What a saved card does from now on: good, declined, insufficient_funds, fails_later, asks, asks_once."""
    method = world.get("payment_method", body["card"])
    if body["does"] not in cards.BEHAVIOURS:
        raise ValueError(f"a card is one of {', '.join(cards.BEHAVIOURS)}")
    method["_behaviour"] = body["does"]
    world.writes += 1
    return method


def renew_card(world: World, body: Body) -> Object:
    """The bank sends its owner a new card."""
    return payment_methods.renew(world, world.get("payment_method", body["card"]))


def endpoint(world: World, body: Body) -> Object:
    """Send events to `url`; `api_version` decides their shape, `secret` signs them."""
    secret = body.get("secret") or world.endpoint_secret
    made = webhook_endpoints.make(world, body["url"], body.get("events") or ["*"], body.get("api_version"), secret)
    return made | {"secret": secret}


def rules(world: World, body: Body) -> Object:
    """Set what a dashboard sets, see world.Rules; `backoff` is the seconds between attempts of a delivery."""
    if "backoff" in body:
        world.delivery.backoff = tuple(body.pop("backoff"))
    world.writes += 1
    return world.set_rules(body)


def objects(world: World, body: Body) -> Object:
    """All objects of a kind, oldest first, or the one with an id."""
    if "id" in body:
        found = world.store.find(body["id"])
        return {"objects": [found] if found else []}
    return {"objects": world.store.all(body["kind"])}


def emit(world: World, body: Body) -> Object:
    """An event that nothing caused: of an object here, or of one that does not exist (`object`)."""
    one = body.get("object") or world.store.find(body["id"]) or {}
    return world.emit(body["type"], one, body.get("previous"))


def signed(world: World, body: Body) -> Object:
    """An event's body and headers as an endpoint gets them; `wrong` or `old` spoil the signature."""
    endpoints = world.store.all("webhook_endpoint")
    event = world.get("event", body["event"])
    fault = "wrong_signature" if body.get("wrong") else "old_timestamp" if body.get("old") else ""
    target = world.store.find(body.get("endpoint")) or (endpoints[0] if endpoints else None)
    target = target or {"api_version": None, "_secret": world.endpoint_secret}
    target = target | {"api_version": body.get("api_version") or target["api_version"]}
    text, headers = world.delivery.signed(event, target, fault)
    return {"body": text.decode(), "headers": headers}


def fault(world: World, body: Body) -> Object:
    """Script a fault of the API, see faults.Fault."""
    world.faults.add(Fault(**body))
    return {"faults": world.faults.listed()}


def delivery_fault(world: World, body: Body) -> Object:
    """Script a fault of deliveries, see parcels.DeliveryFault."""
    world.delivery.fault(DeliveryFault(**body))
    return {}


def chaos(world: World, body: Body) -> Object:
    """Every event suffers these faults with these probabilities, drawn from `seed`."""
    world.delivery.clear(body.get("shares"), body.get("seed", 0))
    return {}


def clear_faults(world: World, _body: Body) -> Object:
    """Nothing goes wrong any more, with calls or with deliveries."""
    world.faults.clear()
    world.delivery.clear()
    return {}


def attempts(world: World, body: Body) -> Object:
    """What became of every parcel, or of an event's."""
    return {"parcels": [asdict(one) for one in world.delivery.parcels(body.get("event", ""))]}


def calls(world: World, body: Body) -> Object:
    """Every call of the API; `forget` counts from nothing."""
    found = world.calls.listed()
    if body.get("forget"):
        world.calls.forget()
    return {"calls": found}


LOCKED: dict[str, Callable[[World, Body], Object]] = {
    "pay": pay, "give_up": give_up,
    "settle": settle, "advance": advance, "clock": clock, "refund": refund, "fail_refund": fail_refund,
    "open_dispute": open_dispute, "close_dispute": close_dispute, "card": card, "renew_card": renew_card,
    "endpoint": endpoint, "rules": rules, "objects": objects, "emit": emit, "signed": signed, "fault": fault,
    "delivery_fault": delivery_fault, "chaos": chaos, "clear_faults": clear_faults, "attempts": attempts,
    "calls": calls,
}  # fmt: skip


def flush(world: World, body: Body) -> Object:
    """Wait until every event has arrived or was given up. Raises TimeoutError."""
    world.delivery.flush(body.get("seconds", 10.0))
    return {}


def deliver(world: World, body: Body) -> Object:
    """Send an event now, once more if it was sent before."""
    return {"attempts": [asdict(one) for one in world.delivery.deliver(body["event"])]}


def pause(world: World, body: Body) -> Object:
    """Send nothing (`paused` true), or go on."""
    world.delivery.pause(paused=body.get("paused", True))
    return {}


FREE: dict[str, Callable[[World, Body], Object]] = {"flush": flush, "deliver": deliver, "pause": pause}


def act(world: World, name: str, body: Body) -> Object:
    """Do what `/_sandbox/<name>` asks. Raises KeyError for no such order, Refused or ValueError for what cannot be."""
    if name in FREE:
        return FREE[name](world, body)
    with world.lock:
        renewals.catch_up(world)
        found: Object = shown(LOCKED[name](world, body), world.store)
        return found
