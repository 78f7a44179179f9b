"""Two texts beside each other. Pure functions: no database."""

import pytest

from books.queries.comparisons import Paragraph, compare


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
