"""The SDK's client, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from stripe import RequestsClient, StripeClient

from billing.providers.base import Declined, NotFound, ProviderError, Rejected, Unreachable

# Of requests and answers alike, whatever the SDK or the account would choose; an endpoint's events have their own.
API_VERSION = "2026-10-28.endive"
RETRIES = 2  # with the same idempotency key: 5xx, 409 and no answer
TIMEOUT_SECONDS = (5, 30)  # to connect, to answer


def make(key: str, url: str) -> StripeClient:
    """A client of one account; `url` is another address than Stripe's own, for the sandbox."""
    http = RequestsClient(timeout=TIMEOUT_SECONDS)
    if not url:
        return StripeClient(key, stripe_version=API_VERSION, max_network_retries=RETRIES, http_client=http)
    return StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=RETRIES,
        http_client=http,
        base_addresses={"api": url},
    )


@contextmanager
def asking() -> Iterator[None]:
    """Around every call: what the SDK raises becomes a ProviderError."""
    try:
        yield
    except stripe.StripeError as error:
        raise understood(error) from error


def understood(error: stripe.StripeError) -> ProviderError:
    """An error of the SDK in our words."""
    message, code = error.user_message or type(error).__name__, error.code or ""
    if isinstance(error, stripe.CardError):
        return Declined(message, code=getattr(error.error, "decline_code", None) or code)
    if isinstance(error, stripe.RateLimitError):
        return Unreachable(message, code="rate_limit", retry_after=_retry_after(error))
    if isinstance(error, stripe.InvalidRequestError):
        is_missing = error.http_status == 404 or code == "resource_missing"
        return (NotFound if is_missing else Rejected)(message, code=code)
    if isinstance(error, stripe.IdempotencyError | stripe.AuthenticationError | stripe.PermissionError):
        return Rejected(message, code=code or type(error).__name__)
    # What is left: no answer, their own fault, or an object that another request holds (409).
    replayed = (error.headers or {}).get("idempotent-replayed") == "true"
    return Unreachable(message, code=code, retry_after=_retry_after(error), is_spent_key=replayed)


def _retry_after(error: stripe.StripeError) -> int | None:
    """Seconds that they ask us to wait."""
    said = (error.headers or {}).get("retry-after", "")
    return int(said) if said.isascii() and said.isdigit() else None
