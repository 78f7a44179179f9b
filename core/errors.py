"""Refusals: what a person asked for cannot be done, and the message may be shown to them."""


class DomainError(Exception):
    """A refusal whose message is safe and useful to show; pages answer 422, `status` says otherwise."""

    status = 422
    retry_after: int | None = None  # seconds, where waiting helps

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


class TooMany(DomainError):
    """Tried too often (core.rate_limits): answered 429; may be tried again in `retry_after` seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, code="too_many")
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something this needs is away: answered 503; worth trying again in `retry_after` seconds."""

    status = 503

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, code="unavailable")
        self.retry_after = retry_after
