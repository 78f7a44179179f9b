"""Chapters are counted, unless their titles do it."""

import pytest

from books.providers.exports.labels import ENGLISH, FRENCH
from books.providers.exports.numbering import numbered


def test_chapters_are_counted_and_a_nameless_one_is_named_by_its_place() -> None:
    assert numbered(["Roofs", "", "Bees"], ENGLISH) == [("1", "Roofs"), ("", "Chapter 2"), ("3", "Bees")]


@pytest.mark.parametrize(
    ("title", "number", "rest"),
    [
        ("Chapter 4. Loomings", "Chapter 4", "Loomings"),
        ("CHAPTER Four: Loomings", "CHAPTER Four", "Loomings"),
        ("Chapitre premier\u00a0: Les toits", "Chapitre premier", "Les toits"),
        ("IV. Le latin de M. de Guise", "IV", "Le latin de M. de Guise"),
        ("12 – Miel", "12", "Miel"),
        ("3) Honey", "3", "Honey"),
        ("XII", "", "XII"),
        ("Chapitre 7", "", "Chapitre 7"),
    ],
)
def test_a_title_with_a_number_of_its_own_is_taken_apart(title: str, number: str, rest: str) -> None:
    assert numbered([title], FRENCH) == [(number, rest)]


@pytest.mark.parametrize("title", ["1984. A year", "I, Robot", "Civil: a war", "2 hives", "Chapters of a life: one"])
def test_a_title_that_only_starts_like_a_number_is_kept(title: str) -> None:
    assert numbered([title], ENGLISH) == [("1", title)]


def test_where_most_titles_are_numbered_the_others_stay_without() -> None:
    assert numbered(["Prologue", "I. Bees", "II. Roofs"], ENGLISH) == [("", "Prologue"), ("I", "Bees"), ("II", "Roofs")]


def test_one_numbered_title_among_many_does_not_stop_the_count() -> None:
    titles = ["Bees", "7. Roofs", "Honey", "Law"]
    assert numbered(titles, ENGLISH) == [(str(place), title) for place, title in enumerate(titles, 1)]
