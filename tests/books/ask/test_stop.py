"""Letting go of a call: a person stops it, a listener fails, the end has come."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from books.providers.language_models import Stopped
from tests.books.ask.asking import Maker, failure, section


def test_stopping_before_the_first_word_closes_the_connection(by: Maker) -> None:
    by.control.fault("hold")
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(failure, by.model(), stopped=stop.is_set)
        by.control.wait_for_waiting()
        stop.set()
        assert type(call.result(timeout=5)) is Stopped
    assert by.control.wait_for_state(1, "cut")["tokens"] == 0


def test_stopping_between_two_words_closes_the_connection(by: Maker) -> None:
    by.control.latency(token_ms=20)
    pieces: list[str] = []
    error = failure(by.model(), on_text=pieces.append, stopped=lambda: len(pieces) >= 3)
    assert type(error) is Stopped
    assert len(pieces) == 3
    assert by.control.wait_for_state(1, "cut")["tokens"] < 20


def test_no_call_leaves_anything_behind_in_its_event_loop(by: Maker, caplog: pytest.LogCaptureFixture) -> None:
    model = by.model(idle_seconds=5)
    for kind in ("cut", "refusal", "malformed", "500"):
        by.control.fault(kind)
        failure(model)
    by.control.fault("linger", times=3)
    for _call in range(4):
        model.ask(section(60))
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_a_listener_that_fails_closes_the_connection(by: Maker) -> None:
    by.control.latency(token_ms=20)

    def listen(_piece: str) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        by.model().ask(section(), on_text=listen)
    by.control.wait_for_state(1, "cut")
