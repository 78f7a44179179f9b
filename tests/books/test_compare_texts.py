"""Two texts beside each other. Pure functions: no database."""

import pytest
from hypothesis import given, settings

from books.queries.comparisons import Paragraph, compare, gone_back
from tests.core.test_diff_texts import BOOKS


def text(paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n\n".join("".join(piece.text for piece in one.pieces) for one in paragraphs)


def changed(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [piece.text.strip() for one in paragraphs for piece in one.pieces if piece.changed]


def test_what_stayed_is_not_marked_and_what_changed_is() -> None:
    found = compare("One stays.\n\nBees fly far in June.", "One stays.\n\nBees fly home in June.\n\nA new end.")
    assert (changed(found.old), changed(found.new)) == (["far"], ["home", "A new end."])
    assert [one.changed for one in found.new] == [False, False, True]
    assert (found.words_gone, found.words_new) == (1, 4)


def test_paragraphs_with_little_in_common_are_marked_whole() -> None:
    found = compare("A roof is a meadow.", "Nobody mows what grows up there.")
    assert ([one.changed for one in found.old], [one.changed for one in found.new]) == ([True], [True])


@pytest.mark.parametrize(
    ("old", "new"),
    [("", ""), ("", "New."), ("Old.", ""), ("Same.\n\nSame.", "Same.\n\nSame."), ("a b\nc", "a\nb c"),
     ("One.\n\nTwo.\n\nThree.", "Three.\n\nOne.\n\nTwo."), ("x " * 3000, "y " * 3000)],
)  # fmt: skip
def test_no_word_of_either_text_is_lost(old: str, new: str) -> None:
    found = compare(old, new)
    assert text(found.old).split() == old.split()
    assert text(found.new).split() == new.split()


@pytest.mark.parametrize(
    ("markdown", "kind", "shown"),
    [("## The roof", "heading", "The roof"), ("> A guest.", "quote", "A guest."), ("[^1]: A week.", "note", "A week."),
     ("* * *", "rule", "* * *"), ("*First* of all", "text", "*First* of all")],
)  # fmt: skip
def test_a_paragraph_is_shown_as_what_it_is_without_its_mark(markdown: str, kind: str, shown: str) -> None:
    paragraph = compare(markdown, f"{markdown} New").old[0]
    assert (paragraph.kind, "".join(piece.text for piece in paragraph.shown)) == (kind, shown)


def test_equal_texts_have_nothing_marked() -> None:
    found = compare("One.\n\nTwo.", "One.\n\nTwo.")
    assert changed(found.old) + changed(found.new) == []
    assert (found.words_gone, found.words_new) == (0, 0)


def test_a_moved_paragraph_is_said_to_have_moved_and_none_of_its_words_is_new() -> None:
    found = compare("One bee.\n\nTwo bees.\n\nThree bees.", "Three bees.\n\nOne bee.\n\nTwo bees.")
    assert [row.kind for row in found.rows] == ["moved_to", "same", "same", "moved_from"]
    assert (found.words_gone, found.words_new, found.moved, found.differences) == (0, 0, 1, 2)


def test_a_split_paragraph_has_no_new_words() -> None:
    found = compare("Bees fly far. They come home in June.", "Bees fly far.\n\nThey come home in June.")
    assert (found.words_gone, found.words_new) == (0, 0)


def test_what_stands_far_from_any_change_is_folded() -> None:
    old = [f"Paragraph {number}." for number in range(20)]
    new = [*old[:10], "Another one altogether: it speaks of honey.", *old[10:]]
    found = compare("\n\n".join(old), "\n\n".join(new)).stretches
    assert [(one.is_folded, len(one.rows)) for one in found] == [(True, 9), (False, 3), (True, 9)]


def test_a_few_letters_between_two_changes_are_shown_as_one_change() -> None:
    found = compare("Bees dance to tell the way of it.", "Bees sing to hum the way of it.")
    assert [piece.text for piece in found.new[0].pieces if piece.changed] == ["sing to hum"]


def test_both_sides_are_read_in_one_line() -> None:
    (row,) = compare("Bees fly far in June.", "Bees fly home in June.").rows
    assert "".join(f"[{kind}:{text}]" if kind != "same" else text for kind, text in row.inline) == (
        "Bees fly [gone:far][new:home] in June."
    )


@pytest.mark.parametrize(
    ("old", "new", "row", "expected"),
    [
        ("One bee.\n\nTwo bees fly.", "One bee.\n\nTwo bees walk.\n\nThree.", 0, "One bee.\n\nTwo bees fly.\n\nThree."),
        ("One bee.\n\nTwo.", "One bee.\n\nTwo.\n\n\nThree.\n", 0, "One bee.\n\nTwo.\n"),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.\n", 0, "One.\n\nTwo.\n\nThree.\n"),
        ("One.\n\nTwo.", "One.\n", 0, "One.\n\nTwo.\n"),
        ("One.\n\nTwo.", "Two.", 0, "One.\n\nTwo."),
        ("Two.", "One.\n\nTwo.", 0, "Two."),
        ("One.", "", 0, "One."),
    ],
)  # fmt: skip
def test_one_paragraph_goes_back_and_the_rest_stays_to_the_byte(old: str, new: str, row: int, expected: str) -> None:
    changed = [one for one in compare(old, new).rows if one.number]
    assert gone_back(old, new, changed[row]) == expected


@given(BOOKS, BOOKS)
@settings(max_examples=150, deadline=None)
def test_whatever_changed_no_word_is_lost_and_each_paragraph_can_go_back(old: str, new: str) -> None:
    found = compare(old, new)
    assert (text(found.old).split(), text(found.new).split()) == (old.split(), new.split())
    for row in found.rows:
        if row.new:
            inline = "".join(part for kind, part in row.inline if kind != "gone")
            assert inline.split() == "".join(piece.text for piece in row.new.shown).split()
        if row.number and row.can_go_back:
            assert gone_back(old, new, row) != new
