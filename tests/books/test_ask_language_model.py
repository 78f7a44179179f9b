"""Asking a language model, over real sockets: what comes back, and what every kind of failure becomes."""

import asyncio
import gc
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from books.providers.language_models import (
    ContextTooLong,
    CutShort,
    Malformed,
    Message,
    ModelError,
    ModelNotFound,
    ModelRequest,
    NotAuthorized,
    OpenAICompatible,
    ProviderUnavailable,
    QuotaSpent,
    RateLimited,
    Refused,
    Rejected,
    Stopped,
    TimedOut,
    discover,
)
from tests.fakes.llm import Control, FakeLanguageModel

ROOT = Path(__file__).resolve().parents[2]
CLOSED_PORT = 9  # discard: nothing listens there
CHAPTER = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 3, "maxLength": 120},
        "summary": {"type": "string", "maxLength": 300},
        "points": {
            "type": "array",
            "items": {"type": "string", "maxLength": 160},
            "minItems": 2,
            "maxItems": 4,
        },
    },
    "required": ["title", "summary", "points"],
    "additionalProperties": False,
}
OUTLINE = {
    "type": "object",
    "properties": {"chapters": {"type": "array", "items": CHAPTER, "minItems": 7, "maxItems": 7}},
    "required": ["chapters"],
}


@pytest.fixture
def fake() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


def make_model(url: str, **overrides: Any) -> OpenAICompatible:
    options: dict[str, Any] = {
        "base_url": url,
        "api_key": "key",
        "model": "scripted-author",
        "label": "scripted",
        "context_tokens": 8192,
    }
    return OpenAICompatible(**{**options, **overrides})


def section(words: int = 300, language: str = "en", **overrides: Any) -> ModelRequest:
    lines = (
        f"Title: City bees\nLanguage: {language}\nTopic: Beekeeping on roofs\n"
        f"Cover:\n- the first hive\n- neighbours\nWrite about {words} words (part 1 of 1 of this chapter)."
    )
    options: dict[str, Any] = {
        "messages": (Message("system", "You write books."), Message("user", lines)),
        "max_tokens": 2 * words + 100,
        "purpose": "section",
    }
    return ModelRequest(**{**options, **overrides})


def outline() -> ModelRequest:
    prompt = "Title: City bees\nLanguage: en\nTopic: Beekeeping on roofs\nPlan chapters 1 to 7."
    return ModelRequest(messages=(Message("user", prompt),), max_tokens=3000, json_schema=OUTLINE, purpose="outline")


