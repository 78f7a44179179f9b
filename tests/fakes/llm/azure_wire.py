"""Azure's additions to OpenAI's wire shapes: what its content filter says, and an envelope of its own."""

from collections.abc import Iterator
from dataclasses import replace

from tests.fakes.llm import wire

HARMS = ("hate", "self_harm", "sexual", "violence")
SAFE = {harm: {"filtered": False, "severity": "safe"} for harm in HARMS}
FILTERED = {**SAFE, "violence": {"filtered": True, "severity": "high"}}

ERRORS: dict[str, tuple[int, str, str]] = {
    "401": (401, "401", "Access denied due to invalid subscription key or wrong API endpoint."),
    "403": (403, "AccessDenied", "Access denied due to Virtual Network/Firewall rules."),
    "404": (404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
    "429": (429, "RateLimitReached", "Requests have exceeded the call rate limit of your tier."),
    "500": (500, "InternalServerError", "The server had an error while processing your request."),
    "503": (503, "ServiceUnavailable", "The service is temporarily unable to process your request."),
    "overloaded": (503, "ServiceUnavailable", "The engine is currently overloaded."),
    "quota": (429, "insufficient_quota", "You exceeded your current quota."),
}


def completion(answer: wire.Answer) -> dict[str, object]:
    """The body of a call without streaming."""
    return {**wire.completion(_marked(answer)), "prompt_filter_results": _prompt_results()}


def events(answer: wire.Answer, *, usage: bool) -> Iterator[bytes]:
    """OpenAI's events, led by one about the prompt, each choice with what the filter made of it."""
    rest = wire.events(_marked(answer), usage=usage)
    about = {
        "choices": [],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": _prompt_results(),
    }
    yield wire.event(about) + next(rest)
    yield from rest


def error(kind: str, *, key: str = "") -> tuple[int, dict[str, object]]:
    """Status and body of a refusal: the gateway's short envelope, else what the model's server says."""
    if kind == "prompt_filter":
        return 400, {"error": _filtered()}
    if kind not in ERRORS:
        return wire.error(kind, key=key)
    status, code, message = ERRORS[kind]
    return status, {"error": {"code": code, "message": message}}


def _marked(answer: wire.Answer) -> wire.Answer:
    found = FILTERED if answer.finish == "content_filter" else SAFE
    return replace(answer, beside={"content_filter_results": found, "content_filter_offsets": {"check_offset": 0}})


def _prompt_results() -> list[dict[str, object]]:
    return [{"prompt_index": 0, "content_filter_results": SAFE}]


def _filtered() -> dict[str, object]:
    return {
        "message": "The response was filtered due to the prompt triggering the content management policy.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": FILTERED},
    }
