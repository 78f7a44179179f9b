"""What the refusals of all providers mean: status, error envelope and headers to a ModelError."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from books.providers.language_models.errors import (
    ContextTooLong,
    ModelError,
    ModelNotFound,
    NotAuthorized,
    ProviderUnavailable,
    QuotaSpent,
    RateLimited,
    Refused,
    Rejected,
    TimedOut,
)

LONGEST_WAIT_SECONDS = 3600.0  # a broken clock at the provider must not put a book off until next year
QUOTA_CODES = {
    "insufficient_quota", "billing_hard_limit_reached", "billing_error", "contract_spend_limit_reached",
    "enforced_spend_limit_reached", "linked_organization_spend_limit_reached",
}  # fmt: skip
QUOTA_PHRASES = ("credit balance is too low",)
FILTER_CODES = {"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation", "invalid_prompt"}
FILTER_PHRASES = ("content filtering policy",)
CONTEXT_CODES = {"context_length_exceeded", "exceed_context_size_error", "request_too_large"}
# Servers that give no code, Anthropic among them.
CONTEXT_PHRASES = (
    "maximum context length", "context size", "context window", "prompt is too long", "exceed context limit",
)  # fmt: skip
# The status an error inside a stream would have had, had it come before.
STREAM_STATUSES = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "rate_limit_error": 429, "rate_limit_exceeded": 429, "api_error": 500,
    "timeout_error": 504, "overloaded_error": 529,
}  # fmt: skip


def from_envelope(status: int, body: object, headers: Mapping[str, str]) -> ModelError:
    """The error a response means; `body` is the parsed JSON, its `error` member, or whatever came."""
    codes, said = _read(body)
    unfit = status in {400, 413}
    if codes & FILTER_CODES or (unfit and _speaks_of(FILTER_PHRASES, said)):
        return Refused(detail=said)
    if codes & CONTEXT_CODES or (unfit and _speaks_of(CONTEXT_PHRASES, said)):
        return ContextTooLong(detail=said)
    if status == 402 or codes & QUOTA_CODES or (unfit and _speaks_of(QUOTA_PHRASES, said)):
        return QuotaSpent(detail=said)
    return _from_status(status, said, retry_after(headers))


def _from_status(status: int, said: str, wait: float | None) -> ModelError:
    if status == 429:
        return RateLimited(retry_after=wait, detail=said)
    if status in {408, 504}:
        return TimedOut(retry_after=wait, detail=said)
    if status >= 500 or status in {409, 425}:
        return ProviderUnavailable(retry_after=wait, detail=said)
    if status in {401, 403}:
        return NotAuthorized(detail=said)
    if status == 404:
        return ModelNotFound(detail=said)
    return Rejected(detail=f"HTTP {status}: {said}")


def in_stream(body: object) -> ModelError:
    """The error an `error` event inside a stream means: its code stands for the status, else it is a 500."""
    codes, _said = _read(body)
    numbers = [int(code) for code in codes if code.isdigit() and len(code) == 3]
    numbers += [STREAM_STATUSES[code] for code in codes if code in STREAM_STATUSES]
    return from_envelope(numbers[0] if numbers else 500, body, {})


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `retry-after` as seconds or an HTTP date; None without either."""
    names = {name.lower(): value for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return _bounded(float(names[name]) * unit)
        except (KeyError, ValueError):
            continue
    until = _moment(names.get("retry-after"))
    if until is None:
        return None
    # The provider's own clock, where it shows it: ours may be minutes off.
    now = _moment(names.get("date")) or datetime.now(UTC)
    return _bounded((until - now).total_seconds())


def _bounded(seconds: float) -> float | None:
    # float() reads "nan" from a header as readily as a number.
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _speaks_of(phrases: tuple[str, ...], said: str) -> bool:
    return any(phrase in said.lower() for phrase in phrases)


def _read(body: object) -> tuple[set[str], str]:
    envelope = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(envelope, Mapping):
        return set(), str(envelope or "")
    codes = {str(envelope.get("code")), str(envelope.get("type"))}
    # One level deeper Azure says which filter it was, and Anthropic whose limit is spent.
    for place, name in (("innererror", "code"), ("details", "error_code")):
        inner = envelope.get(place)
        codes |= {str(inner.get(name))} if isinstance(inner, Mapping) else set()
    return codes, str(envelope.get("message") or "")
