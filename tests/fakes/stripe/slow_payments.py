"""Payments by bank debit: the checkout is complete at once, the money comes (or does not) three days later."""

from tests.fakes.stripe import charges
from tests.fakes.stripe.calendar import DAY
from tests.fakes.stripe.cards import TOO_LITTLE, YES
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

TOKENS = {"pm_sepa_debit": True, "pm_sepa_debit_fails": False}  # whether the money comes in the end
DAYS = 3


def make(world: World, token: str) -> Object:
    """A bank account, as a payment method."""
    none: Object = dict.fromkeys(("address", "email", "name", "phone", "tax_id"))
    return world.new(
        "payment_method",
        "pm_",
        allow_redisplay="unspecified",
        billing_details=none,
        customer=None,
        sepa_debit={"bank_code": "37040044", "branch_code": "", "country": "DE", "fingerprint": token, "last4": "3000"},
        type="sepa_debit",
        _behaviour="slow",
        _comes=TOKENS[token],
        _set_up=False,
    )


def begin(world: World, session: Object, intent: Object, method: Object) -> None:
    """The bank was told; nothing is paid yet."""
    intent |= {"status": "processing", "payment_method": method["id"]}
    world.emit("payment_intent.processing", intent)
    world.agenda.add(world.now + DAYS * DAY, "checkout.settle", session["id"])


def settle(world: World, session: Object, comes: bool | None = None) -> Object:
    """The bank's answer is there; by default what the account was made for. Raises Refused when none is awaited."""
    intent = world.store.find(session["payment_intent"], "payment_intent")
    if intent is None or intent["status"] != "processing":
        raise invalid("No payment of this session is under way.", "session")
    method = world.get("payment_method", intent["payment_method"])
    verdict = YES if (method["_comes"] if comes is None else comes) else TOO_LITTLE
    charge = charges.make(world, intent, method, verdict)
    intent |= {"latest_charge": charge["id"], "status": "succeeded" if verdict.paid else "requires_payment_method"}
    if verdict.paid:
        intent["amount_received"] = intent["amount"]
        session["payment_status"] = "paid"
        world.emit("payment_intent.succeeded", intent)
        world.emit("checkout.session.async_payment_succeeded", session)
    else:
        intent["last_payment_error"] = {"code": verdict.code, "message": verdict.message, "type": "card_error"}
        world.emit("payment_intent.payment_failed", intent)
        world.emit("checkout.session.async_payment_failed", session)
    return session
