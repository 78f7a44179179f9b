"""A state folder for tests that only look, shared; and fresh ones for tests that break things."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All services, owned by this process."""
    with Stack(tmp_path_factory.mktemp("stack"), ["database", "valkey", "model", "mail"], durable=False) as stack:
        yield stack


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder nobody used yet."""
    return tmp_path / "state"