def failure(model: OpenAICompatible, request: ModelRequest | None = None, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        model.ask(request or section(), **options)
    return caught.value


def test_an_answer_carries_its_text_model_tokens_and_times(fake: FakeLanguageModel) -> None:
    fake.control.latency(first_byte_ms=60, token_ms=1)
    answer = make_model(fake.url).ask(section(60))
    assert 55 <= len(answer.text.split()) <= 90
    assert answer.model == "scripted-author"
    assert answer.tokens_in > 20
    assert answer.tokens_out == fake.control.calls()[0]["tokens"] > 55
    assert answer.finish == "stop"
    assert answer.first_text_ms is not None
    assert 60 <= answer.first_text_ms <= answer.total_ms
    assert answer.total_ms >= 60 + answer.tokens_out


def test_text_arrives_piece_by_piece_in_the_calling_thread_and_outside_any_event_loop(
    fake: FakeLanguageModel,
) -> None:
    pieces: list[str] = []
    threads: set[int] = set()

    def listen(piece: str) -> None:
        pieces.append(piece)
        threads.add(threading.get_ident())
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()

    answer = make_model(fake.url).ask(section(), on_text=listen)
    assert "".join(pieces) == answer.text
    assert len(pieces) == answer.tokens_out
    assert threads == {threading.get_ident()}


def test_the_same_request_gets_the_same_answer_and_a_different_one_another(fake: FakeLanguageModel) -> None:
    model = make_model(fake.url)
    first, again, other = (model.ask(request).text for request in (section(300), section(300), section(310)))
    assert first == again != other
    digests = [call["digest"] for call in fake.control.calls()]
    assert digests[0] == digests[1] != digests[2]


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


def test_a_schema_is_sent_and_its_answer_has_that_shape(fake: FakeLanguageModel) -> None:
    chapters = json.loads(make_model(fake.url).ask(outline()).text)["chapters"]
    assert len(chapters) == 7
    assert len({chapter["title"] for chapter in chapters}) == 7
    assert all(set(chapter) == {"title", "summary", "points"} for chapter in chapters)
    assert all(2 <= len(chapter["points"]) <= 4 for chapter in chapters)
    assert fake.control.calls()[0]["purpose"] == "outline"


def test_extra_sampling_fields_reach_the_server(fake: FakeLanguageModel) -> None:
    make_model(fake.url).ask(section())
    make_model(fake.url, extra={"repeat_penalty": 1.1}).ask(section())
    plain, extra = fake.control.calls()
    assert plain["digest"] != extra["digest"]


def test_an_answer_ended_by_its_length_says_so(fake: FakeLanguageModel) -> None:
    answer = make_model(fake.url).ask(section(300, max_tokens=40))
    assert answer.finish == "length"
    assert answer.tokens_out == 40


@pytest.mark.parametrize(
    ("kind", "expected", "retryable"),
    [
        ("400", Rejected, False),
        ("401", NotAuthorized, False),
        ("403", NotAuthorized, False),
        ("404", ModelNotFound, False),
        ("429", RateLimited, True),
        ("500", ProviderUnavailable, True),
        ("503", ProviderUnavailable, True),
        ("context", ContextTooLong, False),
        ("quota", QuotaSpent, False),
        ("reset", ProviderUnavailable, True),
        ("cut", CutShort, True),
        ("error_event", ProviderUnavailable, True),
        ("malformed", Malformed, True),
        ("html", Malformed, True),
        ("refusal", Refused, False),
        ("content_filter", Refused, False),
    ],
)
def test_every_failure_at_the_wire_has_its_own_meaning_and_is_asked_once(
    fake: FakeLanguageModel, kind: str, expected: type[ModelError], retryable: bool
) -> None:
    fake.control.fault(kind)
    error = failure(make_model(fake.url))
    assert type(error) is expected
    assert error.retryable is retryable
    assert error.message
    assert error.code in str(error)
    assert len(fake.control.calls()) == 1
    assert make_model(fake.url).ask(section()).finish == "stop"


def test_a_refused_key_is_quoted_nowhere(fake: FakeLanguageModel, caplog: pytest.LogCaptureFixture) -> None:
    fake.control.fault("401")
    with caplog.at_level("DEBUG"):
        error = failure(make_model(fake.url, api_key="sk-very-private"))
    assert "LLM_API_KEY" in error.message
    assert error.detail == "Incorrect API key provided: …."
    assert "sk-very-private" not in f"{error} {error.message} {caplog.text}"


@pytest.mark.parametrize("after", [0, 1, 30])
def test_a_stream_cut_at_any_point_is_cut_short(fake: FakeLanguageModel, after: int) -> None:
    fake.control.fault("cut", after=after)
    pieces: list[str] = []
    assert type(failure(make_model(fake.url), on_text=pieces.append)) is CutShort
    assert len(pieces) == after


def test_retry_after_is_read_as_seconds_and_as_a_date(fake: FakeLanguageModel) -> None:
    model = make_model(fake.url)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    for said in ("2.5", later, "soon", "nan", "-4", "99999999"):
        fake.control.fault("429", retry_after=said)
    fake.control.fault("503", retry_after=7)
    fake.control.fault("429")
    waits = [failure(model).retry_after for _call in range(8)]
    assert waits[0] == 2.5
    assert waits[1] is not None
    assert 85 <= waits[1] <= 91
    assert waits[2:] == [None, None, 0.0, 3600.0, 7.0, None]


def test_broken_json_is_handed_over_for_the_caller_to_judge(fake: FakeLanguageModel) -> None:
    fake.control.fault("invalid_json", purpose="outline")
    answer = make_model(fake.url).ask(outline())
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter|control"):
        json.loads(answer.text)


def test_a_server_that_never_answers_times_out_and_the_connection_is_let_go(fake: FakeLanguageModel) -> None:
    fake.control.fault("timeout")
    began = time.monotonic()
    assert type(failure(make_model(fake.url, first_byte_seconds=0.3))) is TimedOut
    assert time.monotonic() - began < 3
    assert fake.control.wait_for_state(1, "cut")["tokens"] == 0


def test_a_stream_that_stalls_times_out_by_the_idle_limit(fake: FakeLanguageModel) -> None:
    fake.control.fault("stall", after=5)
    began = time.monotonic()
    assert type(failure(make_model(fake.url, first_byte_seconds=60, idle_seconds=0.3))) is TimedOut
    assert time.monotonic() - began < 5
    assert fake.control.wait_for_state(1, "cut")["tokens"] == 5


def test_a_stream_that_never_ends_times_out_by_the_total_limit(fake: FakeLanguageModel) -> None:
    fake.control.latency(token_ms=50)
    assert type(failure(make_model(fake.url, total_seconds=0.5))) is TimedOut
    assert 0 < fake.control.wait_for_state(1, "cut")["tokens"] < 15


def test_a_server_that_is_away_is_unavailable() -> None:
    error = failure(make_model(f"http://127.0.0.1:{CLOSED_PORT}/v1"))
    assert type(error) is ProviderUnavailable


def test_stopping_before_the_first_word_closes_the_connection(fake: FakeLanguageModel) -> None:
    fake.control.fault("hold")
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(failure, make_model(fake.url), stopped=stop.is_set)
        fake.control.wait_for_waiting()
        stop.set()
        assert type(call.result(timeout=5)) is Stopped
    assert fake.control.wait_for_state(1, "cut")["tokens"] == 0


def test_stopping_between_two_words_closes_the_connection(fake: FakeLanguageModel) -> None:
    fake.control.latency(token_ms=20)
    pieces: list[str] = []
    error = failure(make_model(fake.url), on_text=pieces.append, stopped=lambda: len(pieces) >= 3)
    assert type(error) is Stopped
    assert len(pieces) == 3
    assert fake.control.wait_for_state(1, "cut")["tokens"] < 20


def test_no_call_leaves_anything_behind_in_its_event_loop(
    fake: FakeLanguageModel, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in ("cut", "refusal", "malformed", "500"):
        fake.control.fault(kind)
        failure(make_model(fake.url))
    fake.control.fault("linger", times=3)
    for _call in range(4):
        make_model(fake.url, idle_seconds=5).ask(section())
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_a_listener_that_fails_closes_the_connection(fake: FakeLanguageModel) -> None:
    fake.control.latency(token_ms=20)

    def listen(_piece: str) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        make_model(fake.url).ask(section(), on_text=listen)
    fake.control.wait_for_state(1, "cut")


def test_a_held_call_goes_on_where_it_was_when_released(fake: FakeLanguageModel) -> None:
    undisturbed = make_model(fake.url).ask(section()).text
    fake.control.fault("hold", after=10, match="City bees")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(make_model(fake.url).ask, section())
        assert fake.control.wait_for_waiting() == [2]
        assert fake.control.release() == [2]
        assert call.result(timeout=5).text == undisturbed


def test_twenty_four_streams_run_side_by_side(fake: FakeLanguageModel) -> None:
    fake.control.latency(first_byte_ms=200, token_ms=4)
    model = make_model(fake.url)
    began = time.monotonic()
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: model.ask(section(60 + number)), range(24)))
    one = 0.2 + 0.004 * max(answer.tokens_out for answer in answers)
    assert len({answer.text for answer in answers}) == 24
    assert time.monotonic() - began < 8 * one


