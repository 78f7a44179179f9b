"""A page's stream of events ends by itself, so that its right is asked for anew."""

import asyncio
from uuid import uuid4

from core.hub import PING, stream


def test_a_stream_ends_and_the_page_comes_back_from_where_it_was() -> None:
    async def whole() -> bytes:
        async with asyncio.timeout(10):
            return b"".join([chunk async for chunk in stream(uuid4(), {}, seconds=0.2)])

    told = asyncio.run(whole())
    assert told.startswith(b"retry: 1000")
    assert b"id: 0-0" in told
    assert told.endswith(PING)
