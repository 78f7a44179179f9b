"""Stripe's objects, as plain JSON, in our words.

What moved with API 2025-03-31 ("basil") is found where it was and where it is: an endpoint's events keep the shape that
was current when the endpoint was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from billing.providers.base import (
    CardSeen,
    CheckoutSeen,
    DisputeSeen,
    EventSeen,
    InvoiceSeen,
    MirroredPrice,
    PaymentSeen,
    Preview,
    PreviewLine,
    RefundSeen,
    SubscriptionSeen,
)
from billing.providers.stripe.amounts import to_money

Raw = Mapping[str, Any]

# What the objects of events are called here, where a method of the provider takes their own id.
OBJECTS = {
    "checkout.session": "checkout",
    "subscription": "subscription",
    "invoice": "invoice",
    "payment_intent": "payment",
    "refund": "refund",
    "dispute": "dispute",
    "payment_method": "card",
    "setup_intent": "card",
    "customer": "customer",
    "price": "price",
    "product": "product",
}
ASKS = {"requires_action": "authentication_required"}  # nobody was there whom the bank could ask
DISPUTES = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}


def event(raw: Raw) -> EventSeen:
    """The envelope of an event. Raises ValueError, KeyError or TypeError for what is none."""
    if raw["object"] != "event":
        raise ValueError(f"no event: {raw['object']}")
    subject = raw["data"]["object"]
    kind, identifier = _subject(subject)
    return EventSeen(
        id=str(raw["id"]),
        type=str(raw["type"]),
        happened_at=datetime.fromtimestamp(int(raw["created"]), UTC),
        livemode=bool(raw["livemode"]),
        object_type=kind,
        object_id=identifier,
        customer_id=_customer_of(subject, raw["data"].get("previous_attributes") or {}),
        account=raw.get("account") or "",
        api_version=raw.get("api_version") or "",
    )


def _subject(raw: Raw) -> tuple[str, str]:
    """The kind and the id under which the present state of an event's object is to be asked."""
    if raw["object"] == "charge":
        return "payment", _id(raw.get("payment_intent"))
    if raw["object"] == "invoice_payment":
        return "invoice", _id(raw.get("invoice"))
    return OBJECTS.get(raw["object"], ""), str(raw.get("id") or "")


def _customer_of(subject: Raw, before: Raw) -> str:
    if subject["object"] == "customer":
        return str(subject["id"])
    return _id(subject.get("customer")) or _id(before.get("customer"))


def checkout(raw: Raw) -> CheckoutSeen:
    """A checkout session; one for a card alone has no amount."""
    amount = raw.get("amount_total")
    return CheckoutSeen(
        id=raw["id"],
        status=raw["status"],
        is_paid=raw["status"] == "complete" and raw["payment_status"] in {"paid", "no_payment_required"},
        url=raw.get("url") or "",
        livemode=raw["livemode"],
        money=None if amount is None else to_money(amount, raw["currency"]),
        customer_id=_id(raw.get("customer")),
        payment_id=_id(raw.get("payment_intent")),
        subscription_id=_id(raw.get("subscription")),
        expires_at=_moment(raw.get("expires_at")),
        metadata=raw.get("metadata") or {},
    )


def payment(raw: Raw, invoice_id: str) -> PaymentSeen:
    """A payment intent with its latest charge within; the invoice it pays is told by another object."""
    charge = raw.get("latest_charge") or {}
    problem = raw.get("last_payment_error") or {}
    is_paid = raw["status"] == "succeeded"
    return PaymentSeen(
        id=raw["id"],
        status=_payment_status(raw),
        money=to_money(raw["amount_received"] if is_paid else raw["amount"], raw["currency"]),
        livemode=raw["livemode"],
        customer_id=_id(raw.get("customer")),
        invoice_id=invoice_id or _id(raw.get("invoice")),
        refunded=to_money(charge.get("amount_refunded") or 0, raw["currency"]).amount,
        failure_code=problem.get("decline_code") or problem.get("code") or ASKS.get(raw["status"], ""),
        card=_card_of(charge),
        paid_at=_moment(charge.get("created")) if is_paid else None,
        metadata=raw.get("metadata") or {},
    )


def _payment_status(raw: Raw) -> str:
    if raw["status"] in {"succeeded", "canceled"}:
        return str(raw["status"])
    return "failed" if raw["status"] == "requires_payment_method" and raw.get("last_payment_error") else "pending"


def _card_of(charge: Raw) -> str:
    card = (charge.get("payment_method_details") or {}).get("card")
    return f"{card['brand']} •••• {card['last4']}" if card else ""


