"""Stripe's own minor units: those of ISO 4217 but for some currencies that it takes whole.

https://docs.stripe.com/currencies#zero-decimal
"""

from core.money import Money, digits

WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)


def to_stripe(money: Money) -> int:
    """The amount as Stripe takes it. Raises ValueError for one that has no whole number there."""
    amount, rest = divmod(money.amount * _units(_digits(money.currency)), _units(digits(money.currency)))
    if rest:
        raise ValueError(f"{money.amount} of {money.currency} cannot be said in Stripe's units")
    return amount


def to_money(amount: int, currency: str) -> Money:
    """What Stripe says, in minor units by ISO 4217."""
    code = currency.upper()
    return Money(amount * _units(digits(code)) // _units(_digits(code)), code)


def _digits(currency: str) -> int:
    return 0 if currency in WHOLE else 2


def _units(places: int) -> int:
    """How many of the smallest units make a whole."""
    return int(10**places)
