"""The models and requests of these tests: one adapter for each wire shape, all asked the same."""

from dataclasses import dataclass
from typing import Any

import pytest

from books.providers.language_models import (
    AnthropicModel,
    AzureModel,
    LanguageModel,
    Message,
    ModelError,
    ModelRequest,
    OpenAICompatible,
    OpenAIModel,
)
from tests.fakes.llm import Control, FakeLanguageModel

CLOSED = "http://127.0.0.1:9"  # discard: nothing listens there
SHAPES = ("compatible", "openai", "azure", "anthropic")
# Those that do not think first, so that `max_tokens` bounds the text exactly.
MODELS = {
    "compatible": "scripted-author",
    "openai": "gpt-4o",
    "azure": "gpt-4o",
    "anthropic": "claude-opus-4-8",
}
CHAPTER = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 3, "maxLength": 120},
        "summary": {"type": "string", "maxLength": 300},
        "points": {"type": "array", "items": {"type": "string", "maxLength": 160}, "minItems": 2, "maxItems": 4},
    },
    "required": ["title", "summary", "points"],
    "additionalProperties": False,
}
OUTLINE = {
    "type": "object",
    "properties": {"chapters": {"type": "array", "items": CHAPTER, "minItems": 7, "maxItems": 7}},
    "required": ["chapters"],
}


@dataclass(frozen=True)
class Maker:
    """Makes models of one shape against one server."""

    shape: str
    root: str
    control: Control

    def model(self, **overrides: Any) -> LanguageModel:
        """The shape's adapter."""
        return make_model(self.shape, self.root, **overrides)


def make_model(shape: str, root: str, **overrides: Any) -> LanguageModel:
    """The adapter of that shape; `root` is the server's address without a path."""
    common = {"api_key": "key", "model": MODELS[shape], "label": shape, "context_tokens": 8192, **overrides}
    match shape:
        case "openai":
            return OpenAIModel(**{"base_url": f"{root}/v1", **common})
        case "azure":
            return AzureModel(**{"base_url": root, "deployment": "writer", **common})
        case "anthropic":
            return AnthropicModel(**{"base_url": root, **common})
        case _:
            return OpenAICompatible(**{"base_url": f"{root}/v1", **common})


def maker(shape: str, fake: FakeLanguageModel) -> Maker:
    """A maker of models that ask `fake`."""
    return Maker(shape, fake.root, fake.control)


def section(words: int = 300, language: str = "en", **overrides: Any) -> ModelRequest:
    """A section of about that many words."""
    lines = (
        f"Title: City bees\nLanguage: {language}\nTopic: Beekeeping on roofs\n"
        f"Cover:\n- the first hive\n- neighbours\nWrite about {words} words (part 1 of 1 of this chapter)."
    )
    options: dict[str, Any] = {
        "messages": (Message("system", "You write books."), Message("user", lines)),
        "max_tokens": 2 * words + 100,
        "purpose": "section",
    }
    return ModelRequest(**{**options, **overrides})


def outline() -> ModelRequest:
    """An outline of seven chapters, as JSON."""
    prompt = "Title: City bees\nLanguage: en\nTopic: Beekeeping on roofs\nPlan chapters 1 to 7."
    return ModelRequest(messages=(Message("user", prompt),), max_tokens=3000, json_schema=OUTLINE, purpose="outline")


def failure(model: LanguageModel, request: ModelRequest | None = None, **options: Any) -> ModelError:
    """The error that call ends with."""
    with pytest.raises(ModelError) as caught:
        model.ask(request or section(), **options)
    return caught.value
