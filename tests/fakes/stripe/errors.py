"""Refusals in Stripe's envelope: `{"error": {"type", "code", "message", "param", …}}` with its HTTP status."""

from typing import Any


class Refused(Exception):
    """An answer that is not the object asked for. `beside` are further fields of the error."""

    def __init__(self, status: int, family: str, message: str, **beside: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": family, "message": message, **beside}}

    @property
    def code(self) -> str:
        """Stripe's short code, or "" where there is none."""
        return str(self.body["error"].get("code") or "")


def invalid(message: str, param: str | None = None, code: str | None = None, status: int = 400) -> Refused:
    """A request that cannot be meant so."""
    beside = {name: value for name, value in {"param": param, "code": code}.items() if value}
    return Refused(status, "invalid_request_error", message, **beside)


def missing(kind: str, identifier: str, param: str = "id", *, status: int = 404) -> Refused:
    """Nothing has that id: 404 when the address names it, 400 when a parameter does."""
    name = kind.replace(".", " ").replace("_", " ")
    return invalid(f"No such {name}: '{identifier}'", param, "resource_missing", status)


def wrong_key(key: str) -> Refused:
    """401: no key, or not this sandbox's."""
    if not key:
        return Refused(401, "invalid_request_error", "You did not provide an API key.")
    shown = f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
    return Refused(401, "invalid_request_error", f"Invalid API Key provided: {shown}")


def mismatch() -> Refused:
    """400: the same idempotency key with something else."""
    return Refused(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        "Try using a key other than the one you used before if you meant to execute a different request.",
    )


def in_flight() -> Refused:
    """409: another request with this idempotency key is under way."""
    return Refused(
        409,
        "idempotency_error",
        "There is currently another in-progress request using this Idempotent Key. Please try again later.",
        code="idempotency_key_in_use",
    )


def declined(code: str, decline_code: str | None, message: str, **beside: Any) -> Refused:
    """402: the bank said no."""
    extra = {"decline_code": decline_code} if decline_code else {}
    return Refused(402, "card_error", message, code=code, **extra, **beside)


def of_server(status: int) -> Refused:
    """What a scripted fault answers: 500 or another."""
    if status == 429:
        return Refused(429, "invalid_request_error", "Request rate limit exceeded.", code="rate_limit")
    if status == 409:
        return Refused(409, "invalid_request_error", "This object cannot be accessed right now.", code="lock_timeout")
    return Refused(status, "api_error", "An unknown error occurred.")
