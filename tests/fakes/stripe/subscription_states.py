"""What a subscription becomes: active when its invoice is paid, past due when not, canceled at last."""

from typing import Any

from tests.fakes.stripe.calendar import DAY, seconds_of
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

OVER = frozenset({"canceled", "incomplete_expired"})
PATIENCE = seconds_of(hours=23)  # how long a first payment, or one for a pending update, may take


def of_invoice(world: World, invoice: Object) -> Object | None:
    """The subscription that an invoice is for."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return world.store.find(details.get("subscription"), "subscription")


def schedule(world: World, subscription: Object) -> None:
    """Remember when its period ends, its trial is about to, and when it is to be canceled."""
    end = period(subscription)[1]
    world.agenda.add(end, "subscription.period", subscription["id"])
    if subscription["trial_end"] and subscription["status"] == "trialing":
        warned = max(subscription["trial_end"] - 3 * DAY, world.now)
        world.agenda.add(warned, "subscription.trial_will_end", subscription["id"])
    if subscription["cancel_at"] and subscription["cancel_at"] != end:
        world.agenda.add(subscription["cancel_at"], "subscription.cancel_at", subscription["id"])


def period(subscription: Object) -> tuple[int, int]:
    """The period that all its items share: start and end."""
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


def set_period(subscription: Object, start: int, end: int) -> None:
    """Give all its items that period."""
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": end}


def paid(world: World, invoice: Object) -> None:
    """Its invoice is paid: what waited for that happens."""
    subscription = of_invoice(world, invoice)
    if subscription is None or subscription["status"] in OVER:
        return
    waits = subscription.get("_pending") or {}
    if waits.get("invoice") == invoice["id"]:
        apply_pending(world, subscription)
    elif subscription["latest_invoice"] == invoice["id"] and subscription["status"] in {
        "incomplete", "past_due", "unpaid",
    }:  # fmt: skip
        with world.changing(subscription):
            subscription["status"] = "active"


def failed(world: World, invoice: Object) -> None:
    """Its invoice was not paid: past due, and after the last attempt what the rules say."""
    subscription = of_invoice(world, invoice)
    if subscription is None or subscription["status"] in OVER or subscription.get("_pending"):
        return
    if subscription["status"] == "active":
        with world.changing(subscription):
            subscription["status"] = "past_due"
    if subscription["status"] == "past_due" and invoice["next_payment_attempt"] is None:
        _give_up(world, subscription, invoice)


def _give_up(world: World, subscription: Object, invoice: Object) -> None:
    tried_all = invoice["attempt_count"] > len(world.rules.retry_days)
    if not tried_all or world.rules.after_retries == "past_due":
        return
    if world.rules.after_retries == "cancel":
        end(world, subscription, "payment_failed")
    else:
        with world.changing(subscription):
            subscription["status"] = "unpaid"


def end(world: World, subscription: Object, reason: str, status: str = "canceled") -> None:
    """It is over."""
    details = {"reason": reason if status == "canceled" else None}
    subscription["cancellation_details"] = subscription["cancellation_details"] | details
    before = {"status": subscription["status"]}
    subscription |= {"status": status, "ended_at": world.now, "pending_update": None, "_pending": None}
    subscription["canceled_at"] = subscription["canceled_at"] or world.now
    for invoice in world.store.all("invoice"):
        if of_invoice(world, invoice) is subscription and invoice["status"] in {"draft", "open"}:
            invoice |= {"auto_advance": False, "next_payment_attempt": None}
    if status == "incomplete_expired":
        world.emit("customer.subscription.updated", subscription, before)
    else:
        world.emit("customer.subscription.deleted", subscription)


def pause(world: World, subscription: Object) -> None:
    """A trial ended without a card: nothing is invoiced until it is resumed."""
    before = {"status": subscription["status"]}
    subscription["status"] = "paused"
    world.emit("customer.subscription.updated", subscription, before)
    world.emit("customer.subscription.paused", subscription)


def postpone(world: World, subscription: Object, change: Object, invoice: Object) -> None:
    """The change waits until its invoice is paid, 23 hours at most."""
    from_items = [{name: item[name] for name in ("id", "price", "quantity")} for item in change["items"]["data"]]
    with world.changing(subscription):
        subscription["latest_invoice"] = invoice["id"]
        subscription["pending_update"] = {
            "billing_cycle_anchor": None,
            "expires_at": world.now + PATIENCE,
            "subscription_items": [{"object": "subscription_item", **item} for item in from_items],
            "trial_end": None,
            "trial_from_plan": None,
        }
    subscription["_pending"] = {"invoice": invoice["id"], "change": change}
    world.agenda.add(world.now + PATIENCE, "subscription.pending_update", subscription["id"])


def apply_pending(world: World, subscription: Object) -> None:
    """What waited for a payment happens now."""
    waits: dict[str, Any] = subscription["_pending"]
    late = subscription["pending_update"] is not None
    with world.changing(subscription):
        subscription |= waits["change"]
        subscription |= {"pending_update": None, "_pending": None, "latest_invoice": waits["invoice"]}
    schedule(world, subscription)
    if late:
        world.emit("customer.subscription.pending_update_applied", subscription)
