"""OpenAI's wire shapes: chat completions whole and in chunks, the list of models, the error envelope."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

FINGERPRINT = "fp_scripted0001"
FINISHES = {"window": "length", "paused": "tool_calls"}  # where OpenAI's word is another than ours
CREATED = 1_750_000_000  # fixed: the same request gets the same bytes
TOKEN = re.compile(r"\s*\S{1,9}|\s+$")

ERRORS: dict[str, tuple[int, str, str | None, str]] = {
    "400": (400, "invalid_request_error", None, "Invalid value for 'messages'."),
    "401": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: {key}."),
    "403": (403, "invalid_request_error", "model_access_denied", "This project may not use the model."),
    "404": (404, "invalid_request_error", "model_not_found", "The model does not exist."),
    "429": (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests per minute."),
    "500": (500, "server_error", None, "The server had an error while processing your request."),
    "503": (503, "server_error", None, "The engine is currently overloaded, please try again later."),
    "overloaded": (503, "server_error", "slow_down", "The server is overloaded: slow down."),
    "prompt_filter": (400, "invalid_request_error", "invalid_prompt", "Your prompt was flagged by our usage policy."),
    "context": (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "Maximum context length is 8192 tokens.",
    ),
    "quota": (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
}


@dataclass(frozen=True)
class Answer:
    """What a call is answered with; `tokens` are the pieces a stream sends, joined the text.

    `thoughts` are tokens that were thought and are paid, but not shown. `beside` joins every choice.
    """

    identifier: str
    model: str
    tokens: Sequence[str]
    tokens_in: int
    finish: str = "stop"
    refusal: str | None = None
    thoughts: int = 0
    beside: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.tokens)

    @property
    def usage(self) -> dict[str, object]:
        """Token counts; as many tokens out as pieces and thoughts."""
        out = len(self.tokens) + self.thoughts
        return {
            "prompt_tokens": self.tokens_in,
            "completion_tokens": out,
            "total_tokens": self.tokens_in + out,
            "completion_tokens_details": {"reasoning_tokens": self.thoughts},
        }


def tokenize(text: str) -> list[str]:
    """Pieces of at most nine letters with the white space before them; joined they are the text."""
    return TOKEN.findall(text)


def completion(answer: Answer) -> dict[str, object]:
    """The body of a call without streaming."""
    message: dict[str, object] = {
        "role": "assistant",
        "content": answer.text or None,
        "refusal": answer.refusal,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer), **answer.beside}
    return {**_head(answer, "chat.completion"), "choices": [choice], "usage": answer.usage}


def events(answer: Answer, *, usage: bool) -> Iterator[bytes]:
    """The events of a stream: a role, one per token, the finish, the usage if asked for, [DONE]."""
    yield _chunk(answer, {"role": "assistant", "content": "", "refusal": None}, None, usage=usage)
    for token in answer.tokens:
        yield _chunk(answer, {"content": token}, None, usage=usage)
    if answer.refusal:
        yield _chunk(answer, {"refusal": answer.refusal}, None, usage=usage)
    yield _chunk(answer, {}, _finish(answer), usage=usage)
    if usage:
        yield event({**_head(answer, "chat.completion.chunk"), "choices": [], "usage": answer.usage})
    yield b"data: [DONE]\n\n"


def event(body: object) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(body, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


def error(kind: str, *, key: str = "") -> tuple[int, dict[str, object]]:
    """Status and body of a refusal in OpenAI's envelope; a wrong `key` is quoted, as servers do."""
    status, family, code, message = ERRORS[kind]
    message = message.format(key=key)
    return status, {"error": {"message": message, "type": family, "param": None, "code": code}}


def models(name: str, context_tokens: int) -> dict[str, object]:
    """The list of models, with the window as vLLM tells it."""
    one = {
        "id": name,
        "object": "model",
        "created": CREATED,
        "owned_by": "fake",
        "max_model_len": context_tokens,
    }
    return {"object": "list", "data": [one]}


def _finish(answer: Answer) -> str:
    return FINISHES.get(answer.finish, answer.finish)


def _head(answer: Answer, kind: str) -> dict[str, object]:
    return {
        "id": answer.identifier,
        "object": kind,
        "created": CREATED,
        "model": answer.model,
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }


def _chunk(answer: Answer, delta: dict[str, object], finish: str | None, *, usage: bool) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish, **answer.beside}
    body = {**_head(answer, "chat.completion.chunk"), "choices": [choice]}
    return event({**body, "usage": None} if usage else body)
