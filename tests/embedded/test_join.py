"""Processes of one state share its services: one owns, the others join."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import redis

from tests.embedded.machine import alive, owner, taken, wait_for


def test_a_second_process_joins_and_its_end_stops_nothing(state: Path) -> None:
    with owner(state, "valkey") as first:
        with owner(state, "valkey") as second:
            assert second.settings == first.settings
            assert not second.children
            second.end()
        assert pings(first.settings["REDIS_URL"])


def test_of_many_that_start_at_once_exactly_one_owns(state: Path) -> None:
    with ExitStack() as running, ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda _: running.enter_context(owner(state, "valkey")), range(4)))
        assert len({one.settings["REDIS_URL"] for one in started}) == 1
        assert sorted(len(one.children) for one in started) == [0, 0, 0, 1]


def test_after_the_owner_was_killed_the_next_one_owns_and_never_believes_the_old_address(state: Path) -> None:
    with owner(state, "valkey") as first:
        first.kill()
        assert wait_for(lambda: not alive(first.children))
    with taken(state / "valkey" / "port"), owner(state, "valkey") as second:
        assert second.settings != first.settings
        assert pings(second.settings["REDIS_URL"])


def test_a_service_started_from_a_thread_outlives_the_thread(state: Path) -> None:
    with owner(state, "valkey", "--in-thread") as running:
        assert pings(running.settings["REDIS_URL"])
        running.end()
        assert not alive(running.children)


def test_a_forked_child_neither_stops_the_services_nor_keeps_them_owned(state: Path) -> None:
    with owner(state, "valkey", "--fork") as first:
        assert pings(first.settings["REDIS_URL"])
        forked = int(first.settings["FORKED"])
        first.kill()
        assert alive([forked])
        try:
            with owner(state, "valkey") as second:
                assert len(second.children) == 1
                assert pings(second.settings["REDIS_URL"])
        finally:
            os.kill(forked, signal.SIGKILL)


def pings(url: str) -> bool:
    """Whether Valkey answers there."""
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        return bool(client.ping())
