"""Setup intents: a card saved without paying."""

from tests.fakes.stripe import cards, payment_methods, products
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object, shown
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """A wish to save a card, confirmed at once when asked."""
    customer = params.get("customer")
    if customer:
        world.get("customer", customer, "customer")
    blank: Object = dict.fromkeys(("application", "cancellation_reason", "description", "last_setup_error"))
    blank |= dict.fromkeys(("latest_attempt", "mandate", "next_action", "on_behalf_of", "payment_method"))
    intent = world.new("setup_intent", "seti_", **blank, customer=customer, usage=params.get("usage", "off_session"))
    intent |= {
        "automatic_payment_methods": params.get("automatic_payment_methods"),
        "client_secret": f"{intent['id']}_secret_{world.store.identifier('', 16)}",
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }
    products.change(intent, params, ("metadata", "description"))
    world.emit("setup_intent.created", intent)
    if params.get("confirm") or params.get("payment_method"):
        return confirm(world, params, intent["id"])
    return intent


def confirm(world: World, params: Params, identifier: str) -> Object:
    """Save the card. Raises Refused (402) when its bank refuses."""
    intent = world.get("setup_intent", identifier)
    named = params.get("payment_method") or intent["payment_method"]
    if not named:
        raise invalid("You cannot confirm this SetupIntent because it's missing a payment method.", "payment_method")
    method = payment_methods.named(world, named)
    verdict = save(world, intent, method)
    if not verdict.paid and not verdict.asks:
        raise verdict.refusal(setup_intent=shown(intent))
    return intent


def save(world: World, intent: Object, method: Object, confirmed: bool | None = None) -> cards.Verdict:
    """Ask the bank whether the card may be kept; `confirmed` is what its owner answered there."""
    verdict = cards.saved(method["_behaviour"])
    if verdict.paid and method["_behaviour"] in {cards.ALWAYS_ASKS, cards.ASKS_ONCE} and not confirmed:
        verdict = cards.ASKS if confirmed is None else cards.NOT_CONFIRMED
    if verdict.asks:
        intent |= {"status": "requires_action", "payment_method": method["id"]}
        world.emit("setup_intent.requires_action", intent)
    elif verdict.paid:
        method["_set_up"] = True
        intent |= {"status": "succeeded", "payment_method": method["id"], "last_setup_error": None}
        if intent["customer"]:
            payment_methods.keep(world, method, intent["customer"])
        world.emit("setup_intent.succeeded", intent)
    else:
        error = {"code": verdict.code, "decline_code": verdict.decline_code, "message": verdict.message}
        intent |= {"status": "requires_payment_method", "last_setup_error": error | {"type": "card_error"}}
        world.emit("setup_intent.setup_failed", intent)
    return verdict


def cancel(world: World, params: Params, identifier: str) -> Object:
    """Give it up."""
    intent = world.get("setup_intent", identifier)
    if intent["status"] in {"succeeded", "canceled"}:
        raise invalid(
            f"You cannot cancel this SetupIntent because it has a status of {intent['status']}.",
            code="setup_intent_unexpected_state",
        )
    intent |= {"status": "canceled", "cancellation_reason": params.get("cancellation_reason")}
    world.emit("setup_intent.canceled", intent)
    return intent
