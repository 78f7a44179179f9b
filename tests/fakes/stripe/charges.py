"""Charges: each time a bank was asked for money, and what moved on the balance."""

from tests.fakes.stripe.amounts import usual_fee
from tests.fakes.stripe.cards import Verdict
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def make(world: World, intent: Object, method: Object, verdict: Verdict) -> Object:
    """What the bank was asked and answered."""
    charge = world.new(
        "charge",
        "ch_",
        amount=intent["amount"],
        amount_captured=intent["amount"] if verdict.paid else 0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details=method["billing_details"],
        calculated_statement_descriptor=world.rules.account_name.upper(),
        captured=verdict.paid,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=verdict.code or None,
        failure_message=verdict.message or None,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        outcome=_outcome(verdict),
        paid=verdict.paid,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={method["type"]: _details(method), "type": method["type"]},
        receipt_email=None,
        receipt_url=None,
        refunded=False,
        review=None,
        shipping=None,
        statement_descriptor=None,
        status="succeeded" if verdict.paid else "failed",
        transfer_group=None,
    )
    if verdict.paid:
        fee = usual_fee(charge["amount"], charge["currency"])
        charge["balance_transaction"] = moved(world, charge, charge["amount"], "charge", fee=fee)["id"]
    world.emit(f"charge.{charge['status']}", charge)
    return charge


def _details(method: Object) -> Object:
    if method["type"] != "card":
        return dict(method[method["type"]])
    names = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    card = {name: method["card"][name] for name in names}
    return card | {"network": card["brand"], "three_d_secure": None}


def moved(world: World, source: Object, amount: int, kind: str, *, fee: int = 0) -> Object:
    """Money came to the balance or left it."""
    details = [{"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}]
    return world.new(
        "balance_transaction",
        "txn_",
        amount=amount,
        available_on=world.now,
        balance_type="payments",
        currency=source["currency"],
        description=None,
        exchange_rate=None,
        fee=fee,
        fee_details=details if fee else [],
        net=amount - fee,
        reporting_category=kind,
        source=source["id"],
        status="available",
        type=kind,
    )


def _outcome(verdict: Verdict) -> Object:
    return {
        "advice_code": None if verdict.paid else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network" if verdict.paid else "declined_by_network",
        "reason": verdict.decline_code,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "Payment complete." if verdict.paid else "The bank did not return any further details.",
        "type": "authorized" if verdict.paid else "issuer_declined",
    }
