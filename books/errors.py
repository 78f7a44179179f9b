"""Refusals of the books app."""

from core.errors import Conflict, DomainError


class BookRefused(DomainError):
    """What was asked of a book cannot be done in its present state."""


class IllegalMove(Conflict):
    """A run or step is not in a state from which this is possible."""
