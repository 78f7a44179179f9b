"""What each provider is sent: its own path, headers and fields, and no field it would refuse."""

from collections.abc import Mapping
from typing import Any

import pytest

from books.providers.language_models import ContextTooLong, Rejected
from books.providers.language_models.schemas import ANTHROPIC, OPENAI, strict
from tests.books.ask.asking import OUTLINE, Maker, failure, maker, outline, section
from tests.fakes.llm import FakeLanguageModel

THINKERS = [("openai", "gpt-5.2"), ("openai", "o4-mini"), ("azure", "gpt-5.2"), ("anthropic", "claude-sonnet-5-5")]
SCHEMA = {
    "$defs": {"Name": {"type": "string", "maxLength": 9, "default": "x"}},
    "type": "object",
    "properties": {
        "name": {"$ref": "#/$defs/Name", "description": "dropped beside a reference"},
        "age": {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "null"}], "default": None},
        "kind": {"enum": ["a", "b"], "description": "Which."},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 1, "description": "A tag."}, "maxItems": 3},
    },
    "required": ["name"],
}


def asked(by: Maker, number: int = 0) -> Mapping[str, Any]:
    call: Mapping[str, Any] = by.control.calls()[number]
    return call


def test_each_provider_is_asked_at_its_own_path_with_its_own_header(by: Maker) -> None:
    by.model(api_key="k").ask(section(60))
    bearer = {"authorization": "Bearer k"}
    expected = {
        "compatible": ("/v1/chat/completions", bearer),
        "openai": ("/v1/chat/completions", bearer),
        "azure": ("/openai/deployments/writer/chat/completions?api-version=2024-10-21", {"api-key": "k"}),
        "anthropic": ("/v1/messages", {**bearer, "anthropic-version": "2026-10-21"}),
    }
    call = asked(by)
    assert (call["path"], call["headers"]) == expected[by.shape]


def test_each_provider_is_told_the_limits_in_its_own_fields(by: Maker) -> None:
    by.model().ask(section(60))
    expected: dict[str, dict[str, object]] = {
        "compatible": {"max_tokens": 220, "temperature": 0.7},
        "openai": {"max_completion_tokens": 220, "temperature": 0.7},
        "azure": {"max_completion_tokens": 220, "temperature": 0.7},
        "anthropic": {"max_tokens": 220},
    }
    fields = asked(by)["fields"]
    limits = {"max_tokens", "max_completion_tokens", "temperature", "reasoning_effort", "output_config"}
    assert {name: value for name, value in fields.items() if name in limits} == expected[by.shape]


@pytest.mark.parametrize(("shape", "model"), THINKERS)
def test_a_model_that_thinks_gets_room_for_it_and_no_temperature(
    fake: FakeLanguageModel, shape: str, model: str
) -> None:
    by = maker(shape, fake)
    answer = by.model(model=model, thinking_tokens=1000, effort="low").ask(section(60))
    fields = asked(by)["fields"]
    assert "temperature" not in fields
    assert (fields.get("max_completion_tokens") or fields["max_tokens"]) == 1220
    effort = fields["output_config"]["effort"] if shape == "anthropic" else fields["reasoning_effort"]
    assert effort == "low"
    assert answer.tokens_out > asked(by)["tokens"]  # thoughts are paid too


@pytest.mark.parametrize(
    ("shape", "model", "thinks"),
    [
        ("openai", "gpt-5-chat-latest", False),
        ("openai", "gpt-4.1", False),
        ("openai", "o3", True),
        ("openai", "gpt-10", True),
        ("anthropic", "claude-opus-4-8", False),
        ("anthropic", "claude-haiku-4-5-20251001", False),
        ("anthropic", "claude-3-5-haiku-20241022", False),
        ("anthropic", "claude-fable-5", True),
        ("anthropic", "a-model-of-next-year", True),
    ],
)
def test_whether_a_model_thinks_is_read_off_its_name(
    fake: FakeLanguageModel, shape: str, model: str, thinks: bool
) -> None:
    by = maker(shape, fake)
    by.model(model=model, thinking_tokens=1000).ask(section(60))
    fields = asked(by)["fields"]
    assert (fields.get("max_completion_tokens") or fields["max_tokens"]) == (1220 if thinks else 220)


def test_a_deployment_whose_model_has_another_name_can_be_told_to_think(fake: FakeLanguageModel) -> None:
    by = maker("azure", fake)
    by.model(thinks=True, thinking_tokens=500, deployment="night shift", api_version="2025-04-01-preview").ask(
        section(60)
    )
    assert asked(by)["fields"]["max_completion_tokens"] == 720
    assert asked(by)["path"] == ("/openai/deployments/night%20shift/chat/completions?api-version=2025-04-01-preview")


def test_a_compatible_server_gets_its_own_sampling_fields_and_the_schema_as_it_is(fake: FakeLanguageModel) -> None:
    by = maker("compatible", fake)
    by.model(extra={"repeat_penalty": 1.1}).ask(outline())
    fields = asked(by)["fields"]
    assert fields["repeat_penalty"] == 1.1
    assert fields["response_format"]["json_schema"] == {"name": "answer", "schema": OUTLINE, "strict": False}


def test_the_rules_turn_from_the_wire_into_words_where_a_provider_cannot_hold_them() -> None:
    name = {"type": "string", "description": "(maxLength: 9)"}
    tag = {"type": "string", "description": "A tag. (minLength: 1)"}
    whole = {"type": "object", "required": ["name", "age", "kind", "tags"], "additionalProperties": False}
    kind = {"enum": ["a", "b"], "description": "Which."}
    assert strict(SCHEMA, OPENAI) == {
        **whole,
        "$defs": {"Name": name},
        "properties": {
            "name": {"$ref": "#/$defs/Name"},
            "age": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
            "kind": kind,
            "tags": {"type": "array", "items": tag, "maxItems": 3},
        },
    }
    assert strict(SCHEMA, ANTHROPIC) == {
        **whole,
        "$defs": {"Name": name},
        "properties": {
            "name": {"$ref": "#/$defs/Name"},
            "age": {"anyOf": [{"type": "integer", "description": "(minimum: 0)"}, {"type": "null"}]},
            "kind": kind,
            "tags": {"type": "array", "items": tag, "description": "(maxItems: 3)"},
        },
    }
    assert strict({"type": "object"}, OPENAI)["properties"] == {}


def test_what_was_read_from_a_cache_counts_as_read(fake: FakeLanguageModel) -> None:
    counted = [maker(shape, fake).model().ask(section(60)).tokens_in for shape in ("openai", "azure", "anthropic")]
    assert len(set(counted)) == 1


def test_a_window_that_is_full_is_a_text_too_long_where_the_provider_says_so(by: Maker) -> None:
    by.control.fault("window")
    if by.shape == "anthropic":
        assert type(failure(by.model())) is ContextTooLong
    else:
        assert by.model().ask(section()).finish == "length"


def test_the_fake_refuses_what_a_provider_refuses(fake: FakeLanguageModel) -> None:
    thinking = maker("compatible", fake)
    assert "max_completion_tokens" in failure(thinking.model(model="gpt-5.2")).detail
    azure = failure(maker("azure", fake).model(api_version=""))
    assert "not found" in azure.detail
    prefilled = section(60, messages=section().messages[:1])
    assert type(failure(maker("anthropic", fake).model(), prefilled)) is Rejected
