"""A subscription changed in the middle of a period: what is due now, what later, what if it is not paid."""

from dataclasses import dataclass

from tests.fakes.stripe import invoice_lines, invoices, subscription_items, subscription_states, subscriptions
from tests.fakes.stripe.calendar import period_end
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object, copied
from tests.fakes.stripe.world import World

# With `pending_if_incomplete` only what can wait for a payment may change: not metadata, card or cancellation.
CAN_WAIT = frozenset(
    [
        "items",
        "expand",
        "payment_behavior",
        "proration_behavior",
        "proration_date",
        "billing_cycle_anchor",
        "trial_end",
        "trial_from_plan",
        "off_session",
    ]  # one list of words
)


@dataclass
class Change:
    """The subscription as it will be, what the change puts on an invoice, and whether that invoice comes now."""

    after: Object
    lines: list[Object]
    at: int
    restarts: bool
    now: bool


def update(world: World, params: Params, identifier: str) -> Object:
    """Another price, quantity, card, end… Raises Refused for what cannot be, or is not paid."""
    subscription = subscriptions.alive(world, identifier)
    subscriptions.refuse_unmodelled(params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    unfit = sorted(params.keys() - CAN_WAIT)
    if behavior == "pending_if_incomplete" and unfit:
        raise invalid(
            "When `payment_behavior` is `pending_if_incomplete`, only parameters supported by pending updates can be "
            f"changed; not supported: {', '.join(unfit)}.",
            unfit[0],
        )
    if not {"items", "trial_end", "billing_cycle_anchor"} & params.keys():
        with world.changing(subscription):
            subscriptions.set_plain(subscription, world, params)
        return subscription
    change = planned(world, subscription, params)
    if change.now and behavior == "error_if_incomplete":
        _refuse_if_declined(world, subscription, change)
    if change.now and (change.lines or change.restarts):
        _invoice_now(world, subscription, change, params, behavior)
    else:
        customer = world.get("customer", subscription["customer"])
        with world.changing(subscription):
            _apply(subscription, change)
            subscriptions.set_plain(subscription, world, params)
        for line in change.lines:
            invoices.keep_waiting(world, customer, line, subscription)
        subscription_states.schedule(world, subscription)
    return subscription


def planned(world: World, subscription: Object, params: Params) -> Change:
    """What the parameters of an update (or of a preview of one) would do, without doing it."""
    after: Object = copied(subscription)
    at = params.get("proration_date") or world.now
    start, end = subscription_states.period(subscription)
    if not start <= at <= max(end, start):
        raise invalid("Invalid proration_date: it must be within the current period.", "proration_date")
    if params.get("items"):
        after["items"]["data"] = subscription_items.changed(world, subscription["items"]["data"], params["items"])
        after["items"]["total_count"] = len(after["items"]["data"])
    old_rhythm, new_rhythm = _rhythm(subscription), _rhythm(after)
    ends_trial = params.get("trial_end") == "now" and subscription["status"] == "trialing"
    asked_anchor = params.get("billing_cycle_anchor")
    restarts = ends_trial or asked_anchor == "now" or old_rhythm != new_rhythm
    if isinstance(params.get("trial_end"), int):
        _extend_trial(after, params["trial_end"])
    behavior = params.get("proration_behavior", "create_prorations")
    prorates = behavior != "none" and subscription["status"] != "trialing"
    lines = _lines(world, subscription, after, at, restarts=restarts) if prorates else []
    if restarts and subscription["status"] in {"active", "past_due", "trialing"}:
        after |= {"billing_cycle_anchor": world.now, "status": "active"}
        after["trial_end"] = world.now if ends_trial else after["trial_end"]
        subscription_states.set_period(after, world.now, period_end(world.now, world.now, *new_rhythm))
        lines += subscription_items.first_lines(world, after, [])
    return Change(after, lines, at, restarts, now=restarts or behavior == "always_invoice")


def _lines(world: World, before: Object, after: Object, at: int, *, restarts: bool) -> list[Object]:
    """Prorations of the items that differ; when the period begins anew, credits alone."""
    found: list[Object] = []
    items = {item["id"]: item for item in after["items"]["data"]}
    for old in before["items"]["data"]:
        new = items.pop(old["id"], None)
        same = new and (new["price"]["id"], new["quantity"]) == (old["price"]["id"], old["quantity"])
        if restarts or not same:
            found += invoice_lines.of_change(world, before, old, None if restarts else new, at)
    if not restarts:
        for added in items.values():
            found += invoice_lines.of_change(world, before, added, added, at)[1:]
    return found


def _rhythm(subscription: Object) -> tuple[str, int]:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _extend_trial(after: Object, trial_end: int) -> None:
    start, _end = subscription_states.period(after)
    after |= {"trial_end": trial_end, "billing_cycle_anchor": trial_end, "status": "trialing"}
    after["trial_start"] = after["trial_start"] or start
    subscription_states.set_period(after, start, trial_end)


def _apply(subscription: Object, change: Change) -> None:
    subscription |= {
        name: change.after[name] for name in ("items", "billing_cycle_anchor", "trial_end", "trial_start", "status")
    }


def _invoice_now(world: World, subscription: Object, change: Change, params: Params, behavior: str) -> None:
    customer = world.get("customer", subscription["customer"])
    taken = [*invoices.waiting(world, customer["id"], subscription["id"]), *change.lines]
    invoice = invoices.draft(
        world, customer, subscription["currency"], taken, reason="subscription_update", subscription=change.after
    )
    pending = {
        name: change.after[name] for name in ("items", "billing_cycle_anchor", "trial_end", "trial_start", "status")
    }
    if behavior == "pending_if_incomplete":
        # Until it is paid nothing changes; `paid` finds what waits for this invoice, and what fails leaves it waiting.
        subscription["_pending"] = {"invoice": invoice["id"], "change": pending}
    else:
        with world.changing(subscription):
            _apply(subscription, change)
            subscriptions.set_plain(subscription, world, params)
            subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(world, {}, invoice["id"])
    if invoice["status"] == "open" and behavior != "default_incomplete":
        invoices.collect(world, invoice)
    if behavior == "pending_if_incomplete" and invoice["status"] == "open":
        subscription_states.postpone(world, subscription, pending, invoice)
    subscription_states.schedule(world, subscription)


def _refuse_if_declined(world: World, subscription: Object, change: Change) -> None:
    customer = world.get("customer", subscription["customer"])
    named = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    method = world.store.find(named)
    if method and sum(line["amount"] for line in change.lines) > 0:
        subscription_items.refuse_if_declined(method)


def preview(world: World, params: Params) -> Object:
    """The invoice that an update, a new subscription or the next renewal would bring. Nothing is kept."""
    details = params.get("subscription_details") or {}
    if not params.get("subscription"):
        return _preview_new(world, params, details)
    subscription = subscriptions.alive(world, params["subscription"])
    customer = world.get("customer", subscription["customer"])
    waiting = invoices.waiting(world, customer["id"], subscription["id"])
    if not details.get("items"):
        period = subscription_states.period(subscription)
        lines = waiting + ([] if subscription["cancel_at_period_end"] else _next_lines(world, subscription))
        found = invoices.described(
            world,
            customer,
            subscription["currency"],
            lines,
            reason="upcoming",
            subscription=subscription,
            period=period,
        )
        found["created"] = found["next_payment_attempt"] = period[1]
        return found
    change = planned(world, subscription, details)
    lines = waiting + change.lines
    if not change.now:
        lines += _next_lines(world, change.after)
    found = invoices.described(
        world, customer, subscription["currency"], lines, reason="upcoming", subscription=subscription
    )
    found["parent"]["subscription_details"]["subscription_proration_date"] = change.at
    return found


def _next_lines(world: World, subscription: Object) -> list[Object]:
    """The period after this one."""
    following: Object = copied(subscription)
    _start, end = subscription_states.period(following)
    following["status"] = "active"
    until = period_end(following["billing_cycle_anchor"], end, *_rhythm(following))
    subscription_states.set_period(following, end, until)
    return subscription_items.first_lines(world, following, [])


def _preview_new(world: World, params: Params, details: Params) -> Object:
    customer = world.get("customer", params.get("customer"), "customer")
    items = [subscription_items.chosen(world, one) for one in details.get("items") or []]
    if not items:
        raise invalid("You must pass `subscription` or `subscription_details[items]`.", "subscription")
    price = items[0][0]
    end = period_end(world.now, world.now, price["recurring"]["interval"], price["recurring"]["interval_count"])
    made = [subscription_items.make(world, "", *one, period=(world.now, end)) for one in items]
    imagined: Object = {"id": "", "status": "active", "metadata": {}, "items": {"data": made}}
    lines = subscription_items.first_lines(world, imagined, [])
    return invoices.described(world, customer, price["currency"], lines, reason="upcoming")
