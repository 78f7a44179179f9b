"""The wire shapes this server speaks, each told by the path that is asked, and what each refuses to read."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tests.fakes.llm import answering, anthropic_wire, azure_wire, wire

Body = Mapping[str, Any]
Refusal = tuple[int, dict[str, object]]
API_VERSION = "2026-10-21"  # Anthropic's, the first that takes no sampling fields
SAMPLING = ("temperature", "top_p", "top_k")
LENGTHS = {"minLength", "maxLength"}
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "maxItems", "pattern"}


class Events(Protocol):
    """The events of a stream: its head, one for each token, its end."""

    def __call__(self, answer: wire.Answer, *, usage: bool) -> Iterator[bytes]: ...


class Error(Protocol):
    """Status and body of a refusal of that kind (see `wire.ERRORS`)."""

    def __call__(self, kind: str, *, key: str = "") -> Refusal: ...


@dataclass(frozen=True)
class Shape:
    """One provider's way to speak.

    `chat` puts a request into OpenAI's words, `refused` says why it is not read (None: it is), given path with query,
    headers (by their small names) and body. `malformed` is an event cut in its middle, `error_event` an error inside a
    stream.
    """

    chat: Callable[[Body], Body]
    refused: Callable[[str, Mapping[str, str], Body], Refusal | None]
    completion: Callable[[wire.Answer], dict[str, object]]
    events: Events
    error: Error
    malformed: bytes
    error_event: bytes


def of(path: str) -> Shape | None:
    """Whose path that is; None when nobody's."""
    bare = urlsplit(path).path
    return next((shape for pattern, shape in SHAPES.items() if re.fullmatch(pattern, bare)), None)


def key(headers: Mapping[str, str]) -> str:
    """The key that came with a request, in whichever header; `headers` by their small names."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    return bearer or headers.get("api-key") or headers.get("x-api-key") or ""


def _refused_by_openai(_path: str, _headers: Mapping[str, str], body: Body) -> Refusal | None:
    if answering.thinks(body):
        if "max_tokens" in body:
            return _unsupported("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        if body.get("temperature", 1) != 1:
            return _unsupported("Unsupported value: 'temperature'. Only the default (1) value is supported.")
    wanted = (body.get("response_format") or {}).get("json_schema") or {}
    fault = _loose(wanted["schema"], LENGTHS, whole=True) if wanted.get("strict") else ""
    return _unsupported(f"Invalid schema for response_format '{wanted['name']}': {fault}") if fault else None


def _refused_by_azure(path: str, headers: Mapping[str, str], body: Body) -> Refusal | None:
    if not headers.get("api-key"):
        return azure_wire.error("401")
    if not parse_qs(urlsplit(path).query).get("api-version"):
        return 404, {"error": {"code": "404", "message": "Resource not found"}}
    return _refused_by_openai(path, headers, body)


def _refused_by_anthropic(_path: str, headers: Mapping[str, str], body: Body) -> Refusal | None:
    if not key(headers):
        return anthropic_wire.error("401")
    fault = _unread(headers.get("anthropic-version"), body)
    return anthropic_wire.error("400", message=fault) if fault else None


def _unread(version: str | None, body: Body) -> str:
    """What the Messages API would not read, in its words; empty when it would read it all."""
    if not version:
        return "anthropic-version: header is required"
    if "max_tokens" not in body:
        return "max_tokens: Field required"
    for name in SAMPLING if version >= API_VERSION else ():
        if name in body:
            return f"{name}: Extra inputs are not permitted"
    roles = [message.get("role") for message in body.get("messages", [])]
    if not roles or set(roles) - {"user", "assistant"} or roles[-1] != "user":
        return "messages: roles must be user or assistant, and the last one user"
    wanted = (body.get("output_config") or {}).get("format")
    return _loose(wanted["schema"], LENGTHS | BOUNDS, whole=False) if wanted else ""


def _loose(schema: Any, unknown: set[str], *, whole: bool) -> str:
    """Why a schema is not strict; `whole` wants every property required. Empty when it is."""
    if isinstance(schema, list):
        return next(filter(None, (_loose(one, unknown, whole=whole) for one in schema)), "")
    if not isinstance(schema, Mapping):
        return ""
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return "'additionalProperties' is required to be supplied and to be false"
        if whole and set(schema.get("required", [])) != set(schema["properties"]):
            return "'required' is required to include every key in properties"
    found = unknown & set(schema) if "type" in schema else set()
    if found:
        return f"keywords are not permitted: {', '.join(sorted(found))}"
    return next(filter(None, (_loose(one, unknown, whole=whole) for one in schema.values())), "")


def _unsupported(message: str) -> Refusal:
    envelope = {"message": message, "type": "invalid_request_error", "param": None, "code": "unsupported_parameter"}
    return 400, {"error": envelope}


_BROKEN_CHUNK = b'data: {"id": "chatcmpl-broken", "choices": [{"index": 0, "del\n\n'

OPENAI = Shape(
    chat=lambda body: body,
    refused=_refused_by_openai,
    completion=wire.completion,
    events=wire.events,
    error=wire.error,
    malformed=_BROKEN_CHUNK,
    error_event=wire.event(wire.error("500")[1]),
)
AZURE = Shape(
    chat=lambda body: body,
    refused=_refused_by_azure,
    completion=azure_wire.completion,
    events=azure_wire.events,
    error=azure_wire.error,
    malformed=_BROKEN_CHUNK,
    error_event=wire.event(azure_wire.error("500")[1]),
)
ANTHROPIC = Shape(
    chat=anthropic_wire.as_chat,
    refused=_refused_by_anthropic,
    completion=anthropic_wire.completion,
    events=anthropic_wire.events,
    error=anthropic_wire.error,
    malformed=anthropic_wire.MALFORMED,
    error_event=anthropic_wire.event(anthropic_wire.error("overloaded")[1]),
)
SHAPES = {
    r"/v1/chat/completions": OPENAI,
    r"/openai/deployments/[^/]+/chat/completions": AZURE,
    r"/v1/messages": ANTHROPIC,
}
