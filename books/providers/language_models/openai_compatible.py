"""Any server that speaks OpenAI's chat completions: llama.cpp, vLLM, Ollama, hosted ones."""

from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Unpack

from books.providers.language_models.adapter import Adapter, Collected, Options
from books.providers.language_models.errors import CutShort, Malformed, ModelError, ProviderUnavailable, TimedOut
from books.providers.language_models.protocol import Finish, ModelRequest
from books.providers.language_models.wire_errors import from_envelope, in_stream

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI
    from openai.types.chat import ChatCompletionChunk

FINISHES: dict[str, Finish] = {"stop": "stop", "length": "length"}


class OpenAICompatible(Adapter["ChatCompletionChunk"]):
    """A model behind `base_url` (with its `/v1`).

    `extra` joins every request body: the sampling fields a server has beyond OpenAI's, such as `repeat_penalty`.
    """

    def __init__(self, *, base_url: str, extra: Mapping[str, object] | None = None, **options: Unpack[Options]) -> None:
        import openai  # now, with the adapter, and not in the first call

        super().__init__(**options)
        self._sdk = openai
        self._base_url = base_url
        self._extra = dict(extra or {})

    def _client(self) -> "AsyncOpenAI":
        return self._sdk.AsyncOpenAI(
            base_url=self._base_url, api_key=self._api_key or "none", max_retries=0, http_client=self._http()
        )

    async def _events(self, request: ModelRequest, answer: Collected) -> AsyncGenerator["ChatCompletionChunk", None]:
        from openai.types.chat import ChatCompletion, ChatCompletionChunk

        async with self._client() as client:
            try:
                stream = await client.post(
                    "/chat/completions",
                    body=self._body(request),
                    # What the environment names as its organization and project is no business of this server.
                    options={"headers": dict.fromkeys(("OpenAI-Organization", "OpenAI-Project"), self._sdk.Omit())},
                    cast_to=ChatCompletion,
                    stream=True,
                    stream_cls=self._sdk.AsyncStream[ChatCompletionChunk],
                )
                answer.began = True
                async with stream:
                    async for chunk in stream:
                        yield chunk
            except self._sdk.APIError as error:
                # Without its cause: a trace-back would print what the provider said, even the key.
                raise _translated(error, began=answer.began) from None
            except ValueError as error:
                raise Malformed(detail=str(error)) from error

    def _body(self, request: ModelRequest) -> dict[str, object]:
        body: dict[str, object] = {
            **self._extra,
            "model": self.name,
            "messages": [{"role": message.role, "content": message.text} for message in request.messages],
            **self._limits(request),
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.json_schema is not None:
            schema = {"name": request.schema_name, **self._schema(request.json_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _limits(self, request: ModelRequest) -> dict[str, object]:
        return {"max_tokens": request.max_tokens, "temperature": request.temperature}

    def _schema(self, schema: Mapping[str, object]) -> dict[str, object]:
        # Not `strict`: that dialect knows neither minLength nor maxLength, which small models need.
        return {"schema": schema, "strict": False}

    def _take(self, event: "ChatCompletionChunk", answer: Collected) -> str:
        answer.model = event.model or answer.model
        if event.usage:
            answer.tokens_in, answer.tokens_out = event.usage.prompt_tokens, event.usage.completion_tokens
        if not event.choices:
            return ""
        choice = event.choices[0]
        answer.refusal += choice.delta.refusal or ""
        if choice.finish_reason == "content_filter":
            answer.refusal = answer.refusal or "content_filter"
        elif choice.finish_reason in FINISHES:
            answer.finish = FINISHES[choice.finish_reason]
        elif choice.finish_reason:
            answer.problem = Malformed(detail=f"finish_reason {choice.finish_reason}")
        return choice.delta.content or ""


def _translated(error: "APIError", *, began: bool) -> ModelError:
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError):
        return TimedOut(detail=str(error))
    if isinstance(error, APIConnectionError):
        cause = str(error.__cause__ or error)
        return CutShort(detail=cause) if began else ProviderUnavailable(detail=cause)
    if isinstance(error, APIStatusError):
        return from_envelope(error.status_code, error.body or error.message, error.response.headers)
    return in_stream(error.body)
