"""What customers do at Stripe, asked by the adapter itself, for its own tests."""

from typing import Any

from billing.providers.base import CatalogueItem, CheckoutOrder, CheckoutSeen, PaymentProvider
from core.money import Money
from tests.fakes.stripe import Sandbox

OURS = {"organization": "o-1", "purchase": "p-1"}


def priced(shop: PaymentProvider, amount: int = 4900, currency: str = "EUR", interval: str = "month") -> str:
    """A price's id there."""
    key = f"pro_{interval}_{currency}_{amount}".lower()
    return shop.create_price(CatalogueItem("pro", "Pro", key, Money(amount, currency), interval), key=key).id


def order(customer: str, price: str, **options: Any) -> CheckoutOrder:
    """A payment page's order."""
    urls = {"success_url": "http://localhost/paid/", "cancel_url": "http://localhost/back/"}
    return CheckoutOrder(customer_id=customer, price_id=price, metadata=OURS, **{"mode": "payment", **urls, **options})


def bought(shop: PaymentProvider, stripe: Sandbox, order: CheckoutOrder, card: str = "pm_card_visa") -> CheckoutSeen:
    """A payment page that somebody paid on."""
    page = shop.create_checkout(order, key=f"{order.mode}:{order.price_id}:{order.quantity}")
    stripe.pay(page.id, card)
    return shop.checkout(page.id)


def subscribed(shop: PaymentProvider, stripe: Sandbox, customer: str, price: str) -> str:
    """A running subscription's id."""
    return bought(shop, stripe, order(customer, price, mode="subscription")).subscription_id


def added(shop: PaymentProvider, stripe: Sandbox, customer: str, card: str) -> str:
    """A card that was added by a page of its own."""
    bought(shop, stripe, order(customer, "", mode="setup", currency="EUR", reference=card), card)
    return shop.cards(customer)[0].id
