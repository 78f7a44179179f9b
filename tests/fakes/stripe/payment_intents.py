"""Payment intents: one sum to be paid, with as many attempts as it takes."""

from tests.fakes.stripe import cards, charges, payment_methods, products
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object, shown
from tests.fakes.stripe.world import World

CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
FIELDS = ("description", "metadata", "receipt_email", "setup_future_usage")


def create(world: World, params: Params) -> Object:
    """A payment, confirmed at once when asked. Raises Refused (402) when the bank refuses."""
    if params["amount"] < 1:
        raise invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer")
    customer = params.get("customer")
    if customer:
        world.get("customer", customer, "customer")
    intent = make(world, params["amount"], params["currency"].lower(), customer)
    products.change(intent, params, FIELDS)
    world.emit("payment_intent.created", intent)
    if params.get("payment_method"):
        _use(world, intent, params["payment_method"])
    return confirm(world, params, intent["id"]) if params.get("confirm") else intent


def make(world: World, amount: int, currency: str, customer: str | None, metadata: Object | None = None) -> Object:
    """A payment that waits for a card."""
    blank: Object = dict.fromkeys(("application", "canceled_at", "cancellation_reason", "description", "processing"))
    blank |= dict.fromkeys(("last_payment_error", "latest_charge", "next_action", "payment_method", "receipt_email"))
    blank |= dict.fromkeys(("review", "setup_future_usage", "shipping", "statement_descriptor", "transfer_group"))
    intent = world.new("payment_intent", "pi_", **blank, amount=amount, currency=currency, customer=customer)
    intent |= {
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "capture_method": "automatic_async",
        "client_secret": f"{intent['id']}_secret_{world.store.identifier('', 16)}",
        "confirmation_method": "automatic",
        "metadata": dict(metadata or {}),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }
    return intent


def update(world: World, params: Params, identifier: str) -> Object:
    """Another amount or other metadata, until it is paid."""
    intent = world.get("payment_intent", identifier)
    with world.changing(intent):
        products.change(intent, params, (*FIELDS, "amount", "currency"))
    return intent


def confirm(world: World, params: Params, identifier: str) -> Object:
    """Ask the bank. Raises Refused (402) when it says no, or asks its owner while they are away."""
    from tests.fakes.stripe import invoices

    intent = world.get("payment_intent", identifier)
    if params.get("payment_method") and intent["payment_method"] != params["payment_method"]:
        _use(world, intent, params["payment_method"])
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(intent, "confirm")
    if not intent["payment_method"]:
        raise invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", "payment_method")
    off_session = bool(params.get("off_session"))
    method = world.get("payment_method", intent["payment_method"])
    verdict = attempt(world, intent, method, off_session=off_session, waits=not off_session)
    if verdict.paid and intent.get("_invoice"):
        invoices.settle(world, world.get("invoice", intent["_invoice"]))
    if not verdict.paid and (off_session or not verdict.asks):
        raise verdict.refusal(payment_intent=shown(intent), charge=intent["latest_charge"])
    return intent


def attempt(
    world: World,
    intent: Object,
    method: Object,
    *,
    off_session: bool,
    waits: bool = True,
    confirmed: bool | None = None,
) -> cards.Verdict:
    """Ask the bank for it once.

    `confirmed` is what the owner answered where the bank asked them; before they did, the intent waits for them, or
    fails where nobody `waits`.
    """
    verdict = cards.charged(method["_behaviour"], off_session=off_session, set_up=method["_set_up"])
    if verdict.asks and confirmed is not None:
        verdict = cards.YES if confirmed else cards.NOT_CONFIRMED
        method["_set_up"] = method["_set_up"] or confirmed
    intent["payment_method"] = method["id"]
    if verdict.asks and waits:
        intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}}
        world.emit("payment_intent.requires_action", intent)
        return verdict
    charge = charges.make(world, intent, method, verdict)
    intent |= {"latest_charge": charge["id"], "next_action": None}
    if verdict.paid:
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
        if intent["setup_future_usage"] and intent["customer"]:
            method["_set_up"] = True
            payment_methods.keep(world, method, intent["customer"])
        world.emit("payment_intent.succeeded", intent)
    else:
        intent |= {"status": "requires_payment_method", "last_payment_error": _error(verdict, method, charge)}
        intent["payment_method"] = None
        world.emit("payment_intent.payment_failed", intent)
    return verdict


def cancel(world: World, params: Params, identifier: str) -> Object:
    """Give it up."""
    intent = world.get("payment_intent", identifier)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(intent, "cancel")
    reason = params.get("cancellation_reason")
    intent |= {"status": "canceled", "canceled_at": world.now, "cancellation_reason": reason}
    world.emit("payment_intent.canceled", intent)
    return intent


def unexpected(intent: Object, verb: str) -> Exception:
    """What is refused because of the state that it is in."""
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
    )


def _use(world: World, intent: Object, identifier: str) -> None:
    method = payment_methods.named(world, identifier)
    if method["customer"] not in {None, intent["customer"]}:
        raise invalid("The PaymentMethod you provided belongs to another customer.", "payment_method")
    intent |= {"payment_method": method["id"], "status": "requires_confirmation"}


def _error(verdict: cards.Verdict, method: Object, charge: Object) -> Object:
    return {
        "charge": charge["id"],
        "code": verdict.code,
        "decline_code": verdict.decline_code,
        "message": verdict.message,
        "payment_method": shown(method),
        "type": "card_error",
    }
