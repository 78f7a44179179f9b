"""What a language model is to this project: messages in, one answer out, streamed if somebody listens."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length"]


@dataclass(frozen=True)
class Message:
    """One turn of the conversation the model is shown."""

    role: Role
    text: str


@dataclass(frozen=True)
class ModelRequest:
    """Everything that decides an answer, but the model: equal requests have equal digests everywhere.

    `max_tokens` bounds the answer alone. `json_schema` asks for JSON of that shape; whether it came is the
    caller's to check, because not every server enforces it. `purpose` is outline, section, blurb or repair:
    for the journal's readers, and no part of what is hashed or sent.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.7
    json_schema: Mapping[str, object] | None = None
    schema_name: str = "answer"
    purpose: str = ""

    def canonical(self, model: str) -> bytes:
        """The request to `model` as sorted, compact JSON in Unicode NFC, UTF-8: what the journal hashes."""
        shape = {
            "json_schema": self.json_schema,
            "max_tokens": self.max_tokens,
            "messages": [{"role": message.role, "text": message.text} for message in self.messages],
            "model": model,
            "schema_name": self.schema_name if self.json_schema is not None else None,
            "temperature": float(self.temperature),
        }
        text = json.dumps(shape, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)
        return unicodedata.normalize("NFC", text).encode()

    def digest(self, model: str) -> str:
        """SHA-256 of the canonical request, 64 hexadecimal characters."""
        return hashlib.sha256(self.canonical(model)).hexdigest()


@dataclass(frozen=True)
class ModelAnswer:
    """A whole answer. Tokens as the server counted them, 0 where it did not say.

    `model` is what the server says answered. `finish` is `length` when `max_tokens` ended the text.
    `first_text_ms` is None when there was no text; both times are wall milliseconds since the call began.
    `asked` is the `name` of the LanguageModel that answered, `provider` whose price list holds (openai, azure,
    anthropic; empty for a server of one's own), `fallbacks` the models that failed before it, in order.
    """

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    finish: Finish
    first_text_ms: int | None
    total_ms: int
    asked: str = ""
    provider: str = ""
    fallbacks: "tuple[Fallback, ...]" = ()


@dataclass(frozen=True)
class Fallback:
    """One model that gave no answer, so that the next was asked: `code` and `message` are its ModelError's.

    `name` and `label` are that model's, `after_ms` how long it took to fail, `next_name` and `next_label` of who was
    asked instead.
    """

    name: str
    label: str
    code: str
    message: str
    after_ms: int
    next_name: str
    next_label: str


class LanguageModel(Protocol):
    """A model that can be asked, from any thread, any number of times at once.

    `name` is the model's id as it is asked for, `label` what people read, `context_tokens` the window that
    prompt and answer share.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    def ask(
        self,
        request: ModelRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> ModelAnswer:
        """Return the whole answer; `on_text` is given each piece as it comes, in the calling thread.

        `stopped` is asked a few times a second. Tries once: every ModelError leaves the next try to the
        caller, and text already given to `on_text` is then void.
        """
        ...
