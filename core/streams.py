"""Event streams beneath Django: a view says what the asking page may follow, the ASGI server sends it.

Django keeps a thread, a request and its middleware for every answer until it ends. An open page may last for hours, so
the view's part ends with the right to follow, and the stream that comes after it is a coroutine and a queue (core.hub).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse

from core.hub import hub, stream

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]  # of a scope, Receive and Send

LOOK_AGAIN = b"retry: 5000\nevent: changed\ndata: {}\n\n"
FOLLOW = "scriptorium.follow"  # where a view leaves its answer in the ASGI scope


@dataclass(frozen=True)
class Follow:
    """A subject, keys of its text being written (with chapter numbers), and the last event the page has seen."""

    subject: UUID
    live: Mapping[str, int]
    last_id: str


def follow(request: HttpRequest, subject: UUID, live: Mapping[str, int]) -> HttpResponse:
    """Answer with the subject's events, from the one after Last-Event-ID when the browser comes back.

    A WSGI server cannot stream: there the page is told to look again, and to come back in a while.
    """
    if isinstance(request, ASGIRequest):
        scope = cast("dict[str, Any]", request.scope)  # the stubs have it read-only, ASGI has not
        scope[FOLLOW] = Follow(subject, live, request.headers.get("Last-Event-ID", ""))
    response = HttpResponse(LOOK_AGAIN, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def with_streams(pages: Application, prefix: str) -> Application:
    """The site with its event streams: `pages` is Django, `prefix` where the addresses of streams begin."""

    async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(prefix):
            await pages(scope, receive, send)
            return
        answered: list[Message] = []

        async def keep(message: Message) -> None:
            answered.append(message)

        async with hub().door:
            await pages(scope, _nothing_more(), keep)
        if FOLLOW in scope and answered:
            await _follow(scope[FOLLOW], answered[0], receive, send)
            return
        for message in answered:
            await send(message)

    return application


def _nothing_more() -> Receive:
    """What a request without a body receives: who never ends one they announced may not hold the door."""
    said = False

    async def receive() -> Message:
        nonlocal said
        if said:
            await asyncio.Event().wait()  # Django listens for the end of the connection until it has answered
        said = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


async def _follow(asked: Follow, start: Message, receive: Receive, send: Send) -> None:
    """Send Django's headers, then the events until the page goes, or is to come back."""
    start["headers"] = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await send(start)
    ends = [asyncio.create_task(_gone(receive)), asyncio.create_task(_send(asked, send))]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(asked: Follow, send: Send) -> None:
    async for chunk in stream(asked.subject, asked.live, last_id=asked.last_id):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
