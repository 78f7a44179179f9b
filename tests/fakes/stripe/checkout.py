"""Checkout sessions: what is to be paid on Stripe's page, and what paying it makes."""

from tests.fakes.stripe import (
    cards,
    payment_intents,
    payment_methods,
    prices,
    products,
    setup_intents,
    slow_payments,
    subscriptions,
)
from tests.fakes.stripe.calendar import DAY, seconds_of
from tests.fakes.stripe.cards import Verdict
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

SOONEST, LATEST = seconds_of(minutes=30), DAY
BLANK = (
    "adaptive_pricing", "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret",
    "cancel_url", "client_reference_id", "collected_information", "consent", "consent_collection",
    "currency_conversion", "customer_email", "invoice", "locale", "origin_context", "payment_intent", "payment_link",
    "payment_method_collection", "recovered_from", "return_url", "setup_intent", "shipping_address_collection",
    "shipping_cost", "submit_type", "subscription", "success_url", "wallet_options",
)  # fmt: skip
KEPT = ("cancel_url", "client_reference_id", "customer_email", "locale", "submit_type", "success_url")


def create(world: World, params: Params) -> Object:
    """A page to pay on."""
    mode = params.get("mode")
    if mode not in {"payment", "subscription", "setup"}:
        raise invalid("You must provide `mode`: payment, subscription or setup.", "mode", "parameter_missing")
    subscriptions.refuse_unmodelled(params)
    if not params.get("success_url"):
        raise invalid("You must provide a success_url.", "success_url", "parameter_missing")
    customer = world.get("customer", params["customer"], "customer") if params.get("customer") else None
    if customer and params.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer_email")
    lines = _lines(world, params, mode)
    total = sum(line["amount_total"] for line in lines)
    session = world.new("checkout.session", _prefix(world), **dict.fromkeys(BLANK))
    session |= {name: params[name] for name in KEPT if name in params}
    session |= {
        "amount_subtotal": total if lines else None,
        "amount_total": _due_today(params, lines, mode) if lines else None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "currency": lines[0]["currency"] if lines else params.get("currency"),
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": customer and customer["id"],
        "customer_creation": None if customer else params.get("customer_creation", _creation(mode)),
        "customer_details": None,
        "expires_at": _expiry(world, params),
        "metadata": {name: str(value) for name, value in (params.get("metadata") or {}).items()},
        "mode": mode,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid" if mode != "setup" else "no_payment_required",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{world.url}/c/pay/{session['id']}",
        "_line_items": listed(lines, f"/v1/checkout/sessions/{session['id']}/line_items"),
        "_data": params.get({"payment": "payment_intent_data", "subscription": "subscription_data"}.get(mode, ""))
        or params.get("setup_intent_data")
        or {},
    }
    world.agenda.add(session["expires_at"], "checkout.expire", session["id"])
    return session


def _prefix(world: World) -> str:
    return "cs_live_" if world.rules.livemode else "cs_test_"


def _creation(mode: str) -> str | None:
    return "if_required" if mode == "payment" else None


def _expiry(world: World, params: Params) -> int:
    asked = params.get("expires_at")
    if asked and not SOONEST - 60 <= asked - world.now <= LATEST + 60:
        raise invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", "expires_at")
    return int(asked or world.now + LATEST)


def _lines(world: World, params: Params, mode: str) -> list[Object]:
    found = []
    for position, asked in enumerate(params.get("line_items") or []):
        param = f"line_items[{position}][price]"
        described = asked.get("price_data")
        price = prices.inline(world, described) if described else world.get("price", asked.get("price"), param)
        if not price["active"]:
            raise invalid("The price specified is inactive. This field only accepts active prices.", param)
        if mode == "payment" and price["recurring"]:
            raise invalid("You specified `payment` mode but passed a recurring price.", param)
        found.append(_line(world, price, asked.get("quantity", 1)))
    if (mode == "setup") == bool(found):
        raise invalid("`line_items` are required in `payment` and `subscription` mode only.", "line_items")
    if mode == "subscription" and not any(line["price"]["recurring"] for line in found):
        raise invalid("You must provide at least one recurring price in `subscription` mode.", "line_items")
    if len({line["currency"] for line in found}) > 1:
        raise invalid("All line items must have the same currency.", "line_items")
    return found


