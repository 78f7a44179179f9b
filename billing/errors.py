"""Refusals of billing."""

from core.errors import DomainError


class NotPriced(DomainError):
    """The tariff in force has no price for this act."""


class TooFewCredits(DomainError):
    """What this costs is more than what is there; the message says how to get more."""


class InDebt(DomainError):
    """Credits that were spent were paid back: nothing new is begun until they are made up for."""


class PaymentRefused(DomainError):
    """This cannot be bought, changed or paid back now."""


class PriceRefused(DomainError):
    """Nothing could be sold at such a price."""


class AdjustmentRefused(DomainError):
    """This cannot be put right by hand."""
