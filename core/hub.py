"""Events from Valkey to browsers: one subscription a process, fanned out to every open page."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any
from uuid import UUID

import redis.asyncio as redis
from django.conf import settings
from redis.exceptions import RedisError

from core.events import PREFIX

log = logging.getLogger(__name__)

PING_SECONDS = 15.0
# Then the page comes back and its right is asked for anew: who was suspended meanwhile follows no longer.
TRUSTED_SECONDS = 300.0
QUEUE_LENGTH = 1000
AUTHORIZING = 8
PING = b": ping\n\n"

Message = tuple[str, str, str]  # id, event, data
Queue = asyncio.Queue[bytes | None]  # events as they go over the wire; None ends the page


class Hub:
    """The process's subscription and the queues of its open pages, by subject."""

    def __init__(self) -> None:
        self.queues: dict[str, set[Queue]] = defaultdict(set)
        self.client: redis.Redis = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, decode_responses=True
        )
        self.reader: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()
        # How many pages are being authorized side by side: each takes a thread and a database connection meanwhile, and
        # after a restart of this process all its pages come back within a second.
        self.door = asyncio.Semaphore(AUTHORIZING)

    def open(self, subject: UUID) -> Queue:
        """A queue that receives everything published on the subject from now on."""
        queue: Queue = asyncio.Queue(QUEUE_LENGTH)
        self.queues[str(subject)].add(queue)
        if self.reader is None or self.reader.done():
            self.reader = asyncio.create_task(self._read())
        return queue

    def close(self, subject: UUID, queue: Queue) -> None:
        """Forget a page that has gone."""
        self.queues[str(subject)].discard(queue)
        if not self.queues[str(subject)]:
            del self.queues[str(subject)]

    async def _read(self) -> None:
        """Fan out until the process ends; when Valkey goes away every page is told to come back and read anew."""
        while True:
            try:
                async with self.client.pubsub() as subscription:
                    await subscription.psubscribe(f"{PREFIX}*")
                    self.ready.set()
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            self._fan_out(str(message["channel"]), str(message["data"]))
            except (RedisError, OSError) as error:
                log.warning("events interrupted: %s", type(error).__name__)
            self.ready.clear()
            self._end_all()
            await asyncio.sleep(1)

    def _fan_out(self, channel: str, data: str) -> None:
        identifier, event, text = data.split("\n", 2)
        encoded = _encode(identifier, event, text)  # once, however many pages there are
        for queue in list(self.queues.get(channel.removeprefix(PREFIX), ())):
            self._put(queue, encoded)

    def _end_all(self) -> None:
        for queues in self.queues.values():
            for queue in list(queues):
                self._put(queue, None)

    @staticmethod
    def _put(queue: Queue, message: bytes | None) -> None:
        """A page too slow to keep up is ended: it comes back with its last id and reads a snapshot."""
        if queue.full():
            while not queue.empty():
                queue.get_nowait()
            message = None
        queue.put_nowait(message)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The running loop's hub."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def stream(
    subject: UUID, live: Mapping[str, int], *, last_id: str = "", seconds: float = TRUSTED_SECONDS
) -> AsyncIterator[bytes]:
    """Server-sent events of one subject: what came after `last_id`, or a snapshot of `live`, then everything new.

    `live` maps keys of text being written to their chapter numbers. The queue is opened before anything is read, so
    nothing falls between snapshot and deltas; the page drops what it has already (by `at`, or by the stream's id).
    After so many seconds the page has to come back.
    """
    here, clock = hub(), asyncio.get_running_loop().time
    queue, end = here.open(subject), clock() + seconds
    try:
        await asyncio.wait_for(here.ready.wait(), timeout=5)
        yield b"retry: 1000\n\n"
        async for message in _backlog(here, subject, live, last_id):
            yield _encode(*message)
        while (left := end - clock()) > 0 and (chunk := await _following(queue, min(PING_SECONDS, left))):
            yield chunk
    except (TimeoutError, RedisError, OSError):
        return
    finally:
        here.close(subject, queue)


async def _following(queue: Queue, seconds: float) -> bytes:
    """Everything that waits in the queue, in one piece: a page that is behind catches up with one write.

    A ping when nothing comes for a while; nothing (empty) when the page is to end.
    """
    try:
        async with asyncio.timeout(seconds):
            parts = [await queue.get()]
    except TimeoutError:
        return PING
    while not queue.empty():
        parts.append(queue.get_nowait())
    if parts[-1] is None:  # what came before it is of no use: the page comes back and reads anew
        return b""
    return b"".join(part for part in parts if part is not None)


async def _backlog(here: Hub, subject: UUID, live: Mapping[str, int], last_id: str) -> AsyncIterator[Message]:
    key = f"{PREFIX}{subject}"
    if last_id and _is_stream_id(last_id):
        first = await _entries(here.client.xrange(key, count=1))
        if first and _order(first[0][0]) <= _order(last_id):
            for identifier, fields in await _entries(here.client.xrange(key, min=f"({last_id}")):
                yield identifier, fields["event"], fields["data"]
            return
    newest = await _entries(here.client.xrevrange(key, count=1))
    identifier = newest[0][0] if newest else "0-0"
    for live_key, chapter in live.items():
        text = await here.client.get(live_key) or ""
        yield identifier, "restart", json.dumps({"chapter": chapter, "text": text}, ensure_ascii=False)
    yield identifier, "changed", "{}"


async def _entries(answer: Awaitable[Any]) -> list[tuple[str, dict[str, str]]]:
    """Stream entries as (id, fields): the client decodes them, its types do not say so."""
    return list(await answer or [])


def _is_stream_id(value: str) -> bool:
    left, _dash, right = value.partition("-")
    return left.isdecimal() and right.isdecimal() and len(value) < 40


def _order(identifier: str) -> tuple[int, int]:
    left, _dash, right = identifier.partition("-")
    return int(left), int(right)


def _encode(identifier: str, event: str, data: str) -> bytes:
    """One event on the wire; JSON has no raw line break, so one data line is enough."""
    return f"id: {identifier}\nevent: {event}\ndata: {data}\n\n".encode()
