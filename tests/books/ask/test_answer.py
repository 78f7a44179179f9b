"""What a model answers, over real sockets: the same from every adapter."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from books.providers.language_models import Message, ModelRequest
from tests.books.ask.asking import CLOSED, MODELS, Maker, outline, section


def test_an_answer_carries_its_text_model_tokens_and_times(by: Maker) -> None:
    by.control.latency(first_byte_ms=60, token_ms=1)
    answer = by.model().ask(section(60))
    assert 55 <= len(answer.text.split()) <= 90
    assert (answer.model, answer.asked) == (MODELS[by.shape], MODELS[by.shape])
    assert answer.provider == ("" if by.shape == "compatible" else by.shape)
    assert answer.fallbacks == ()
    assert answer.tokens_in > 20
    assert answer.tokens_out == by.control.calls()[0]["tokens"] > 55
    assert answer.finish == "stop"
    assert answer.first_text_ms is not None
    assert 60 <= answer.first_text_ms <= answer.total_ms
    assert answer.total_ms >= 60 + answer.tokens_out


def test_text_arrives_piece_by_piece_in_the_calling_thread_and_outside_any_event_loop(by: Maker) -> None:
    pieces: list[str] = []
    threads: set[int] = set()

    def listen(piece: str) -> None:
        pieces.append(piece)
        threads.add(threading.get_ident())
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()

    answer = by.model().ask(section(), on_text=listen)
    assert "".join(pieces) == answer.text
    assert len(pieces) == answer.tokens_out
    assert threads == {threading.get_ident()}


def test_the_same_request_gets_the_same_answer_and_a_different_one_another(by: Maker) -> None:
    model = by.model()
    first, again, other = (model.ask(request).text for request in (section(300), section(300), section(310)))
    assert first == again != other
    digests = [call["digest"] for call in by.control.calls()]
    assert digests[0] == digests[1] != digests[2]


def test_every_shape_reads_the_same_prompt(by: Maker) -> None:
    earlier = (Message("user", "Write about 50 words."), Message("assistant", "The first hive stood."))
    request = section(60, messages=(Message("system", "You write books."), *earlier, Message("user", "Go on.")))
    by.model().ask(request)
    prompt = by.control.calls()[0]["prompt"]
    assert prompt == "You write books.\nWrite about 50 words.\nThe first hive stood.\nGo on."


def test_a_schema_is_sent_and_its_answer_has_that_shape(by: Maker) -> None:
    chapters = json.loads(by.model().ask(outline()).text)["chapters"]
    assert len(chapters) >= 1
    assert len({chapter["title"] for chapter in chapters}) == len(chapters)
    assert all(set(chapter) == {"title", "summary", "points"} for chapter in chapters)
    assert by.control.calls()[0]["purpose"] == "outline"


def test_an_answer_ended_by_its_length_says_so(by: Maker) -> None:
    answer = by.model().ask(section(300, max_tokens=40))
    assert answer.finish == "length"
    assert answer.tokens_out == 40


def test_broken_json_is_handed_over_for_the_caller_to_judge(by: Maker) -> None:
    by.control.fault("invalid_json", purpose="outline")
    answer = by.model().ask(outline())
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter|control"):
        json.loads(answer.text)


def test_a_held_call_goes_on_where_it_was_when_released(by: Maker) -> None:
    model = by.model()
    undisturbed = model.ask(section()).text
    by.control.fault("hold", after=10, match="City bees")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(model.ask, section())
        assert by.control.wait_for_waiting() == [2]
        assert by.control.release() == [2]
        assert call.result(timeout=5).text == undisturbed


def test_twenty_four_streams_run_side_by_side(by: Maker) -> None:
    by.control.latency(first_byte_ms=200, token_ms=4)
    model = by.model()
    began = time.monotonic()
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: model.ask(section(60 + number)), range(24)))
    one = 0.2 + 0.004 * max(answer.tokens_out for answer in answers)
    assert len({answer.text for answer in answers}) == 24
    assert time.monotonic() - began < 8 * one


def test_a_proxy_named_in_the_environment_is_not_used(by: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, CLOSED)
    assert by.model().ask(section(60)).finish == "stop"


def test_keys_and_addresses_of_the_environment_reach_no_server(by: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN",
        "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN",
    ):  # fmt: skip
        monkeypatch.setenv(name, "of-the-environment")
    for name in ("OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(name, CLOSED)
    by.model(api_key="").ask(section(60))
    by.model(api_key="ours").ask(section(60))
    without, ours = (call["headers"] for call in by.control.calls())
    assert "of-the-environment" not in f"{without} {ours}"
    assert ours == {name: value.replace("none", "ours") for name, value in without.items()}


def test_the_digest_changes_with_what_decides_the_answer_only() -> None:
    plain = section()
    assert plain.digest("m") == section(purpose="repair").digest("m")
    assert plain.digest("m") == section(schema_name="other").digest("m")
    assert plain.digest("m") != plain.digest("n")
    assert plain.digest("m") != section(temperature=0.1).digest("m")
    assert plain.digest("m") != section(max_tokens=1).digest("m")
    composed, decomposed = (ModelRequest((Message("user", text),), 10) for text in ("\u00e9", "e\u0301"))
    assert composed.canonical("m") == decomposed.canonical("m")
    assert json.loads(plain.canonical("m"))["messages"][0] == {"role": "system", "text": "You write books."}
