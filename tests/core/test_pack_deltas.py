"""Texts packed as what changed since the one before. Pure functions: no database."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core import deltas
from tests.core.test_diff_texts import BOOKS, TEXTS

PARAGRAPH = "A roof is a meadow that nobody mows, and the first hive stands in it as a guest, number {}."
LONG = "\n\n".join(PARAGRAPH.format(number) for number in range(500))


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back_from_any_other(old: str, new: str) -> None:
    assert deltas.restored(old, deltas.delta(old, new)) == new


@given(st.lists(BOOKS, min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_sequence_of_texts_comes_back_from_its_first(texts: list[str]) -> None:
    packed = [deltas.whole(texts[0]), *(deltas.delta(old, new) for old, new in pairwise(texts))]
    text = ""
    for payload, expected in zip(packed, texts, strict=True):
        text = deltas.restored(text, payload)
        assert text == expected


def test_a_small_change_takes_little_whatever_the_length() -> None:
    assert len(deltas.delta(LONG, LONG.replace("number 250.", "number 250, and it is glad of it."))) < 120


def test_a_moved_paragraph_takes_no_more_than_its_place() -> None:
    paragraphs = LONG.split("\n\n")
    paragraphs.insert(3, paragraphs.pop(400))
    assert len(deltas.delta(LONG, "\n\n".join(paragraphs))) < 90


def test_texts_with_nothing_in_common_take_no_more_than_the_new_one() -> None:
    other = "".join(chr(0x4E00 + number * 7 % 5000) for number in range(3000))
    assert len(deltas.delta(LONG, other)) <= len(deltas.whole(other)) + 20
