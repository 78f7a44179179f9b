"""Which model a server has, and what finding out costs a process that never asks."""

import subprocess
import sys
from pathlib import Path

import pytest

from books.providers.language_models import ModelNotFound, ProviderUnavailable, discover
from tests.books.ask.asking import CLOSED
from tests.fakes.llm import FakeLanguageModel

ROOT = Path(__file__).resolve().parents[3]


def test_a_server_tells_its_model_and_context(fake: FakeLanguageModel) -> None:
    found = discover(fake.url, "key")
    assert (found.name, found.context_tokens) == ("scripted-author", 8192)
    assert discover(fake.url, "key", model="another").context_tokens is None
    with pytest.raises(ProviderUnavailable):
        discover(f"{CLOSED}/v1", "")
    with pytest.raises(ModelNotFound):
        discover(fake.root, "")


def test_a_proxy_named_in_the_environment_is_not_used(fake: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, CLOSED)
    assert discover(fake.url, "").name == "scripted-author"


def test_importing_the_provider_loads_no_sdk() -> None:
    code = (
        "import sys, books.providers.language_models;"
        "assert not {'openai', 'anthropic', 'httpx', 'httpx2', 'genai_prices', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
