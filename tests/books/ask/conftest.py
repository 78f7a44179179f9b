"""One scripted server for these tests, forgetful between two of them, and a maker of models for each wire shape."""

from collections.abc import Iterator

import pytest

from tests.books.ask.asking import SHAPES, Maker, maker
from tests.fakes.llm import FakeLanguageModel


@pytest.fixture(scope="session")
def _server() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


@pytest.fixture
def fake(_server: FakeLanguageModel) -> Iterator[FakeLanguageModel]:
    """The server, without calls, faults and latency."""
    _server.control.reset()
    _server.control.latency(first_byte_ms=0, token_ms=0)
    yield _server
    _server.control.reset()


@pytest.fixture(params=SHAPES)
def by(request: pytest.FixtureRequest, fake: FakeLanguageModel) -> Maker:
    """Every wire shape in turn."""
    return maker(request.param, fake)