def test_a_proxy_named_in_the_environment_is_not_used(fake: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{CLOSED_PORT}")
    assert make_model(fake.url).ask(section()).finish == "stop"
    assert discover(fake.url, "").name == "scripted-author"


def test_a_server_tells_its_model_and_context(fake: FakeLanguageModel) -> None:
    found = discover(fake.url, "key")
    assert (found.name, found.context_tokens) == ("scripted-author", 8192)
    assert discover(fake.url, "key", model="another").context_tokens is None
    with pytest.raises(ProviderUnavailable):
        discover(f"http://127.0.0.1:{CLOSED_PORT}/v1", "")
    with pytest.raises(ModelNotFound):
        discover(fake.url.removesuffix("/v1"), "")


def test_importing_the_provider_loads_no_sdk() -> None:
    code = (
        "import sys, books.providers.language_models;"
        "assert not {'openai', 'httpx', 'httpx2', 'pydantic_ai'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


@pytest.mark.parametrize(("language", "small_words"), [("en", {"the", "of"}), ("fr", {"le", "que"})])
def test_the_fake_writes_prose_of_the_asked_length_in_the_asked_language(
    fake: FakeLanguageModel, language: str, small_words: set[str]
) -> None:
    text = make_model(fake.url).ask(section(900, language)).text
    assert 855 <= len(text.split()) <= 990
    assert small_words <= set(text.split())
    assert "beekeeping on roofs" in text.lower()
    assert text.count("\n\n") >= 7
    paragraphs = [part for part in text.split("\n\n") if part != "* * *"]
    assert len(set(paragraphs)) == len(paragraphs)
    for note in re.findall(r"(\[\^\d+\])(?!:)", text):
        assert f"\n\n{note}: " in text


@pytest.mark.parametrize("options", [{"nth": 2}, {"match": "Beekeeping", "times": 1}, {"purpose": "section"}])
def test_a_fault_strikes_the_call_it_names_only(fake: FakeLanguageModel, options: dict[str, Any]) -> None:
    fake.control.fault("500", **options)
    model = make_model(fake.url)
    calls: list[Callable[[], object]] = [lambda: model.ask(outline()), lambda: model.ask(section())]
    if "match" in options:
        calls.reverse()
        fake.control.reset()
        fake.control.fault("500", **options)
    states = []
    for ask in calls:
        with suppress(ProviderUnavailable):
            ask()
        states.append(fake.control.calls()[-1]["state"])
    assert sorted(states) == ["completed", "refused"]
    assert fake.control.faults() == []


def test_a_fault_that_does_not_exist_is_refused(fake: FakeLanguageModel) -> None:
    with pytest.raises(ValueError, match="no fault 'sneeze'"):
        fake.control.fault("sneeze")
    with pytest.raises(ValueError, match="unexpected"):
        fake.control.fault("500", often=True)


def test_the_fake_runs_as_a_program_and_ends_when_told(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.fakes.llm", "--port-file", str(port_file), "--first-byte-ms", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        assert url == f"http://127.0.0.1:{port_file.read_text()}/v1"
        assert make_model(url).ask(section()).finish == "stop"
        assert [call["state"] for call in Control(url).calls()] == ["completed"]
        program.terminate()
        assert program.wait(timeout=10) == 0
