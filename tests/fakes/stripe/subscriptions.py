"""Subscriptions: begun, changed, canceled, resumed. What time does to them is in `renewals`."""

from dataclasses import dataclass, field

from tests.fakes.stripe import invoices, payment_methods, prices, products, subscription_items, subscription_states
from tests.fakes.stripe.calendar import DAY, period_end
from tests.fakes.stripe.errors import invalid, missing
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

NOT_MODELLED = (
    "billing_schedules", "backdate_start_date", "billing_cycle_anchor_config", "default_tax_rates", "discounts",
    "add_invoice_items", "days_until_due", "transfer_data",
)  # fmt: skip


@dataclass
class Start:
    """What a subscription begins with. `method` is the card that pays; `asks` may be answered by the card's owner."""

    customer: Object
    items: list[tuple[Object, int]]
    once: list[tuple[Object, int]] = field(default_factory=list)
    method: Object | None = None
    trial_end: int | None = None
    missing_card: str = "create_invoice"
    metadata: Object = field(default_factory=dict)
    confirmed: bool | None = None
    behavior: str = "allow_incomplete"


def create(world: World, params: Params) -> Object:
    """A subscription and its first invoice. Raises Refused (402) with `error_if_incomplete`."""
    refuse_unmodelled(params, ("billing_cycle_anchor",))
    customer = world.get("customer", params["customer"], "customer")
    items = [subscription_items.chosen(world, one) for one in params.get("items") or []]
    if not items:
        raise invalid("Missing required param: items.", "items", "parameter_missing")
    named = params.get("default_payment_method")
    method = payment_methods.named(world, named, "default_payment_method") if named else None
    start = Start(
        customer=customer,
        items=items,
        method=method,
        trial_end=_trial_end(world, params, items),
        missing_card=((params.get("trial_settings") or {}).get("end_behavior") or {}).get(
            "missing_payment_method", "create_invoice"
        ),
        metadata=params.get("metadata") or {},
        behavior=params.get("payment_behavior", "allow_incomplete"),
    )
    subscription = begin(world, start)
    if params.get("cancel_at_period_end") or params.get("cancel_at"):
        with world.changing(subscription):
            cancel_later(world, subscription, params)
    return subscription


def begin(world: World, start: Start) -> Object:
    """The subscription with its first invoice; a trial's is free."""
    default = start.method or world.store.find(start.customer["invoice_settings"]["default_payment_method"])
    due = sum(prices.amount_of(*one) for one in (*start.once, *(() if start.trial_end else start.items)))
    if due and not default and start.behavior != "default_incomplete":
        raise invalid(invoices.NO_CARD.message, code="resource_missing")
    if due and start.behavior == "error_if_incomplete" and default:
        subscription_items.refuse_if_declined(default)
    subscription = _made(world, start)
    world.emit("customer.subscription.created", subscription)
    lines = subscription_items.first_lines(world, subscription, start.once)
    invoice = invoices.draft(
        world,
        start.customer,
        subscription["currency"],
        lines,
        reason="subscription_create",
        subscription=subscription,
        period=(world.now, world.now),
    )
    subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(world, {}, invoice["id"])
    if invoice["status"] == "open" and start.behavior != "default_incomplete":
        invoices.collect(world, invoice, confirmed=start.confirmed)
    if subscription["status"] == "incomplete":
        world.agenda.add(world.now + subscription_states.PATIENCE, "subscription.incomplete", subscription["id"])
    subscription_states.schedule(world, subscription)
    return subscription


def _made(world: World, start: Start) -> Object:
    price = start.items[0][0]
    blank: Object = dict.fromkeys(
        ("application", "application_fee_percent", "billing_thresholds", "cancel_at", "canceled_at", "days_until_due",
         "billing_cycle_anchor_config", "default_source", "description", "ended_at", "latest_invoice", "on_behalf_of",
         "next_pending_invoice_item_invoice", "pause_collection", "pending_invoice_item_interval", "schedule",
         "pending_setup_intent", "pending_update", "test_clock", "transfer_data", "trial_end", "trial_start")
    )  # fmt: skip
    subscription = world.new("subscription", "sub_", **blank, customer=start.customer["id"], currency=price["currency"])
    anchor = start.trial_end or world.now
    recurring = price["recurring"]
    end = start.trial_end or period_end(anchor, world.now, recurring["interval"], recurring["interval_count"])
    items = [subscription_items.make(world, subscription["id"], *one, period=(world.now, end)) for one in start.items]
    subscription |= {
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": anchor,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "default_payment_method": start.method["id"] if start.method else None,
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": listed(items, f"/v1/subscription_items?subscription={subscription['id']}")
        | {"total_count": len(items)},
        "metadata": dict(start.metadata),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": world.now,
        "status": "trialing" if start.trial_end else "incomplete",
        "trial_end": start.trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": start.missing_card}},
        "trial_start": world.now if start.trial_end else None,
    }
    return subscription


