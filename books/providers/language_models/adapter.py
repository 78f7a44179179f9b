"""What every adapter does alike: one try per call, exact deadlines, a listener, and no key in any message."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar, Generic, NotRequired, TypedDict, TypeVar

from books.providers.language_models.errors import CutShort, Malformed, ModelError, Refused
from books.providers.language_models.protocol import Finish, ModelAnswer, ModelRequest
from books.providers.language_models.pulling import Pull

if TYPE_CHECKING:
    from httpx2 import AsyncClient

Event = TypeVar("Event")
log = logging.getLogger(__name__)


class Options(TypedDict):
    """What every adapter is made with; see `Adapter`."""

    api_key: str
    model: str
    label: str
    context_tokens: int
    connect_seconds: NotRequired[float]
    first_byte_seconds: NotRequired[float]
    idle_seconds: NotRequired[float]
    total_seconds: NotRequired[float]


class Adapter(ABC, Generic[Event]):
    """A model behind an SDK that streams events, asked once per call: whoever tries again counts it.

    Seconds: `connect` to reach the server, `first_byte` from there to the first text and between signs of life
    before it, `idle` between pieces of text, `total` for the whole call.
    """

    provider: ClassVar[str] = ""

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        label: str,
        context_tokens: int,
        connect_seconds: float = 10.0,
        first_byte_seconds: float = 120.0,
        idle_seconds: float = 30.0,
        total_seconds: float = 600.0,
    ) -> None:
        # Here and not above: web processes import this module too; it would cost them 25 MB and 0.5 s.
        import httpx2

        self._tls = httpx2.create_ssl_context(trust_env=False)
        self._timeout = httpx2.Timeout(None, connect=connect_seconds)
        self.name = model
        self.label = label
        self.context_tokens = context_tokens
        self._api_key = api_key
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
        answer = Collected(self.name)
        events = self._events(request, answer)
        pull = Pull(events, window=self._first_byte_seconds, total=self._total_seconds, stopped=stopped)
        try:
            with closing(pull):
                for event in pull:
                    piece = self._piece(event, answer)
                    if piece:
                        pull.window = self._idle_seconds
                        if on_text:
                            on_text(piece)
            return answer.whole(self.name, self.provider)
        except ModelError as error:
            # Servers quote the key they refuse; nobody needs to read it again.
            error.detail = error.detail.replace(self._api_key, "…") if self._api_key else error.detail
            log.info("language model %s: %s", self.label, error.code)
            raise

    def _piece(self, event: Event, answer: "Collected") -> str:
        answer.events += 1
        try:
            piece = self._take(event, answer)
        except (AttributeError, TypeError, IndexError) as error:
            # The SDKs do not check what they parse.
            raise Malformed(detail=str(error)) from error
        if piece:
            answer.add(piece)
        return piece

    def _http(self) -> "AsyncClient":
        """One connection per call: none is left half-read, and closing it tells the server to stop."""
        import httpx2

        return httpx2.AsyncClient(timeout=self._timeout, verify=self._tls, trust_env=False)

    @abstractmethod
    def _events(self, request: ModelRequest, answer: "Collected") -> AsyncGenerator[Event, None]:
        """Ask, and yield what comes; `answer.began` is set with the response's head. Raises ModelError."""

    @abstractmethod
    def _take(self, event: Event, answer: "Collected") -> str:
        """Write into `answer` what the event says but its text, which is returned."""


class Collected:
    """What has come of one answer so far.

    An adapter writes `model` and tokens as the server tells them, `finish` when the server says why it ended,
    `refusal` when the model or a filter declined (its words, or at least a code), `problem` for another end without
    an answer.
    """

    def __init__(self, model: str) -> None:
        self.began = False
        self.events = 0
        self.model = model
        self.finish: Finish | None = None
        self.refusal = ""
        self.problem: ModelError | None = None
        self.tokens_in = self.tokens_out = 0
        self._started = time.monotonic()
        self._first_text: float | None = None
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        """Add a piece of text."""
        self._pieces.append(piece)
        self._first_text = self._first_text or time.monotonic()

    def whole(self, asked: str, provider: str) -> ModelAnswer:
        """The finished answer. Raises Refused, CutShort, Malformed or what `problem` says when there is none."""
        if self.refusal:
            raise Refused(detail=self.refusal)
        if self.problem:
            raise self.problem
        if not self.events:
            raise Malformed(detail="no event came")
        if self.finish is None:
            raise CutShort
        return ModelAnswer(
            text="".join(self._pieces),
            model=self.model,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            finish=self.finish,
            first_text_ms=self._ms(self._first_text) if self._first_text else None,
            total_ms=self._ms(time.monotonic()),
            asked=asked,
            provider=provider,
        )

    def _ms(self, moment: float) -> int:
        return round((moment - self._started) * 1000)
