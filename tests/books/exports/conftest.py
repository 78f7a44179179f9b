"""The files of one manuscript, made once for all tests that only look at them."""

from collections.abc import Mapping

import pytest

from books.providers.exports import FORMATS, render
from tests.books.exports.manuscripts import make_manuscript


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Format → the file of `make_manuscript()`."""
    folder = tmp_path_factory.mktemp("exports")
    return {key: render(key, make_manuscript(), folder) for key in FORMATS}