def _line(world: World, price: Object, quantity: int) -> Object:
    amount = prices.amount_of(price, quantity)
    return {
        "id": world.store.identifier("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": world.get("product", price["product"])["name"],
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }


def _due_today(params: Params, lines: list[Object], mode: str) -> int:
    data = params.get("subscription_data") or {}
    trial = mode == "subscription" and (data.get("trial_period_days") or data.get("trial_end"))
    return sum(line["amount_total"] for line in lines if not (trial and line["price"]["recurring"]))


def line_items(world: World, _params: Params, identifier: str) -> Object:
    """What is bought."""
    found: Object = world.get("checkout.session", identifier)["_line_items"]
    return found


def update(world: World, params: Params, identifier: str) -> Object:
    """Other metadata."""
    session = world.get("checkout.session", identifier)
    products.change(session, params, ("metadata",))
    return session


def expire(world: World, _params: Params, identifier: str) -> Object:
    """Nobody can pay it any more."""
    session = world.get("checkout.session", identifier)
    if session["status"] != "open":
        raise invalid(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
        )
    session |= {"status": "expired", "url": None}
    world.emit("checkout.session.expired", session)
    return session


def submit(world: World, session: Object, card: str, *, confirmed: bool | None = None, email: str = "") -> Verdict:
    """Somebody presses "Pay" with a test card (or one they saved). The verdict `asks` when their bank wants them first.

    Raises Refused (400) when the session is not open.
    """
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    method = payment_methods.named(world, card)
    if method["type"] != "card" and session["mode"] != "payment":
        raise invalid("The sandbox takes bank debits for single payments only.", "payment_method")
    customer = _customer(world, session, email)
    if session["mode"] == "setup":
        verdict = _set_up(world, session, method, confirmed)
    elif session["mode"] == "payment":
        verdict = _paid_once(world, session, method, customer, confirmed)
    else:
        verdict = _subscribed(world, session, method, customer, confirmed)
    if verdict.paid:
        _complete(world, session, method, customer, email)
    return verdict


def _customer(world: World, session: Object, email: str) -> Object | None:
    if session["customer"]:
        return world.get("customer", session["customer"])
    return {"email": email or session["customer_email"], "name": None} if email or session["customer_email"] else None


def _made(world: World, session: Object, customer: Object | None) -> Object:
    """The customer that this session pays for: theirs, or a new one."""
    from tests.fakes.stripe import customers

    if session["customer"]:
        return world.get("customer", session["customer"])
    made = customers.create(world, {"email": (customer or {}).get("email") or "visitor@example.com"})
    session["customer"] = made["id"]
    return made


def _set_up(world: World, session: Object, method: Object, confirmed: bool | None) -> Verdict:
    intent = world.store.find(session["setup_intent"])
    if intent is None:
        asked = {"customer": session["customer"], "metadata": session["_data"].get("metadata") or {}}
        intent = setup_intents.create(world, asked)
        session["setup_intent"] = intent["id"]
    return setup_intents.save(world, intent, method, confirmed)


def _paid_once(
    world: World, session: Object, method: Object, customer: Object | None, confirmed: bool | None
) -> Verdict:
    intent = world.store.find(session["payment_intent"])
    if intent is None:
        if session["customer_creation"] == "always":
            _made(world, session, customer)
        data = session["_data"]
        intent = payment_intents.make(
            world, session["amount_total"], session["currency"], session["customer"], data.get("metadata")
        )
        intent |= {name: data[name] for name in ("description", "setup_future_usage") if name in data}
        session["payment_intent"] = intent["id"]
        world.emit("payment_intent.created", intent)
    if method["type"] != "card":
        slow_payments.begin(world, session, intent, method)
        return cards.YES
    return payment_intents.attempt(world, intent, method, off_session=False, confirmed=confirmed)


def _subscribed(
    world: World, session: Object, method: Object, customer: Object | None, confirmed: bool | None
) -> Verdict:
    verdict = cards.charged(method["_behaviour"], off_session=False, set_up=False)
    if verdict.asks and confirmed is not None:
        verdict = cards.YES if confirmed else cards.NOT_CONFIRMED
    if verdict.asks:
        return verdict
    buyer = _made(world, session, customer)
    if not verdict.paid:
        _record_refusal(world, session, method, buyer, confirmed)
        return verdict
    data = session["_data"]
    bought = [(line["price"], line["quantity"]) for line in session["_line_items"]["data"]]
    days = data.get("trial_period_days")
    method["_set_up"] = True
    payment_methods.keep(world, method, buyer["id"])
    subscription = subscriptions.begin(
        world,
        subscriptions.Start(
            customer=buyer,
            items=[one for one in bought if one[0]["recurring"]],
            once=[one for one in bought if not one[0]["recurring"]],
            method=method,
            trial_end=data.get("trial_end") or (world.now + days * DAY if days else None),
            missing_card=((data.get("trial_settings") or {}).get("end_behavior") or {}).get(
                "missing_payment_method", "create_invoice"
            ),
            metadata=data.get("metadata") or {},
            confirmed=True,
        ),
    )
    session |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    return verdict


def _record_refusal(world: World, session: Object, method: Object, buyer: Object, confirmed: bool | None) -> None:
    """The bank was asked and said no: that charge is in the books, a subscription is not."""
    intent = payment_intents.make(world, session["amount_total"], session["currency"], buyer["id"])
    world.emit("payment_intent.created", intent)
    payment_intents.attempt(world, intent, method, off_session=False, confirmed=confirmed)


def _complete(world: World, session: Object, method: Object, customer: Object | None, email: str) -> None:
    owner = world.store.find(session["customer"]) or customer or {}
    session["customer_details"] = {
        "address": method["billing_details"]["address"],
        "business_name": None,
        "email": owner.get("email") or email or None,
        "individual_name": None,
        "name": owner.get("name"),
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    free = session["mode"] == "setup" or not session["amount_total"]
    paid = "paid" if method["type"] == "card" else "unpaid"
    session |= {"status": "complete", "url": None, "payment_status": "no_payment_required" if free else paid}
    world.emit("checkout.session.completed", session)


def give_up_url(session: Object) -> str:
    """Where "go back" leads."""
    return str(session["cancel_url"] or session["success_url"])


def success_url(session: Object) -> str:
    """Where paying leads, with the session's id in its place."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", str(session["id"]))
