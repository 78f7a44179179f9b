"""Refunds: money given back, in whole or in part."""

from tests.fakes.stripe import charges, products
from tests.fakes.stripe.amounts import written
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """Give back `amount`, or what is left of the charge. Raises Refused (400) for more than that."""
    charge = _charge(world, params)
    left = charge["amount"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    _check(charge, amount, left)
    refund = world.new(
        "refund",
        "re_",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details={"card": {"type": "refund", "reference_status": "pending"}, "type": "card"},
        metadata=params.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        receipt_number=None,
        source_transfer_reversal=None,
        status="succeeded",
        transfer_reversal=None,
    )
    del refund["livemode"]
    refund["balance_transaction"] = charges.moved(world, refund, -amount, "refund")["id"]
    world.emit("refund.created", refund)
    _refunded(world, charge, amount, "refunded")
    return refund


def update(world: World, params: Params, identifier: str) -> Object:
    """Other metadata."""
    refund = world.get("refund", identifier)
    with world.changing(refund):
        products.change(refund, params, ("metadata",))
    return refund


def fail(world: World, refund: Object) -> Object:
    """The customer's bank could not take it: the money is back on the balance."""
    refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    refund["failure_balance_transaction"] = charges.moved(world, refund, refund["amount"], "refund_failure")["id"]
    world.emit("refund.updated", refund, {"status": "succeeded"})
    world.emit("refund.failed", refund)
    _refunded(world, world.get("charge", refund["charge"]), -refund["amount"], "updated")
    return refund


def _refunded(world: World, charge: Object, amount: int, name: str) -> None:
    with world.changing(charge, name):
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]


def _charge(world: World, params: Params) -> Object:
    if params.get("charge"):
        return world.get("charge", params["charge"], "charge")
    if not params.get("payment_intent"):
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    intent = world.get("payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return world.get("charge", intent["latest_charge"])


def _check(charge: Object, amount: int, left: int) -> None:
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} is not paid.", "charge")
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if charge["refunded"]:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
    if amount > left:
        asked, rest = written(amount, charge["currency"]), written(left, charge["currency"])
        raise invalid(f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})", "amount")
