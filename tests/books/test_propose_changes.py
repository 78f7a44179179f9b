"""What is typed over a text as proposals: accepted together they are what was typed, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.models import SuggestionKind
from books.transitions.proposals import Draft, between, exchanged, placed, stands

WORDS = st.sampled_from(["a", "bee", "roof", "the", "élan", "𝒳", ".", ",", " ", "  ", "\n", "\n\n", "* ", "#", "—"])
ANY_TEXT = st.one_of(st.lists(WORDS, max_size=60).map("".join), st.text(max_size=60))


def parts(drafts: list[Draft]) -> list[tuple[int, int, str]]:
    return [(one.start or 0, one.end or 0, one.proposal) for one in drafts]


@given(ANY_TEXT, ANY_TEXT)
def test_accepting_all_gives_what_was_typed(base: str, text: str) -> None:
    drafts = between(base, text, kind=SuggestionKind.STYLE)
    made, changes = exchanged(base, parts(drafts))
    assert made == text
    assert [made[one.new_start : one.new_end] for one in changes] == [one.proposal for one in drafts]


@given(ANY_TEXT, ANY_TEXT)
def test_each_proposal_stands_alone_and_can_be_told_before_and_after(base: str, text: str) -> None:
    for draft in between(base, text, kind=SuggestionKind.STYLE):
        assert placed(base, draft) is not None
        assert stands(base, draft.start or 0, draft.end or 0, draft.quote)
        assert draft.quote or not base
        assert draft.proposal or not text


@given(ANY_TEXT, ANY_TEXT)
def test_taking_all_back_gives_the_original(base: str, text: str) -> None:
    drafts = between(base, text, kind=SuggestionKind.STYLE)
    made, changes = exchanged(base, parts(drafts))
    back = [(change.new_start, change.new_end, draft.quote) for change, draft in zip(changes, drafts, strict=True)]
    assert exchanged(made, back)[0] == base


def test_a_change_that_is_only_put_in_or_taken_out_brings_a_word_along() -> None:
    (put_in,) = between("Bees fly.", "Bees often fly.", kind=SuggestionKind.STYLE)
    assert (put_in.quote, put_in.proposal) == ("Bees", "Bees often")
    (taken_out,) = between("Bees often fly.", "Bees fly.", kind=SuggestionKind.STYLE)
    assert (taken_out.quote, taken_out.proposal) == ("Bees often", "Bees")


def test_changes_with_only_a_space_between_are_one() -> None:
    (one,) = between("Bees fly very far.", "Bees walk quite far.", kind=SuggestionKind.STYLE)
    assert (one.quote, one.proposal) == ("fly very", "walk quite")


@pytest.mark.parametrize(
    ("draft", "place"),
    [
        (Draft("bees", "wasps"), (4, 8)),
        (Draft("the", "a"), None),
        (Draft("hive", "nest"), None),
        (Draft("bees", "bees"), None),
        (Draft("the", "a", start=0, end=3), (0, 3)),
        (Draft("the", "a", start=1, end=4), None),
        (Draft("bees ", "", start=4, end=9), (0, 9)),
        (Draft("", "x", start=-4, end=-4), None),
    ],
)
def test_what_quotes_nothing_that_stands_there_is_dropped(draft: Draft, place: tuple[int, int] | None) -> None:
    found = placed("the bees know the roof", draft)
    assert (found and (found.start, found.end)) == place
