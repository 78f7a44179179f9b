"""Following a run live, through the ASGI application and a real Valkey: snapshot, words, and back where one was."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from books.jobs import live
from books.models import Run, RunState, StepKind, StepState
from config.asgi import application
from core import events, hub
from organizations.models import Organization
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 10


class Page:
    """A browser's open event stream."""

    def __init__(self, wire: ApplicationCommunicator) -> None:
        self.wire = wire
        self.buffer = ""

    async def start(self) -> tuple[int, dict[str, str]]:
        """Status and headers."""
        message = await self.wire.receive_output(SECONDS)
        headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        return message["status"], headers

    async def event(self) -> tuple[str, str, dict[str, Any]]:
        """The next event: id, name, data; comments and `retry` are passed over."""
        while True:
            while "\n\n" not in self.buffer:
                message = await self.wire.receive_output(SECONDS)
                self.buffer += message["body"].decode()
            block, _end, self.buffer = self.buffer.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:2] in {"id", "ev", "da"})
            if fields:
                return fields["id"], fields["event"], json.loads(fields["data"])


@asynccontextmanager
async def opened(address: str, cookie: str = "", last_id: str = "") -> AsyncIterator[Page]:
    """Open the address as an EventSource does, and leave at the end as a closed tab does."""
    headers = [(b"host", b"localhost"), (b"accept", b"text/event-stream")]
    headers += [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())] if cookie else []
    headers += [(b"last-event-id", last_id.encode())] if last_id else []
    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": headers}
    wire = ApplicationCommunicator(application, scope)
    await wire.send_input({"type": "http.request", "body": b"", "more_body": False})
    try:
        yield Page(wire)
    finally:
        await wire.send_input({"type": "http.disconnect"})
        await wire.wait(SECONDS)


@pytest.fixture
def run(organization: Organization, editor: User) -> Run:
    """A run whose first chapter is being written, ten letters of it there."""
    made = builders.make_run(builders.make_book(organization, editor), state=RunState.WRITING)
    chapter = builders.make_chapter(made.book, markdown="", word_count=0)
    builders.make_step(made, kind=StepKind.CHAPTER, position=1, chapter=chapter, state=StepState.WORKING)
    events.client().set(live.key(made.pk, 1), "Once upon ")
    return made


def address_of(run: Run, slug: str = "atelier") -> str:
    return reverse("run_events", args=[slug, run.pk])


def cookie_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def stop_hub() -> None:
    """What the end of a process does to its hub: its subscription ends, its connections close."""
    here = hub.hub()
    while here.reader and not here.reader.done():
        here.reader.cancel()  # redis-py forgets one that comes together with an answer of the server
        await asyncio.wait([here.reader], timeout=1)
    await here.client.aclose()


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run an asynchronous scene and close what its loop had opened."""

    async def closed() -> None:
        try:
            await scene()
        finally:
            await stop_hub()

    asyncio.run(closed())


def test_a_page_gets_a_snapshot_then_every_word(author: Client, run: Run) -> None:
    async def scene() -> None:
        async with opened(address_of(run), cookie_of(author)) as page:
            status, headers = await page.start()
            assert (status, headers["content-type"]) == (200, "text/event-stream")
            assert headers["cache-control"] == "no-store"
            assert await page.event() == ("0-0", "restart", {"chapter": 1, "text": "Once upon "})
            assert (await page.event())[1] == "changed"
            stream = live.ChapterStream(run.pk, 1)
            stream.at = 10
            stream.write("a roof, é 🐝\n")
            _id, name, data = await page.event()
            assert (name, data) == ("words", {"chapter": 1, "at": 10, "text": "a roof, é 🐝\n"})
            events.publish(uuid4(), "words", {"text": "of another run"})
            events.publish(run.pk, "changed", {})
            assert (await page.event())[1:] == ("changed", {})

    play(scene)
    assert events.client().get(live.key(run.pk, 1)) == "Once upon a roof, é 🐝\n".encode()


def test_a_page_that_comes_back_gets_what_it_missed(author: Client, run: Run) -> None:
    async def scene() -> None:
        for text in ("one ", "two ", "three "):
            events.publish(run.pk, "words", {"text": text})
        kept: Any = events.client().xrange(f"{events.PREFIX}{run.pk}", count=1)
        async with opened(address_of(run), cookie_of(author), last_id=kept[0][0].decode()) as page:
            await page.start()
            assert [(await page.event())[2]["text"] for _event in range(2)] == ["two ", "three "]

    play(scene)


@pytest.mark.parametrize("last_id", ["1-0", "nonsense", "9" * 60, "0-0"])
def test_a_page_whose_place_is_not_kept_gets_a_snapshot(last_id: str, author: Client, run: Run) -> None:
    events.publish(run.pk, "words", {"text": "later"})

    async def scene() -> None:
        async with opened(address_of(run), cookie_of(author), last_id=last_id) as page:
            await page.start()
            assert (await page.event())[1] == "restart"

    play(scene)


def test_nobody_else_may_listen(
    run: Run, owner: User, stranger: Client, author: Client, client_of: Callable[[User], Client]
) -> None:
    cases = [
        (address_of(run), ""),
        (address_of(run), "forged"),
        (address_of(run), cookie_of(stranger)),
        (address_of(run, "elsewhere"), cookie_of(stranger)),
        (address_of(run), cookie_of(client_of(owner))),
        (reverse("run_events", args=["atelier", uuid4()]), cookie_of(author)),
    ]

    async def scene() -> None:
        for address, cookie in cases:
            async with opened(address, cookie) as page:
                assert (await page.start())[0] == 404, address

    play(scene)


def backends() -> int:
    """Connections to this test's database, but for the asking one."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


