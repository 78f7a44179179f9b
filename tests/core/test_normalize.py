"""Text as it is stored."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.forms import LineField, TextField
from core.text import clean_line, count_words, has_control_characters, normalize, without_control_characters


@given(st.text())
def test_normalizing_is_done_once_for_all(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=st.characters(exclude_characters="\r")))
def test_nothing_but_the_composition_changes(text: str) -> None:
    assert unicodedata.normalize("NFD", normalize(text)) == unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("e\u0301", "é"),
        ("  a  \n", "  a  \n"),
        ("\u00a0«\u202f»", "\u00a0«\u202f»"),
    ],
)
def test_line_ends_and_accents_are_folded_and_spaces_kept(given_text: str, stored: str) -> None:
    assert normalize(given_text) == stored


@given(st.text())
def test_a_line_is_one_line_without_spoofing_marks(text: str) -> None:
    line = clean_line(text)
    assert line == line.strip()
    assert not set(line) & set("\n\r\t\u202e\u2066")
    assert clean_line(line) == line


@pytest.mark.parametrize("bad", ["\x00", "a\x07b", "\x1b[31m", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_refused_and_can_be_dropped(bad: str) -> None:
    assert has_control_characters(bad)
    assert not has_control_characters(without_control_characters(bad))
    for field in [TextField(), LineField()]:
        if bad.isprintable() or bad.strip():
            with pytest.raises(ValidationError):
                field.clean(f"x{bad}x")


@pytest.mark.parametrize("good", ["a\tb\nc", "🐝", "שלום", "é", ""])
def test_ordinary_text_passes(good: str) -> None:
    assert not has_control_characters(good)
    assert TextField(required=False).clean(good) == good


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one", 1), ("one — two", 2), ("l'été, 12 ruches !", 3), ("* * *", 0), ("a\n\nb\tc", 3)],
)
def test_words_are_what_holds_a_letter_or_a_digit(text: str, words: int) -> None:
    assert count_words(text) == words
