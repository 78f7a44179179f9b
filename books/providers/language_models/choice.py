"""One model of the catalogue, ready to be asked: under its own name, with its own price, made when first asked."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from books.providers.language_models.adapter import Options
from books.providers.language_models.anthropic_messages import UNTHINKING_MODEL, AnthropicModel
from books.providers.language_models.catalogue import ModelSetting
from books.providers.language_models.openai_compatible import OpenAICompatible
from books.providers.language_models.openai_platform import (
    THINKING_MODEL,
    THINKING_TOKENS,
    AzureModel,
    OpenAIModel,
)
from books.providers.language_models.prices import price
from books.providers.language_models.protocol import LanguageModel, ModelAnswer, ModelRequest

# No language that books are written in here takes more than one token for two bytes of UTF-8.
BYTES_A_TOKEN = 2
ENVELOPE_TOKENS = 100  # what the messages are wrapped in


class Choice:
    """A model by its name in the catalogue: answers say that name as `asked`, whatever the provider calls it.

    Loads its provider's SDK when first asked: a model that is only a fallback costs nothing until then.
    """

    def __init__(self, name: str, setting: ModelSetting, *, api_key: str) -> None:
        self.name = name
        self.label = setting.label or name
        self.context_tokens = setting.context_tokens
        self.setting = setting
        self._api_key = api_key

    def ask(
        self,
        request: ModelRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> ModelAnswer:
        """Return the answer. Raises ModelError."""
        answer = self._adapter.ask(request, on_text=on_text, stopped=stopped)
        return replace(answer, asked=self.name, provider=self.setting.provider)

    def micros(self, tokens_in: int, tokens_out: int, *, answered: str = "") -> int | None:
        """What so many tokens cost in millionths of a US dollar; None where no price is known, never a guess.

        `answered` is the model's name as the server said it, for providers with a price list.
        """
        if self.setting.price:
            return self.setting.price.micros(tokens_in, tokens_out)
        if self.setting.provider == "compatible":
            return None
        for name in (answered, self.setting.model):
            found = price(name, self.setting.provider, tokens_in, tokens_out) if name else None
            if found:
                return found.micros
        return None

    def worst_micros(self, request: ModelRequest) -> int | None:
        """The most that `request` can cost here: every byte of it counted high, the answer as long as it may be."""
        text = sum(len(message.text.encode()) for message in request.messages)
        schema = len(str(request.json_schema or ""))
        tokens_in = (text + schema) // BYTES_A_TOKEN + ENVELOPE_TOKENS
        return self.micros(tokens_in, request.max_tokens + (THINKING_TOKENS if self._thinks else 0))

    @property
    def _thinks(self) -> bool:
        setting = self.setting
        if setting.thinks is not None or setting.provider == "compatible":
            return bool(setting.thinks)
        if setting.provider == "anthropic":
            return not UNTHINKING_MODEL.match(setting.model)
        return bool(THINKING_MODEL.match(setting.model))

    @cached_property
    def _adapter(self) -> LanguageModel:
        setting, patience = self.setting, self.setting.timeouts
        common: Options = {
            "api_key": self._api_key, "model": setting.model, "label": self.label,
            "context_tokens": setting.context_tokens, "connect_seconds": patience.connect,
            "first_byte_seconds": patience.first_byte, "idle_seconds": patience.idle, "total_seconds": patience.total,
        }  # fmt: skip
        url = str(setting.url).rstrip("/") if setting.url else ""
        if setting.provider == "compatible":
            return OpenAICompatible(base_url=url, extra=setting.extra, **common)
        # What is not configured is the adapter's own default.
        given = {"base_url": url, "effort": setting.effort, "thinks": setting.thinks}
        own: dict[str, Any] = {name: value for name, value in given.items() if value not in {"", None}}
        if setting.provider == "anthropic":
            return AnthropicModel(**own, **common)
        if setting.provider == "openai":
            return OpenAIModel(**own, **common)
        if setting.api_version:
            own["api_version"] = setting.api_version
        return AzureModel(deployment=setting.deployment, **own, **common)