def test_an_open_page_holds_no_database_connection(author: Client, run: Run) -> None:
    async def scene() -> None:
        before = await asyncio.to_thread(backends)
        async with opened(address_of(run), cookie_of(author)) as page:
            await page.start()
            await page.event()
            assert await asyncio.to_thread(backends) == before

    play(scene)


def test_an_open_page_holds_no_thread(author: Client, run: Run) -> None:
    async def scene() -> None:
        async with opened(address_of(run), cookie_of(author)) as first:  # asgiref's own thread begins with it
            await first.start()
            await first.event()
            before = threading.active_count()
            async with opened(address_of(run), cookie_of(author)) as page:
                await page.start()
                await page.event()
                assert threading.active_count() <= before

    play(scene)


def test_many_pages_at_once_wait_their_turn_and_all_follow(author: Client, run: Run) -> None:
    async def scene() -> None:
        async def visit() -> None:
            async with opened(address_of(run), cookie_of(author)) as page:
                assert (await page.start())[0] == 200
                most.append(threading.active_count())
                assert (await page.event())[1] == "restart"

        before = threading.active_count()
        await asyncio.gather(*(visit() for _page in range(4 * hub.AUTHORIZING)))
        assert max(most) <= before + hub.AUTHORIZING + 1  # asgiref's own, begun by whoever asks first in a process

    most: list[int] = []
    play(scene)
    assert len(most) == 4 * hub.AUTHORIZING


def test_a_server_that_cannot_stream_has_the_page_look_again(author: Client, run: Run) -> None:
    assert author.get(address_of(run)).content == b"retry: 5000\nevent: changed\ndata: {}\n\n"


def test_a_page_that_has_gone_is_forgotten(author: Client, run: Run) -> None:
    async def scene() -> None:
        async with opened(address_of(run), cookie_of(author)) as page:
            await page.start()
            await page.event()
            assert list(hub.hub().queues) == [str(run.pk)]
        assert hub.hub().queues == {}

    play(scene)


def test_a_page_too_slow_to_keep_up_is_ended(author: Client, run: Run) -> None:
    async def scene() -> None:
        here, other = hub.hub(), uuid4()
        slow, quick = here.open(run.pk), here.open(other)
        await asyncio.wait_for(here.ready.wait(), SECONDS)
        for _event in range(hub.QUEUE_LENGTH + 1):
            events.publish(run.pk, "changed", {})
        events.publish(other, "changed", {})
        await asyncio.wait_for(quick.get(), SECONDS)  # what was published before has arrived too
        assert (slow.qsize(), slow.get_nowait()) == (1, None)
        here.close(run.pk, slow)
        here.close(other, quick)

    play(scene)


def test_a_request_that_never_ends_keeps_nobody_else_out(author: Client, run: Run) -> None:
    async def scene() -> None:
        host = [(b"host", b"localhost")]
        scope = {"type": "http", "method": "GET", "path": address_of(run), "query_string": b"", "headers": host}
        endless = [ApplicationCommunicator(application, dict(scope)) for _one in range(hub.AUTHORIZING)]
        statuses = [(await wire.receive_output(SECONDS))["status"] for wire in endless]
        async with opened(address_of(run), cookie_of(author)) as page:
            assert (await page.start())[0] == 200
        for wire in endless:
            await wire.wait(SECONDS)
        assert set(statuses) == {404}

    play(scene)
