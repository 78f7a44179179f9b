"""Any server that speaks OpenAI's chat completions: llama.cpp, vLLM, Ollama, hosted ones."""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from books.providers.language_models.errors import (
    CutShort,
    Malformed,
    ModelError,
    ProviderUnavailable,
    Refused,
    TimedOut,
)
from books.providers.language_models.protocol import Finish, ModelAnswer, ModelRequest
from books.providers.language_models.pulling import Pull
from books.providers.language_models.wire_errors import from_envelope, in_stream

if TYPE_CHECKING:
    from openai import APIError
    from openai.types.chat import ChatCompletionChunk

log = logging.getLogger(__name__)


class OpenAICompatible:
    """A model behind `base_url` (with its `/v1`), asked once per call: whoever tries again counts it.

    `extra` joins every request body: the sampling fields a server has beyond OpenAI's, such as
    `repeat_penalty`. Seconds: `connect` to reach the server, `first_byte` from there to the first text and
    between signs of life before it, `idle` between pieces of text, `total` for the whole call.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        label: str,
        context_tokens: int,
        extra: Mapping[str, object] | None = None,
        connect_seconds: float = 10.0,
        first_byte_seconds: float = 120.0,
        idle_seconds: float = 30.0,
        total_seconds: float = 600.0,
    ) -> None:
        # Here and not above: web processes import this module too; the SDK would cost them 25 MB and 0.5 s.
        import httpx2
        from openai import AsyncOpenAI

        self._sdk_client = AsyncOpenAI
        self._tls = httpx2.create_ssl_context(trust_env=False)
        self.name = model
        self.label = label
        self.context_tokens = context_tokens
        self._base_url = base_url
        self._api_key = api_key
        self._extra = dict(extra or {})
        self._connect_seconds = connect_seconds
        self._first_byte_seconds = first_byte_seconds
        self._idle_seconds = idle_seconds
        self._total_seconds = total_seconds

    def ask(
        self,
        request: ModelRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> ModelAnswer:
        """Return the whole answer; `on_text` is given each piece as it comes. Raises ModelError."""
        answer = _Collected(self.name)
        pull = Pull(
            self._chunks(request, answer),
            window=self._first_byte_seconds,
            total=self._total_seconds,
            stopped=stopped,
        )
        try:
            with closing(pull):
                for chunk in pull:
                    piece = answer.take(chunk)
                    if piece:
                        pull.window = self._idle_seconds
                        if on_text:
                            on_text(piece)
            return answer.whole()
        except ModelError as error:
            # Servers quote the key they refuse; nobody needs to read it again.
            error.detail = error.detail.replace(self._api_key, "…") if self._api_key else error.detail
            log.info("language model %s: %s", self.label, error.code)
            raise

    async def _chunks(
        self, request: ModelRequest, answer: "_Collected"
    ) -> AsyncGenerator["ChatCompletionChunk", None]:
        import httpx2
        from openai import APIError, AsyncStream
        from openai.types.chat import ChatCompletion, ChatCompletionChunk

        # One connection per call: none is left half-read, and closing it tells the server to stop.
        http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(None, connect=self._connect_seconds), verify=self._tls, trust_env=False
        )
        async with self._sdk_client(
            base_url=self._base_url, api_key=self._api_key or "none", max_retries=0, http_client=http
        ) as client:
            try:
                stream = await client.post(
                    "/chat/completions",
                    body=self._body(request),
                    cast_to=ChatCompletion,
                    stream=True,
                    stream_cls=AsyncStream[ChatCompletionChunk],
                )
                answer.began = True
                async with stream:
                    async for chunk in stream:
                        yield chunk
            except APIError as error:
                # Without its cause: a trace-back would print what the provider said, even the key.
                raise _translated(error, began=answer.began) from None
            except ValueError as error:
                raise Malformed(detail=str(error)) from error

    def _body(self, request: ModelRequest) -> dict[str, object]:
        body: dict[str, object] = {
            **self._extra,
            "model": self.name,
            "messages": [{"role": message.role, "content": message.text} for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.json_schema is not None:
            # Not `strict`: that dialect knows neither minLength nor maxLength, and the caller checks anyway.
            schema = {"name": request.schema_name, "schema": request.json_schema, "strict": False}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body


class _Collected:
    """What has come of one answer so far."""

    def __init__(self, model: str) -> None:
        self.began = False
        self._model = model
        self._started = time.monotonic()
        self._first_text: float | None = None
        self._pieces: list[str] = []
        self._refusal = ""
        self._finish: str | None = None
        self._tokens_in = self._tokens_out = 0
        self._chunks = 0

    def take(self, chunk: "ChatCompletionChunk") -> str:
        """Add a chunk and return its text. Raises Malformed: the SDK does not check what it parses."""
        self._chunks += 1
        try:
            return self._take(chunk)
        except (AttributeError, TypeError, IndexError) as error:
            raise Malformed(detail=str(error)) from error

    def _take(self, chunk: "ChatCompletionChunk") -> str:
        self._model = chunk.model or self._model
        if chunk.usage:
            self._tokens_in, self._tokens_out = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self._finish = choice.finish_reason or self._finish
        self._refusal += choice.delta.refusal or ""
        piece = choice.delta.content or ""
        if piece:
            self._pieces.append(piece)
            self._first_text = self._first_text or time.monotonic()
        return piece

    def whole(self) -> ModelAnswer:
        """The finished answer. Raises Refused, CutShort and Malformed when there is none."""
        if self._refusal or self._finish == "content_filter":
            raise Refused(detail=self._refusal)
        if not self._chunks:
            raise Malformed(detail="no event came")
        if self._finish is None:
            raise CutShort
        finishes: dict[str, Finish] = {"stop": "stop", "length": "length"}
        if self._finish not in finishes:
            raise Malformed(detail=f"finish_reason {self._finish}")
        return ModelAnswer(
            text="".join(self._pieces),
            model=self._model,
            tokens_in=self._tokens_in,
            tokens_out=self._tokens_out,
            finish=finishes[self._finish],
            first_text_ms=self._ms(self._first_text) if self._first_text else None,
            total_ms=self._ms(time.monotonic()),
        )

    def _ms(self, moment: float) -> int:
        return round((moment - self._started) * 1000)


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
