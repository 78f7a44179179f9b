"""A language model that answers with scripted books, at the speed and with the faults a test asks for.

`python -m tests.fakes.llm --port 0 --port-file FILE` runs it by itself, `FakeLanguageModel` inside a test.
"""

import threading
from types import TracebackType
from typing import Self

from tests.fakes.llm.control import Control
from tests.fakes.llm.server import Server, Stage

__all__ = ["Control", "FakeLanguageModel"]


class FakeLanguageModel:
    """The fake as a context manager, on a free loopback port: `control` for tests.

    `url` is for adapters that speak OpenAI's shape, `root` for Azure's and Anthropic's.
    """

    def __init__(self, *, first_byte_ms: float = 0.0, token_ms: float = 0.0, port: int = 0) -> None:
        self._server = Server(port, Stage(first_byte_ms=first_byte_ms, token_ms=token_ms))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-llm", daemon=True)
        self.root = self._server.url
        self.url = f"{self.root}/v1"
        self.control = Control(self._server.url)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stage.script.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