def cancel(world: World, params: Params, identifier: str) -> Object:
    """End it now; `prorate` gives back what is not used, `invoice_now` settles it at once."""
    subscription = alive(world, identifier)
    details = params.get("cancellation_details") or {}
    subscription["cancellation_details"] |= details
    if params.get("prorate") or params.get("invoice_now"):
        customer = world.get("customer", subscription["customer"])
        if params.get("prorate"):
            subscription_items.credit_all(world, subscription, customer)
        lines = invoices.waiting(world, customer["id"], subscription["id"])
        if params.get("invoice_now") and lines:
            invoice = invoices.draft(
                world,
                customer,
                subscription["currency"],
                lines,
                reason="subscription_update",
                subscription=subscription,
            )
            subscription["latest_invoice"] = invoice["id"]
            invoices.finalize(world, {}, invoice["id"])
            if invoice["status"] == "open":
                invoices.collect(world, invoice)
    subscription_states.end(world, subscription, "cancellation_requested")
    return subscription


def cancel_later(world: World, subscription: Object, params: Params) -> None:
    """End it when its period does, or at a moment; or no longer."""
    end = subscription_states.period(subscription)[1]
    if "cancel_at_period_end" in params:
        ends = params["cancel_at_period_end"]
        subscription |= {"cancel_at_period_end": ends, "cancel_at": end if ends else None}
    elif "cancel_at" in params:
        named = params["cancel_at"]
        moment = end if named in {"min_period_end", "max_period_end"} else named or None
        subscription |= {"cancel_at": moment, "cancel_at_period_end": moment == end}
    asked = subscription["cancel_at"] is not None
    subscription["canceled_at"] = world.now if asked else None
    subscription["cancellation_details"] = subscription["cancellation_details"] | {
        "reason": "cancellation_requested" if asked else None
    }
    subscription_states.schedule(world, subscription)


def resume(world: World, params: Params, identifier: str) -> Object:
    """A paused one goes on: a new period from now, paid at once."""
    subscription = alive(world, identifier)
    if subscription["status"] != "paused":
        raise invalid("This subscription is not paused.", code="subscription_not_paused")
    customer = world.get("customer", subscription["customer"])
    if not world.store.find(
        subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    ):
        raise invalid(invoices.NO_CARD.message, code="resource_missing")
    _ = params
    subscription["billing_cycle_anchor"] = world.now
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    end = period_end(world.now, world.now, recurring["interval"], recurring["interval_count"])
    subscription_states.set_period(subscription, world.now, end)
    lines = subscription_items.first_lines(world, subscription, [])
    invoice = invoices.draft(
        world, customer, subscription["currency"], lines, reason="subscription_update", subscription=subscription
    )
    before = {"status": "paused", "latest_invoice": subscription["latest_invoice"]}
    subscription |= {"latest_invoice": invoice["id"], "status": "active"}
    invoices.finalize(world, {}, invoice["id"])
    if invoice["status"] == "open":
        invoices.collect(world, invoice)
    world.emit("customer.subscription.updated", subscription, before)
    world.emit("customer.subscription.resumed", subscription)
    subscription_states.schedule(world, subscription)
    return subscription


def set_plain(subscription: Object, world: World, params: Params) -> None:
    """What changes no amount: metadata, card, description, collection paused, trial settings."""
    products.change(subscription, params, ("metadata", "description", "pause_collection"))
    if "default_payment_method" in params:
        named = params["default_payment_method"]
        method = payment_methods.named(world, named, "default_payment_method") if named else None
        if method and method["customer"] != subscription["customer"]:
            raise missing("PaymentMethod", named, "default_payment_method", status=400)
        subscription["default_payment_method"] = method and method["id"]
    if params.get("pause_collection"):
        subscription["pause_collection"] = {"resumes_at": None, **params["pause_collection"]}
        if resumes := subscription["pause_collection"]["resumes_at"]:
            world.agenda.add(resumes, "subscription.collection", subscription["id"])
    if "trial_settings" in params:
        subscription["trial_settings"] = params["trial_settings"]
    if "cancel_at_period_end" in params or "cancel_at" in params:
        cancel_later(world, subscription, params)
    if "cancellation_details" in params:
        subscription["cancellation_details"] = subscription["cancellation_details"] | params["cancellation_details"]


def alive(world: World, identifier: str) -> Object:
    """The subscription. Raises Refused for one that is over."""
    subscription = world.get("subscription", identifier)
    if subscription["status"] in subscription_states.OVER:
        raise missing("subscription", identifier)
    return subscription


def refuse_unmodelled(params: Params, further: tuple[str, ...] = ()) -> None:
    """Money that the sandbox would get wrong is refused, loudly. Raises Refused."""
    for name in (*NOT_MODELLED, *further):
        if params.get(name):
            raise invalid(f"The sandbox does not model `{name}`.", name)
    if (params.get("automatic_tax") or {}).get("enabled"):
        raise invalid("The sandbox does not model `automatic_tax`.", "automatic_tax")


def _trial_end(world: World, params: Params, items: list[tuple[Object, int]]) -> int | None:
    if isinstance(params.get("trial_end"), int):
        return int(params["trial_end"])
    days = params.get("trial_period_days")
    if days is None and params.get("trial_from_plan"):
        days = items[0][0]["recurring"]["trial_period_days"]
    return world.now + days * DAY if days else None