def subscription(raw: Raw) -> SubscriptionSeen:
    """A subscription of one item."""
    item = raw["items"]["data"][0]
    return SubscriptionSeen(
        id=raw["id"],
        status=raw["status"],
        livemode=raw["livemode"],
        customer_id=_id(raw["customer"]),
        price_id=item["price"]["id"],
        item_id=item["id"],
        period_start=_moment(item.get("current_period_start") or raw.get("current_period_start")),
        period_end=_moment(item.get("current_period_end") or raw.get("current_period_end")),
        cancel_at_period_end=raw["cancel_at_period_end"],
        trial_end=_moment(raw.get("trial_end")),
        ended_at=_moment(raw.get("ended_at")),
        latest_invoice_id=_id(raw.get("latest_invoice")),
        metadata=raw.get("metadata") or {},
    )


def invoice(raw: Raw) -> InvoiceSeen:
    """An invoice; one with its payments within says who paid it."""
    line = _chargeable(raw["lines"]["data"])
    period = line.get("period") or {}
    return InvoiceSeen(
        id=raw["id"],
        status=raw["status"] or "draft",
        money=to_money(raw["amount_paid"] if raw["status"] == "paid" else raw["amount_due"], raw["currency"]),
        livemode=raw["livemode"],
        customer_id=_id(raw["customer"]),
        subscription_id=subscription_of(raw),
        payment_ids=tuple(payments_of(raw)),
        reason=raw.get("billing_reason") or "",
        price_id=_price_of(line),
        period_start=_moment(period.get("start")),
        period_end=_moment(period.get("end")),
        next_attempt_at=_moment(raw.get("next_payment_attempt")),
    )


def subscription_of(invoice: Raw) -> str:
    """The subscription an invoice is for, or nothing."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return _id(details.get("subscription") or invoice.get("subscription"))


def payments_of(invoice: Raw) -> Iterator[str]:
    """The payments that were made for an invoice."""
    found = [intent_of(one) for one in (invoice.get("payments") or {}).get("data", [])]
    return (one for one in [*found, _id(invoice.get("payment_intent"))] if one)


def intent_of(invoice_payment: Raw) -> str:
    """The payment of an object that stands between an invoice and its payment."""
    return _id(invoice_payment["payment"].get("payment_intent"))


def invoice_of(payments: Sequence[Raw]) -> str:
    """The invoice that a payment is for, by the objects that stand between the two."""
    return next((_id(one["invoice"]) for one in payments), "")


def _chargeable(lines: Sequence[Raw]) -> Raw:
    """The last line that gives nothing back: what the invoice is for."""
    return next((line for line in reversed(lines) if line["amount"] >= 0), {})


def _price_of(line: Raw) -> str:
    details = (line.get("pricing") or {}).get("price_details") or {}
    return _id(details.get("price") or line.get("price"))


def refund(raw: Raw) -> RefundSeen:
    """A refund; one that waits for its customer is on its way."""
    return RefundSeen(
        id=raw["id"],
        payment_id=_id(raw.get("payment_intent")),
        money=to_money(raw["amount"], raw["currency"]),
        status="pending" if raw["status"] == "requires_action" else raw["status"],
        reason=raw.get("reason") or "",
        metadata=raw.get("metadata") or {},
    )


def dispute(raw: Raw) -> DisputeSeen:
    """A dispute, or the enquiry before one."""
    return DisputeSeen(
        id=raw["id"],
        payment_id=_id(raw.get("payment_intent")),
        money=to_money(raw["amount"], raw["currency"]),
        status=DISPUTES.get(raw["status"], "open"),
        reason=raw.get("reason") or "",
    )


def card(raw: Raw, default_id: str) -> CardSeen:
    """A payment method that is a card."""
    printed = raw["card"]
    return CardSeen(
        id=raw["id"],
        brand=printed["brand"],
        last4=printed["last4"],
        exp_month=printed["exp_month"],
        exp_year=printed["exp_year"],
        is_default=raw["id"] == default_id,
    )


def preview(raw: Raw) -> Preview:
    """What a change costs; the moment it was reckoned at is the subscription's, of which a proration tells too."""
    details = (raw.get("parent") or {}).get("subscription_details") or {}
    lines = raw["lines"]["data"]
    at = details.get("subscription_proration_date") or raw.get("subscription_proration_date")
    moment = _moment(at or min((line["period"]["start"] for line in lines), default=raw["created"]))
    return Preview(
        due=to_money(raw["amount_due"], raw["currency"]),
        lines=tuple(PreviewLine(one["description"] or "", to_money(one["amount"], one["currency"])) for one in lines),
        at=moment or datetime.now(UTC),
    )


def price(raw: Raw) -> MirroredPrice:
    """A price; one whose lookup key went to its successor keeps it in its metadata."""
    recurring = raw.get("recurring") or {}
    return MirroredPrice(
        id=raw["id"],
        product_id=_id(raw["product"]),
        lookup_key=raw.get("lookup_key") or (raw.get("metadata") or {}).get("lookup_key", ""),
        money=to_money(raw["unit_amount"] or 0, raw["currency"]),
        interval=recurring.get("interval", "once"),
        is_active=raw["active"],
    )


def _id(value: Any) -> str:
    """The id of what is named by it or stands there whole."""
    return str(value["id"] if isinstance(value, Mapping) else value or "")


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
