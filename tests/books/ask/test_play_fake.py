"""The scripted server itself: prose in the asked language, faults where they were scripted, a program of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from books.providers.language_models import ProviderUnavailable
from tests.books.ask.asking import Maker, make_model, maker, outline, section
from tests.fakes.llm import Control, FakeLanguageModel

ROOT = Path(__file__).resolve().parents[3]
QUESTION = {"max_tokens": 300, "messages": [{"role": "user", "content": "Write about 60 words."}]}


@pytest.mark.parametrize(("language", "small_words"), [("en", {"the", "of"}), ("fr", {"le", "que"})])
def test_the_fake_writes_prose_of_the_asked_length_in_the_asked_language(
    fake: FakeLanguageModel, language: str, small_words: set[str]
) -> None:
    text = maker("compatible", fake).model().ask(section(900, language)).text
    assert 855 <= len(text.split()) <= 990
    assert small_words <= set(text.split())
    assert "beekeeping on roofs" in text.lower()
    assert text.count("\n\n") >= 7
    paragraphs = [part for part in text.split("\n\n") if part != "* * *"]
    assert len(set(paragraphs)) == len(paragraphs)
    for note in re.findall(r"(\[\^\d+\])(?!:)", text):
        assert f"\n\n{note}: " in text


def test_a_schema_that_bounds_its_chapters_gets_as_many(fake: FakeLanguageModel) -> None:
    for shape in ("compatible", "openai", "azure"):
        chapters = json.loads(maker(shape, fake).model().ask(outline()).text)["chapters"]
        assert len(chapters) == 7
        assert all(2 <= len(chapter["points"]) <= 4 for chapter in chapters)


@pytest.mark.parametrize("options", [{"nth": 2}, {"match": "Beekeeping", "times": 1}, {"purpose": "section"}])
def test_a_fault_strikes_the_call_it_names_only(by: Maker, options: dict[str, Any]) -> None:
    model = by.model()
    calls: list[Callable[[], object]] = [lambda: model.ask(outline()), lambda: model.ask(section())]
    if "match" in options:
        calls.reverse()
    by.control.fault("500", **options)
    states = []
    for ask in calls:
        with suppress(ProviderUnavailable):
            ask()
        states.append(by.control.calls()[-1]["state"])
    assert sorted(states) == ["completed", "refused"]
    assert by.control.faults() == []


def test_a_fault_that_does_not_exist_is_refused(fake: FakeLanguageModel) -> None:
    with pytest.raises(ValueError, match="no fault 'sneeze'"):
        fake.control.fault("sneeze")
    with pytest.raises(ValueError, match="unexpected"):
        fake.control.fault("500", often=True)


@pytest.mark.parametrize(
    ("path", "headers", "text_at"),
    [
        ("/v1/chat/completions", {}, ("choices", 0, "message", "content")),
        (
            "/openai/deployments/d/chat/completions?api-version=2024-10-21",
            {"api-key": "k"},
            ("choices", 0, "message", "content"),
        ),
        ("/v1/messages", {"x-api-key": "k", "anthropic-version": "2023-06-01"}, ("content", 0, "text")),
    ],
)
def test_an_answer_comes_whole_to_who_does_not_ask_for_a_stream(
    fake: FakeLanguageModel, path: str, headers: dict[str, str], text_at: tuple[str | int, ...]
) -> None:
    connection = HTTPConnection(urlsplit(fake.root).netloc, timeout=10)
    connection.request("POST", path, json.dumps(QUESTION), headers)
    found = json.load(connection.getresponse())
    connection.close()
    for step in text_at:
        found = found[step]
    assert len(found.split()) >= 55


def test_the_fake_runs_as_a_program_and_ends_when_told(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.fakes.llm", "--port-file", str(port_file), "--first-byte-ms", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        assert url == f"http://127.0.0.1:{port_file.read_text()}/v1"
        assert make_model("compatible", url.removesuffix("/v1")).ask(section()).finish == "stop"
        assert [call["state"] for call in Control(url).calls()] == ["completed"]
        program.terminate()
        assert program.wait(timeout=10) == 0
