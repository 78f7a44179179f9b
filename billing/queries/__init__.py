"""Reads of billing for the rooms above: prices in credits, and how many there are."""

from billing.queries.credits import Balance, Charge, Delivery, balance, charge
from billing.queries.prices import (
    ON_SALE,
    BookTariff,
    PriceLine,
    Quote,
    book_tariff,
    price_list,
    quote,
)

__all__ = [
    "ON_SALE",
    "Balance",
    "BookTariff",
    "Charge",
    "Delivery",
    "PriceLine",
    "Quote",
    "balance",
    "book_tariff",
    "charge",
    "price_list",
    "quote",
]
