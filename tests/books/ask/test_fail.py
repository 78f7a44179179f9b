"""Every way a call fails, over real sockets: the same error from every adapter, after one try."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from books.providers.language_models import (
    ContextTooLong,
    CutShort,
    Malformed,
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
from books.providers.language_models.wire_errors import from_envelope, in_stream
from tests.books.ask.asking import CLOSED, SHAPES, Maker, failure, make_model, section
from tests.fakes.llm.faults import KINDS

FAILURES: dict[str, tuple[type[ModelError], bool]] = {
    "400": (Rejected, False),
    "401": (NotAuthorized, False),
    "403": (NotAuthorized, False),
    "404": (ModelNotFound, False),
    "429": (RateLimited, True),
    "500": (ProviderUnavailable, True),
    "503": (ProviderUnavailable, True),
    "overloaded": (ProviderUnavailable, True),
    "context": (ContextTooLong, False),
    "quota": (QuotaSpent, False),
    "prompt_filter": (Refused, False),
    "reset": (ProviderUnavailable, True),
    "cut": (CutShort, True),
    "error_event": (ProviderUnavailable, True),
    "malformed": (Malformed, True),
    "html": (Malformed, True),
    "refusal": (Refused, False),
    "content_filter": (Refused, False),
    "paused": (Malformed, True),
}
ELSEWHERE = {"timeout", "stall", "hold", "linger", "invalid_json", "length", "window"}  # of time, or no failure for all


def test_no_fault_of_the_wire_is_left_out() -> None:
    assert set(FAILURES) | ELSEWHERE == KINDS


@pytest.mark.parametrize("kind", FAILURES)
def test_every_failure_at_the_wire_has_its_own_meaning_and_is_asked_once(by: Maker, kind: str) -> None:
    expected, retryable = FAILURES[kind]
    by.control.fault(kind)
    model = by.model()
    error = failure(model)
    assert type(error) is expected
    assert error.retryable is retryable
    assert error.message
    assert error.code in str(error)
    assert len(by.control.calls()) == 1
    assert model.ask(section(60)).finish == "stop"


def test_a_refused_key_is_quoted_nowhere(by: Maker, caplog: pytest.LogCaptureFixture) -> None:
    by.control.fault("401")
    with caplog.at_level("DEBUG"):
        error = failure(by.model(api_key="sk-very-private"))
    assert "LLM_API_KEY" in error.message
    assert error.detail
    assert "sk-very-private" not in f"{error} {error.message} {error.detail} {caplog.text}"


@pytest.mark.parametrize("after", [0, 1, 30])
def test_a_stream_cut_at_any_point_is_cut_short(by: Maker, after: int) -> None:
    by.control.fault("cut", after=after)
    pieces: list[str] = []
    assert type(failure(by.model(), on_text=pieces.append)) is CutShort
    assert len(pieces) == after


def test_retry_after_is_read_as_seconds_and_as_a_date(by: Maker) -> None:
    model = by.model()
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    for said in ("2.5", later, "soon", "nan", "-4", "99999999"):
        by.control.fault("429", retry_after=said)
    by.control.fault("overloaded", retry_after=7)
    by.control.fault("429")
    waits = [failure(model).retry_after for _call in range(8)]
    assert waits[0] == 2.5
    assert waits[1] is not None
    assert 85 <= waits[1] <= 91
    assert waits[2:] == [None, None, 0.0, 3600.0, 7.0, None]


def test_a_server_that_never_answers_times_out_and_the_connection_is_let_go(by: Maker) -> None:
    by.control.fault("timeout")
    began = time.monotonic()
    assert type(failure(by.model(first_byte_seconds=0.3))) is TimedOut
    assert time.monotonic() - began < 3
    assert by.control.wait_for_state(1, "cut")["tokens"] == 0


def test_a_stream_that_stalls_times_out_by_the_idle_limit(by: Maker) -> None:
    by.control.fault("stall", after=5)
    began = time.monotonic()
    assert type(failure(by.model(first_byte_seconds=60, idle_seconds=0.3))) is TimedOut
    assert time.monotonic() - began < 5
    assert by.control.wait_for_state(1, "cut")["tokens"] == 5


def test_a_stream_that_never_ends_times_out_by_the_total_limit(by: Maker) -> None:
    by.control.latency(token_ms=50)
    assert type(failure(by.model(total_seconds=0.5))) is TimedOut
    assert 0 < by.control.wait_for_state(1, "cut")["tokens"] < 15


@pytest.mark.parametrize("shape", SHAPES)
def test_a_server_that_is_away_is_unavailable(shape: str) -> None:
    assert type(failure(make_model(shape, CLOSED))) is ProviderUnavailable


def said(kind: str, message: str = "", **more: object) -> dict[str, object]:
    return {"type": "error", "error": {"type": kind, "message": message, **more}}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (402, said("billing_error"), QuotaSpent),
        (429, said("rate_limit_error", details={"error_code": "contract_spend_limit_reached"}), QuotaSpent),
        (429, said("rate_limit_error", details={"error_code": "ramp_limit_exceeded"}), RateLimited),
        (413, said("request_too_large"), ContextTooLong),
        (400, said("invalid_request_error", "input length and `max_tokens` exceed context limit"), ContextTooLong),
        (504, said("timeout_error"), TimedOut),
        (400, {"error": {"innererror": {"code": "ResponsibleAIPolicyViolation"}}}, Refused),
        (418, "a teapot", Rejected),
    ],
)
def test_rarer_refusals_are_told_apart(status: int, body: object, expected: type[ModelError]) -> None:
    assert type(from_envelope(status, body, {})) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (said("overloaded_error"), ProviderUnavailable),
        (said("rate_limit_error"), RateLimited),
        (said("invalid_request_error"), Rejected),
        ({"error": {"code": "429", "message": ""}}, RateLimited),
        ({"error": {"code": None, "type": "server_error"}}, ProviderUnavailable),
        (None, ProviderUnavailable),
    ],
)
def test_an_error_inside_a_stream_counts_as_its_status(body: object, expected: type[ModelError]) -> None:
    assert type(in_stream(body)) is expected
