"""Anthropic's wire shapes: messages whole and in named events, and the error envelope."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.llm import wire

FINISHES = {
    "stop": "end_turn",
    "length": "max_tokens",
    "content_filter": "refusal",
    "window": "model_context_window_exceeded",
    "paused": "pause_turn",
}

ERRORS: dict[str, tuple[int, str, str]] = {
    "400": (400, "invalid_request_error", "messages: Input should be a valid list"),
    "401": (401, "authentication_error", "invalid x-api-key"),
    "403": (403, "permission_error", "Your API key does not have permission to use the specified resource."),
    "404": (404, "not_found_error", "model: there is no such model"),
    "429": (429, "rate_limit_error", "This request would exceed your organization's rate limit."),
    "500": (500, "api_error", "Internal server error"),
    "503": (503, "api_error", "Service unavailable"),
    "overloaded": (529, "overloaded_error", "Overloaded"),
    "context": (400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
    "quota": (400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    "prompt_filter": (400, "invalid_request_error", "Output blocked by content filtering policy"),
}
MALFORMED = b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, "del\n\n'


def as_chat(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request in OpenAI's words: what decides the scripted answer is the same in both."""
    system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
    chat = {**body, "messages": [*system, *body.get("messages", [])]}
    wanted = (body.get("output_config") or {}).get("format")
    if wanted:
        chat["response_format"] = {"type": "json_schema", "json_schema": {"schema": wanted["schema"]}}
    return chat


def completion(answer: wire.Answer) -> dict[str, object]:
    """The body of a call without streaming."""
    content = [{"type": "text", "text": answer.text}] if answer.tokens else []
    return {**_message(answer), "content": content, **_stop(answer), "usage": _usage(answer, _out(answer))}


def events(answer: wire.Answer, *, usage: bool) -> Iterator[bytes]:
    """The events of a stream: its head, one per token, its end. Usage always comes, asked for or not."""
    _ = usage
    opened = {"type": "content_block_start", "index": int(answer.thoughts > 0), "content_block": _text("")}
    yield b"".join(
        [
            event(
                {"type": "message_start", "message": {**_message(answer), "content": [], "usage": _usage(answer, 1)}}
            ),
            *_thinking(answer),
            event(opened) if answer.tokens else b"",
            event({"type": "ping"}),
        ]
    )
    for token in answer.tokens:
        delta = {"type": "text_delta", "text": token}
        yield event({"type": "content_block_delta", "index": opened["index"], "delta": delta})
    closed = event({"type": "content_block_stop", "index": opened["index"]}) if answer.tokens else b""
    yield closed + event({"type": "message_delta", "delta": _stop(answer), "usage": {"output_tokens": _out(answer)}})
    yield event({"type": "message_stop"})


def event(body: Mapping[str, Any]) -> bytes:
    """One server-sent event, named by its type."""
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f"event: {body['type']}\ndata: {data}\n\n".encode()


def error(kind: str, *, key: str = "", message: str = "") -> tuple[int, dict[str, object]]:
    """Status and body of a refusal; `message` instead of the usual one. The key is never quoted."""
    _ = key
    status, family, usual = ERRORS[kind]
    envelope = {"type": family, "message": message or usual}
    return status, {"type": "error", "error": envelope, "request_id": "req_scripted"}


def _message(answer: wire.Answer) -> dict[str, object]:
    return {
        "id": answer.identifier.replace("chatcmpl-", "msg_"),
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "stop_reason": None,
        "stop_sequence": None,
    }


def _thinking(answer: wire.Answer) -> list[bytes]:
    """The block of thoughts as it comes when they are not displayed: empty, and signed."""
    if not answer.thoughts:
        return []
    block = {"type": "thinking", "thinking": "", "signature": ""}
    signed = {"type": "signature_delta", "signature": "c2NyaXB0ZWQ="}
    return [
        event({"type": "content_block_start", "index": 0, "content_block": block}),
        event({"type": "content_block_delta", "index": 0, "delta": signed}),
        event({"type": "content_block_stop", "index": 0}),
    ]


def _stop(answer: wire.Answer) -> dict[str, object]:
    declined = answer.refusal is not None or answer.finish == "content_filter"
    details = {"type": "refusal", "category": "general_harms", "explanation": answer.refusal}
    return {
        "stop_reason": "refusal" if declined else FINISHES[answer.finish],
        "stop_sequence": None,
        "stop_details": details if declined else None,
    }


def _out(answer: wire.Answer) -> int:
    return len(answer.tokens) + answer.thoughts


def _usage(answer: wire.Answer, out: int) -> dict[str, object]:
    """As if a part of the prompt had come from a cache: it is no part of `input_tokens`."""
    cached = answer.tokens_in // 4
    return {
        "input_tokens": answer.tokens_in - cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "output_tokens": out,
    }


def _text(text: str) -> dict[str, object]:
    return {"type": "text", "text": text}
