"""Three-way merge by paragraph: nothing that either side typed is lost."""

from hypothesis import given, settings
from hypothesis import strategies as some

from core.merging import Merge, merge

BASE = "One.\n\nTwo.\n\nThree."
WORDS = some.sampled_from(["ab", "b", "c c", "d\ne", "e", "f", "*", "é"])
TEXTS = some.lists(some.one_of(WORDS, some.sampled_from(["\n", "\n\n", "\n\n\n", ""])), max_size=12).map("".join)
PARAGRAPHS = some.lists(WORDS, max_size=9).map("\n\n".join)
THREE = some.one_of(some.tuples(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS), some.tuples(TEXTS, TEXTS, TEXTS))


def paragraphs(text: str) -> set[str]:
    """What stands between blank lines, without the line feeds around it."""
    return {one.strip("\n") for one in text.split("\n\n")} - {""}


def clean(base: str, mine: str, theirs: str) -> str:
    """The merged text of changes that do not meet."""
    merged = merge(base, mine, theirs)
    assert not merged.conflicts
    return merged.text


def conflicts(merged: Merge) -> list[tuple[str, str]]:
    """Both sides of each conflict, without the line feeds behind."""
    return [(part.mine.rstrip(), part.theirs.rstrip()) for part in merged.conflicts]


def test_changes_of_different_paragraphs_both_stand() -> None:
    assert clean(BASE, "One!\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree!") == "One!\n\nTwo.\n\nThree!"


def test_neighbouring_paragraphs_are_no_conflict() -> None:
    assert clean(BASE, "One!\n\nTwo.\n\nThree.", "One.\n\nTwo!\n\nThree.") == "One!\n\nTwo!\n\nThree."


def test_one_rewrote_two_paragraphs_of_which_the_other_changed_one() -> None:
    merged = merge(BASE, "One!\n\nTwo!\n\nThree.", "One.\n\nTwo?\n\nThree.")
    assert conflicts(merged) == [("Two!", "Two?")]
    assert merged.text == "One!\n\nTwo!\n\nTwo?\n\nThree."


def test_the_same_change_of_both_stands_once() -> None:
    assert clean(BASE, "One.\n\nTwo!\n\nThree.", "One.\n\nTwo!\n\nThree.") == "One.\n\nTwo!\n\nThree."


def test_additions_at_one_place_stand_one_after_the_other() -> None:
    assert clean(BASE, f"{BASE}\n\nMine.", f"{BASE}\n\nTheirs.") == f"{BASE}\n\nMine.\n\nTheirs."


def test_an_addition_behind_a_changed_last_paragraph_is_no_conflict() -> None:
    assert clean(BASE, "One.\n\nTwo.\n\nThree!", f"{BASE}\n\nFour.") == "One.\n\nTwo.\n\nThree!\n\nFour."


def test_what_both_added_stands_once_before_what_each_added_after_it() -> None:
    assert clean("One.", "One.\n\nBoth.\n\nMine.", "One.\n\nBoth.\n\nTheirs.") == "One.\n\nBoth.\n\nMine.\n\nTheirs."


def test_a_move_and_a_change_elsewhere_both_stand() -> None:
    assert clean(BASE, "Two.\n\nOne.\n\nThree.", "One.\n\nTwo.\n\nThree!") == "Two.\n\nOne.\n\nThree!"


def test_a_split_and_a_change_elsewhere_both_stand() -> None:
    assert clean("A b.\n\nC.", "A\n\nb.\n\nC.", "A b.\n\nC!") == "A\n\nb.\n\nC!"


def test_a_paragraph_removed_by_one_and_changed_by_the_other_is_kept() -> None:
    merged = merge(BASE, "One.\n\nThree.", "One.\n\nTwo!\n\nThree.")
    assert conflicts(merged) == [("", "Two!")]
    assert merged.text == "One.\n\nTwo!\n\nThree."


def test_blank_lines_and_the_end_of_the_text_stay_as_they_are() -> None:
    assert clean("A\n\n\n\nB\n\nC\n", "A!\n\n\n\nB\n\nC\n", "A\n\n\n\nB\n\nC!\n") == "A!\n\n\n\nB\n\nC!\n"


def test_a_last_line_feed_that_one_typed_stands() -> None:
    assert clean("A\n\nB", "A\n\nB\n", "A!\n\nB") == "A!\n\nB\n"


def test_an_empty_text_that_both_began() -> None:
    assert clean("", "Mine.", "Theirs.") == "Mine.\n\nTheirs."


@given(THREE)
@settings(max_examples=300, deadline=None)
def test_nothing_either_typed_is_lost(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    text = merge(base, mine, theirs).text
    for side in (mine, theirs):
        for typed in paragraphs(side) - paragraphs(base):
            assert typed in text


@given(THREE)
@settings(max_examples=200, deadline=None)
def test_agreeing_sides_and_an_idle_side_give_the_other_byte_for_byte(texts: tuple[str, str, str]) -> None:
    base, one, _other = texts
    for sides in ((one, one), (base, one), (one, base)):
        merged = merge(base, *sides)
        assert not merged.conflicts
        assert merged.text == one


@given(THREE)
@settings(max_examples=200, deadline=None)
def test_the_other_order_is_the_same_but_for_that_order(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    here, there = merge(base, mine, theirs), merge(base, theirs, mine)
    assert [(part.mine, part.theirs) for part in here.conflicts] == [
        (part.theirs, part.mine) for part in there.conflicts
    ]
    assert sorted(here.text.split()) == sorted(there.text.split())
