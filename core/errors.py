"""Refusals: what a person asked for cannot be done, and the message may be shown to them."""


class DomainError(Exception):
    """A refusal whose message is safe and useful to show; pages answer 422, `status` says otherwise."""

    status = 422

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Conflict(DomainError):
    """Somebody or something else got there first: answered 409."""

    status = 409


class Forbidden(DomainError):
    """A member of the organization without the right to do this: answered 403."""

    status = 403
