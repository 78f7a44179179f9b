"""Disputes: a customer asks their bank for the money back, and the bank decides."""

from tests.fakes.stripe import charges, products
from tests.fakes.stripe.calendar import DAY
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

OUTCOMES = ("won", "lost")


def open_for(world: World, charge: Object, reason: str = "fraudulent", amount: int | None = None) -> Object:
    """A customer disputes a charge: the money leaves the balance at once."""
    if charge["disputed"] or not charge["paid"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed.", "charge")
    dispute = world.new(
        "dispute",
        "du_",
        amount=charge["amount"] - charge["amount_refunded"] if amount is None else amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={
            "due_by": world.now + 7 * DAY,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {
                "brand": charge["payment_method_details"].get("card", {}).get("brand"),
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        reason=reason,
        status="needs_response",
    )
    withdrawn = charges.moved(world, dispute, -dispute["amount"], "adjustment", fee=2000)
    dispute["balance_transactions"].append(withdrawn)
    world.emit("charge.dispute.created", dispute)
    with world.changing(charge):
        charge["disputed"] = True
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(world: World, dispute: Object, outcome: str) -> Object:
    """The bank decides: `won` brings the money back, `lost` does not."""
    if outcome not in OUTCOMES or dispute["status"] in OUTCOMES:
        raise invalid(f"This dispute is {dispute['status']}; an outcome is won or lost.", "status")
    was = {"status": dispute["status"]}
    dispute["status"] = outcome
    if outcome == "won":
        dispute["balance_transactions"].append(charges.moved(world, dispute, dispute["amount"], "adjustment"))
    world.emit("charge.dispute.closed", dispute, was)
    if outcome == "won":
        world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def update(world: World, params: Params, identifier: str) -> Object:
    """Answer it with evidence."""
    dispute = world.get("dispute", identifier)
    with world.changing(dispute):
        products.change(dispute, params, ("metadata", "evidence"))
        if params.get("evidence") and params.get("submit", True):
            dispute["status"] = "under_review"
    return dispute


def close(world: World, _params: Params, identifier: str) -> Object:
    """Give in: it is lost."""
    return decide(world, world.get("dispute", identifier), "lost")
