"""Reads of billing for the rooms above: prices in credits."""

from billing.queries.prices import (
    ON_SALE,
    BookTariff,
    PriceLine,
    Quote,
    book_tariff,
    price_list,
    quote,
)

__all__ = ["ON_SALE", "BookTariff", "PriceLine", "Quote", "book_tariff", "price_list", "quote"]
