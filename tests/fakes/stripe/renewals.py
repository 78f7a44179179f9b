"""What time does: trials end, periods are renewed, payments are tried again, checkouts expire; each at its second."""

from collections.abc import Callable

from tests.fakes.stripe import checkout, invoices, slow_payments, subscription_items, subscription_states
from tests.fakes.stripe.calendar import period_end
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

RUNNING = frozenset({"trialing", "active", "past_due", "unpaid"})


def advance(world: World, moment: int) -> int:
    """Move the clock there; what falls due on the way happens in order, at its own second. How much that was."""
    done = _run(world, moment)
    if moment > world.now:
        world.clock.move(moment)
        world.writes += 1
    world.delivery.nudge()
    return done


def catch_up(world: World) -> int:
    """Do what fell due by itself, for a clock that runs."""
    return _run(world, world.now)


def _run(world: World, moment: int) -> int:
    done = 0
    try:
        while due := world.agenda.take(moment):
            when, _order, what, identifier = due
            world.clock.pin(when)
            one = world.store.find(identifier)
            if one is not None and not one.get("deleted"):
                WHAT[what](world, one)
                done += 1
    finally:
        world.clock.pin(None)
    return done


def _period(world: World, subscription: Object) -> None:
    """A period ends: canceled, paused, or renewed with an invoice that is charged an hour later."""
    _start, end = subscription_states.period(subscription)
    if subscription["status"] not in RUNNING or end > world.now:
        return
    if subscription["cancel_at"] and subscription["cancel_at"] <= world.now:
        subscription_states.end(world, subscription, "cancellation_requested")
        return
    customer = world.get("customer", subscription["customer"])
    card = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    if subscription["status"] == "trialing" and not card:
        missing = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if missing == "pause":
            subscription_states.pause(world, subscription)
            return
        if missing == "cancel":
            subscription_states.end(world, subscription, "cancellation_requested")
            return
    with world.changing(subscription):
        _renew(world, subscription, customer, end)
    subscription_states.schedule(world, subscription)


def _renew(world: World, subscription: Object, customer: Object, end: int) -> None:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    rhythm = recurring["interval"], recurring["interval_count"]
    before = subscription_states.period(subscription)
    subscription["status"] = "active" if subscription["status"] == "trialing" else subscription["status"]
    subscription_states.set_period(subscription, end, period_end(subscription["billing_cycle_anchor"], end, *rhythm))
    waiting = invoices.waiting(world, customer["id"], subscription["id"])
    lines = waiting + subscription_items.first_lines(world, subscription, [])
    invoice = invoices.draft(
        world,
        customer,
        subscription["currency"],
        lines,
        reason="subscription_cycle",
        subscription=subscription,
        period=before,
    )
    subscription["latest_invoice"] = invoice["id"]
    paused = (subscription["pause_collection"] or {}).get("behavior")
    if paused or subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    if paused in {"void", "mark_uncollectible"}:
        invoices.finalize(world, {}, invoice["id"])
        (invoices.void if paused == "void" else invoices.mark_uncollectible)(world, {}, invoice["id"])
    elif invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = world.now + world.rules.finalize_seconds
        world.agenda.add(invoice["automatically_finalizes_at"], "invoice.finalize", invoice["id"])


def _finalize(world: World, invoice: Object) -> None:
    if invoice["status"] != "draft" or not invoice["auto_advance"]:
        return
    invoices.finalize(world, {}, invoice["id"])
    if invoice["status"] == "open":
        invoices.collect(world, invoice)


def _retry(world: World, invoice: Object) -> None:
    if invoice["status"] == "open" and invoice["next_payment_attempt"] == world.now:
        invoices.collect(world, invoice)


def _trial_will_end(world: World, subscription: Object) -> None:
    if subscription["status"] == "trialing" and subscription.get("_warned") != subscription["trial_end"]:
        subscription["_warned"] = subscription["trial_end"]
        world.emit("customer.subscription.trial_will_end", subscription)


def _cancel_at(world: World, subscription: Object) -> None:
    if subscription["status"] not in subscription_states.OVER and subscription["cancel_at"] == world.now:
        subscription_states.end(world, subscription, "cancellation_requested")


def _incomplete(world: World, subscription: Object) -> None:
    if subscription["status"] != "incomplete":
        return
    invoice = world.get("invoice", subscription["latest_invoice"])
    if invoice["status"] == "open":
        invoices.void(world, {}, invoice["id"])
    subscription_states.end(world, subscription, "payment_failed", status="incomplete_expired")


def _pending_update(world: World, subscription: Object) -> None:
    pending = subscription.get("_pending")
    if not pending or subscription["pending_update"]["expires_at"] != world.now:
        return
    invoice = world.get("invoice", pending["invoice"])
    if invoice["status"] == "open":
        invoices.void(world, {}, invoice["id"])
    subscription |= {"pending_update": None, "_pending": None}
    world.emit("customer.subscription.pending_update_expired", subscription)


def _collection(world: World, subscription: Object) -> None:
    if (subscription["pause_collection"] or {}).get("resumes_at") == world.now:
        with world.changing(subscription):
            subscription["pause_collection"] = None


def _expire(world: World, session: Object) -> None:
    if session["status"] == "open" and session["expires_at"] <= world.now:
        checkout.expire(world, {}, session["id"])


def _settle(world: World, session: Object) -> None:
    intent = world.store.find(session["payment_intent"], "payment_intent")
    if intent and intent["status"] == "processing":
        slow_payments.settle(world, session)


WHAT: dict[str, Callable[[World, Object], None]] = {
    "subscription.period": _period,
    "subscription.trial_will_end": _trial_will_end,
    "subscription.cancel_at": _cancel_at,
    "subscription.incomplete": _incomplete,
    "subscription.pending_update": _pending_update,
    "subscription.collection": _collection,
    "invoice.finalize": _finalize,
    "invoice.retry": _retry,
    "checkout.expire": _expire,
    "checkout.settle": _settle,
}
