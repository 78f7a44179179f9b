"""What Stripe is asked, as its calls take it. `Any`: the SDK's types are of literals, and these are put together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.providers.base import CatalogueItem, CheckoutOrder
from billing.providers.stripe.amounts import to_stripe
from core.money import Money

REFUND_REASONS = {"duplicate", "fraudulent", "requested_by_customer"}
# Of an object that a checkout makes: where the same metadata goes, so that each of its events leads back to us.
MADE_BY = {"payment": "payment_intent_data", "subscription": "subscription_data", "setup": "setup_intent_data"}


def checkout(order: CheckoutOrder) -> Any:
    """A checkout session."""
    made: dict[str, Any] = {"metadata": dict(order.metadata)}
    if order.trial_days:
        made["trial_period_days"] = order.trial_days
    asked: dict[str, Any] = {
        "mode": order.mode,
        "customer": order.customer_id,
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.reference,
        "locale": order.language,
        "metadata": dict(order.metadata),
        MADE_BY[order.mode]: made,
    }
    if order.mode == "setup":
        return asked | {"currency": order.currency.lower()}
    return asked | {"line_items": [{"price": order.price_id, "quantity": order.quantity}]}


def change(item_id: str, price_id: str, at: datetime | None) -> Any:
    """A subscription's other price, with its bill at once; what is not paid does not change."""
    asked: dict[str, Any] = {
        "items": [{"id": item_id, "price": price_id}],
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
    }
    return asked | {"proration_date": int(at.timestamp())} if at else asked


def refund(payment_id: str, money: Money, reason: str, metadata: Mapping[str, str]) -> Any:
    """So much of a payment back."""
    asked: dict[str, Any] = {"payment_intent": payment_id, "amount": to_stripe(money), "metadata": dict(metadata)}
    return asked | {"reason": reason} if reason in REFUND_REASONS else asked


def price(item: CatalogueItem, product_id: str) -> Any:
    """A price that takes the lookup key over; gross, as all of ours (ruling 28)."""
    asked: dict[str, Any] = {
        "product": product_id,
        "currency": item.money.currency.lower(),
        "unit_amount": to_stripe(item.money),
        "lookup_key": item.lookup_key,
        "transfer_lookup_key": True,
        "tax_behavior": "inclusive",
        "metadata": {"lookup_key": item.lookup_key},
    }
    return asked if item.interval == "once" else asked | {"recurring": {"interval": item.interval}}
