"""A text as blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocks import blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One.", ["One."]),
        ("One.\nStill one.", ["One.\nStill one."]),
        ("One.\n\nTwo.", ["One.\n\n", "Two."]),
        ("One.\n\n\n\nTwo.\n\n", ["One.\n\n\n\n", "Two.\n\n"]),
        ("\n\nOne.\n", ["\n\n", "One.\n"]),
    ],
)
def test_a_text_is_cut_behind_its_blank_lines(text: str, expected: list[str]) -> None:
    assert blocks(text) == expected


@given(st.text(alphabet="ab\n ", max_size=40))
def test_blocks_joined_are_the_text_and_none_is_empty(text: str) -> None:
    assert "".join(blocks(text)) == text
    assert all(blocks(text))
