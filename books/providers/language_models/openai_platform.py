"""OpenAI's own platform, and Azure's: chat completions with the rules that compatible servers do not have."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from books.providers.language_models.adapter import Options
from books.providers.language_models.openai_compatible import OpenAICompatible
from books.providers.language_models.protocol import ModelRequest
from books.providers.language_models.schemas import OPENAI, strict

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
AZURE_API_VERSION = "2024-10-21"
THINKING_TOKENS = 8000
# o1, o3-mini, gpt-5.2 think; gpt-4o, gpt-5-chat-latest and o-less names do not.
THINKING_MODEL = re.compile(r"^(?:o\d|gpt-(?:[5-9]|\d\d))(?!.*-chat)")


class OpenAIModel(OpenAICompatible):
    """A model of OpenAI's platform.

    A model that thinks before it writes takes no temperature, and counts its thoughts as tokens of the answer:
    `thinking_tokens` are added to what the request allows for the text, a ceiling and no spend. `thinks` is read off
    the model's name when it is None. `effort` (low, medium, …) is sent when not empty.
    """

    provider: ClassVar[str] = "openai"

    def __init__(
        self,
        *,
        base_url: str = OPENAI_URL,
        thinks: bool | None = None,
        thinking_tokens: int = THINKING_TOKENS,
        effort: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(base_url=base_url, **options)
        self._thinks = bool(THINKING_MODEL.match(self.name)) if thinks is None else thinks
        self._thinking_tokens = thinking_tokens
        self._effort = effort

    def _limits(self, request: ModelRequest) -> dict[str, object]:
        if not self._thinks:
            return {"max_completion_tokens": request.max_tokens, "temperature": request.temperature}
        effort = {"reasoning_effort": self._effort} if self._effort else {}
        return {"max_completion_tokens": request.max_tokens + self._thinking_tokens, **effort}

    def _schema(self, schema: Mapping[str, object]) -> dict[str, object]:
        return {"schema": strict(schema, OPENAI), "strict": True}


class AzureModel(OpenAIModel):
    """A deployment of one of OpenAI's models in an Azure resource.

    `base_url` is the resource's endpoint without a path, `deployment` the name the operator gave, `model` the model
    behind it: its name decides the dialect. Azure's newer address that ends in `/openai/v1` needs no deployment path:
    it is `OpenAIModel(base_url=…)`.
    """

    provider: ClassVar[str] = "azure"

    def __init__(
        self,
        *,
        base_url: str,
        deployment: str,
        api_version: str = AZURE_API_VERSION,
        thinks: bool | None = None,
        thinking_tokens: int = THINKING_TOKENS,
        effort: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(base_url=base_url, thinks=thinks, thinking_tokens=thinking_tokens, effort=effort, **options)
        self._deployment = deployment
        self._api_version = api_version

    def _client(self) -> "AsyncOpenAI":
        client: AsyncOpenAI = self._sdk.AsyncAzureOpenAI(
            azure_endpoint=self._base_url,
            azure_deployment=self._deployment,
            api_version=self._api_version,
            api_key=self._api_key or "none",
            max_retries=0,
            http_client=self._http(),
        )
        return client
