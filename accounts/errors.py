"""Refusals about accounts."""

from core.errors import DomainError


class AccountRefused(DomainError):
    """The account cannot be closed, opened again or exported now, for a reason that is told."""


class AddressTaken(AccountRefused):
    """Somebody else has the e-mail address by now."""
