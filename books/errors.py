"""Refusals of the books app."""

from core.errors import Conflict, DomainError


class BookRefused(DomainError):
    """What was asked of a book cannot be done in its present state."""


class IllegalMove(Conflict):
    """A run or step is not in a state from which this is possible."""


class CapReached(DomainError):
    """A spending cap has no room for the next call, of at most `needed` millionths of a US dollar."""

    def __init__(self, message: str, *, needed: int) -> None:
        super().__init__(message, code="cap_reached")
        self.needed = needed
