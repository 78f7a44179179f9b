"""One site for all fault tests of a process."""

import os
from collections.abc import Iterator

import pytest

from tests.fakes.llm import FakeLanguageModel
from tests.fakes.stripe import sandbox
from tests.faults.site import Site


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Started once: services and schema take seconds."""
    with FakeLanguageModel() as model, sandbox() as stripe:
        site = Site(tmp_path_factory.mktemp("faults"), model, stripe)
        try:
            site.start()
            yield site
        finally:
            site.stop()


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The site with its worker running and the model's counter at zero, whatever the test before did."""
    shared_site.model.control.reset()
    shared_site.model.control.latency(first_byte_ms=0, token_ms=0)
    yield shared_site
    shared_site.model.control.reset()
    if "writer" not in shared_site.children:
        shared_site.start_writer()


def is_full() -> bool:
    """Whether `bin/test --full` asks for every kill point instead of a sample."""
    return bool(os.environ.get("SCRIPTORIUM_FULL"))
