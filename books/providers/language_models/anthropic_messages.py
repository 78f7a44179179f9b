"""Anthropic's Messages API."""

import re
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, ClassVar, Unpack

from books.providers.language_models.adapter import Adapter, Collected, Options
from books.providers.language_models.errors import (
    ContextTooLong,
    CutShort,
    Malformed,
    ModelError,
    ProviderUnavailable,
    TimedOut,
)
from books.providers.language_models.protocol import Finish, ModelRequest
from books.providers.language_models.schemas import ANTHROPIC, strict
from books.providers.language_models.wire_errors import from_envelope, in_stream

if TYPE_CHECKING:
    from anthropic import APIError
    from anthropic.types import RawMessageDeltaEvent, RawMessageStreamEvent

ANTHROPIC_URL = "https://api.anthropic.com"
API_VERSION = "2026-10-21"
THINKING_TOKENS = 8000
FINISHES: dict[str, Finish] = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length"}
# Generations before 5 do not think unless told to; newer ones, and names not known yet, do.
UNTHINKING_MODEL = re.compile(r"^claude-(?:[a-z]+-)?[1-4](?!\d)")


class AnthropicModel(Adapter["RawMessageStreamEvent"]):
    """A Claude model.

    Temperature is not sent: since its version of 2026-10-21 the API refuses every sampling field. Newer models think
    first, and count their thoughts as tokens of the answer: `thinking_tokens` are added to what the request allows for
    the text, a ceiling and no spend. `thinks` is read off the model's name when it is None. `effort` (low, medium, …)
    is sent when not empty; older models refuse it.
    """

    provider: ClassVar[str] = "anthropic"

    def __init__(
        self,
        *,
        base_url: str = ANTHROPIC_URL,
        thinks: bool | None = None,
        thinking_tokens: int = THINKING_TOKENS,
        effort: str = "",
        **options: Unpack[Options],
    ) -> None:
        import anthropic  # now, with the adapter, and not in the first call

        super().__init__(**options)
        self._sdk = anthropic
        self._base_url = base_url
        self._thinks = not UNTHINKING_MODEL.match(self.name) if thinks is None else thinks
        self._thinking_tokens = thinking_tokens
        self._effort = effort

    async def _events(self, request: ModelRequest, answer: Collected) -> AsyncGenerator["RawMessageStreamEvent", None]:
        import httpx2
        from anthropic.types import Message, RawMessageStreamEvent

        client = self._sdk.AsyncAnthropic(
            base_url=self._base_url,
            api_key=self._api_key or "none",
            max_retries=0,
            http_client=self._http(),
            default_headers={"anthropic-version": API_VERSION},
            open_telemetry=False,
        )
        async with client:
            try:
                stream = await client.post(
                    "/v1/messages",
                    body=self._body(request),
                    cast_to=Message,
                    stream=True,
                    stream_cls=self._sdk.AsyncStream[RawMessageStreamEvent],
                )
                answer.began = True
                async with stream:
                    async for event in stream:
                        yield event
                        if event.type == "message_stop":
                            return  # the SDK would wait for the server to close the connection
            except self._sdk.APIError as error:
                # Without its cause: a trace-back would print what the provider said, even the key.
                raise _translated(error, began=answer.began) from None
            except httpx2.HTTPError as error:
                raise CutShort(detail=str(error)) from None
            except ValueError as error:
                raise Malformed(detail=str(error)) from error

    def _body(self, request: ModelRequest) -> dict[str, object]:
        system = "\n\n".join(message.text for message in request.messages if message.role == "system")
        turns = [message for message in request.messages if message.role != "system"]
        body: dict[str, object] = {
            "model": self.name,
            "max_tokens": request.max_tokens + (self._thinking_tokens if self._thinks else 0),
            "messages": [{"role": message.role, "content": message.text} for message in turns],
            "stream": True,
        }
        output: dict[str, object] = {"effort": self._effort} if self._effort else {}
        if request.json_schema is not None:
            output["format"] = {"type": "json_schema", "schema": strict(request.json_schema, ANTHROPIC)}
        return body | ({"system": system} if system else {}) | ({"output_config": output} if output else {})

    def _take(self, event: "RawMessageStreamEvent", answer: Collected) -> str:
        match event.type:
            case "message_start":
                usage = event.message.usage
                answer.model = event.message.model or answer.model
                # What was read from or written into a cache is no part of `input_tokens`.
                cached = (usage.cache_creation_input_tokens or 0) + (usage.cache_read_input_tokens or 0)
                answer.tokens_in, answer.tokens_out = usage.input_tokens + cached, usage.output_tokens
            case "content_block_delta":
                return event.delta.text if event.delta.type == "text_delta" else ""
            case "message_delta":
                answer.tokens_out = event.usage.output_tokens
                _end(event, answer)
        return ""


def _end(event: "RawMessageDeltaEvent", answer: Collected) -> None:
    reason = event.delta.stop_reason
    if reason == "refusal":
        details = event.delta.stop_details
        answer.refusal = (details and details.explanation) or reason
    elif reason == "model_context_window_exceeded":
        answer.problem = ContextTooLong(detail=reason)
    elif reason in FINISHES:
        answer.finish = FINISHES[reason]
    elif reason:
        answer.problem = Malformed(detail=f"stop_reason {reason}")


def _translated(error: "APIError", *, began: bool) -> ModelError:
    from anthropic import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError):
        return TimedOut(detail=str(error))
    if isinstance(error, APIConnectionError):
        cause = str(error.__cause__ or error)
        return CutShort(detail=cause) if began else ProviderUnavailable(detail=cause)
    if isinstance(error, APIStatusError) and not began:
        return from_envelope(error.status_code, error.body or error.message, error.response.headers)
    return in_stream(error.body)
