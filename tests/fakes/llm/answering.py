"""From a request body to the scripted answer, and how a fault spoils it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.fakes.llm import composing, wire
from tests.fakes.llm.calls import digest
from tests.fakes.llm.schema_answers import Instance

THINKING_MODEL = re.compile(r"^(?:o\d|gpt-[5-9]|claude-[a-z]+-[5-9])(?!.*-chat)")
THOUGHTS = 24


def thinks(body: Mapping[str, Any]) -> bool:
    """Whether the model asked for thinks before it writes."""
    return bool(THINKING_MODEL.match(str(body.get("model"))))


def prompt(body: Mapping[str, Any]) -> str:
    """The text of all messages, in order."""
    return "\n".join(_content(message.get("content")) for message in body.get("messages", []))


def purpose(body: Mapping[str, Any]) -> str:
    """What the call is for: outline, facts, review, repair, section, translation, summary, blurb or chat."""
    turns = sum(message.get("role") == "user" for message in body.get("messages", []))
    return composing.purpose(prompt(body), schema=_schema(body) is not None, turns=turns)


def answer(body: Mapping[str, Any], model: str) -> wire.Answer:
    """The answer to a body: the same body always gets the same one; `max_tokens` may end it early."""
    asked = prompt(body)
    tokens = wire.tokenize(_text(body, asked))
    thoughts = THOUGHTS if thinks(body) else 0
    most = (body.get("max_completion_tokens") or body.get("max_tokens") or len(tokens) + thoughts) - thoughts
    return wire.Answer(
        identifier=f"chatcmpl-{digest(body)[:24]}",
        model=str(body.get("model") or model),
        tokens=tokens[:most],
        tokens_in=len(wire.tokenize(asked)) + 4 * len(body.get("messages", [])),
        finish="stop" if len(tokens) <= most else "length",
        thoughts=thoughts,
    )


def spoiled(whole: wire.Answer, kind: str, body: Mapping[str, Any]) -> wire.Answer:
    """The answer as a fault leaves it; faults of the wire itself leave it whole."""
    half = whole.tokens[: len(whole.tokens) // 2]
    match kind:
        case "invalid_json":
            return replace(whole, tokens=[*half, " and so on"])
        case "length" | "content_filter" | "window" | "paused":
            return replace(whole, tokens=half, finish=kind)
        case "refusal":
            return replace(whole, tokens=[], refusal=composing.subject(prompt(body)).language.refusal)
        case _:
            return whole


def _text(body: Mapping[str, Any], asked: str) -> str:
    schema = _schema(body)
    if schema is not None:
        return json.dumps(Instance(schema, asked).build(), ensure_ascii=False, indent=1)
    return composing.blurb(asked) if purpose(body) == "blurb" else composing.section(asked)


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        schema: Mapping[str, Any] = wanted["json_schema"]["schema"]
        return schema
    return None


def _content(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return str(content or "")
