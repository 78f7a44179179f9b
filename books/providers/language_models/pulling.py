"""An asynchronous stream, read by a thread that keeps every deadline and can let go at any moment.

A blocking read cannot be left before its socket's time-out. Here each piece is awaited in an event loop of
the call's own, in slices short enough to look at the clock and at `stopped`; leaving cancels the read and
closes the connection, so that the provider stops writing (and charging). Callbacks run between the slices,
outside the loop: they may use the database.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

from books.providers.language_models.errors import Stopped, TimedOut

Piece = TypeVar("Piece")
SLICE_SECONDS = 0.1
LEAVE_SECONDS = 1.0


class Pull(Generic[Piece]):
    """Iterate once over `source`, at most `window` seconds for the next piece and `total` for all of it.

    `window` may be changed between two pieces. Raises TimedOut, Stopped and whatever the source raises. Close
    it, or use it up: the event loop ends with it. Not to be used in a thread whose event loop is running.
    """

    def __init__(
        self,
        source: AsyncGenerator[Piece, None],
        *,
        window: float,
        total: float,
        stopped: Callable[[], bool] | None = None,
    ) -> None:
        self.window = window
        self._source = source
        self._end = time.monotonic() + total
        self._stopped = stopped or (lambda: False)
        self._loop = asyncio.new_event_loop()
        self._waiting: asyncio.Task[Piece] | None = None

    def __iter__(self) -> Iterator[Piece]:
        while True:
            try:
                yield self._next()
            except StopAsyncIteration:
                return

    def _next(self) -> Piece:
        deadline = min(time.monotonic() + self.window, self._end)
        task = self._waiting = self._loop.create_task(self._step())
        while not task.done():
            if self._stopped():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut
            self._loop.run_until_complete(asyncio.wait({task}, timeout=min(SLICE_SECONDS, left)))
        self._waiting = None
        return task.result()

    async def _step(self) -> Piece:
        return await anext(self._source)

    def close(self) -> None:
        """Cancel the read under way, close the source and the loop. Safe to call again."""
        if self._loop.is_closed():
            return
        try:
            self._loop.run_until_complete(self._leave())
        finally:
            self._loop.close()

    async def _leave(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            # However the abandoned read ends, nobody is left to be told.
            await asyncio.wait({self._waiting})
            if not self._waiting.cancelled():
                self._waiting.exception()
        with suppress(Exception):
            await self._source.aclose()
        # The SDK leaves inner iterators half-read after [DONE] (seen with llama.cpp): end them with the loop.
        await asyncio.get_running_loop().shutdown_asyncgens()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left, timeout=LEAVE_SECONDS)
