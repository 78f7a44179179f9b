"""Refusals of billing."""

from core.errors import DomainError


class NotPriced(DomainError):
    """The tariff in force has no price for this act."""
