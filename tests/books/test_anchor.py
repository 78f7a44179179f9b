"""Passages that comments and suggestions stand at, while the text around and in them changes."""

import random
from typing import Any

import pytest

from accounts.models import User
from books.models import Chapter, Comment, Suggestion
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
WORDS = ["bee", "roof", "the", "a", "meadow", "élan", "𝒳", "and", "of"]
PASSAGE = "«the very passage»"  # its words stand nowhere else: where it is can be told from the text alone


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A chapter of a private book."""
    return builders.make_chapter(builders.make_book(organization, editor), markdown="")


def comment_on(chapter: Chapter, text: str, quote: str, by: User) -> Comment:
    chapter.markdown = text
    desk.write(chapter, text, by)
    return builders.make_comment(chapter, by, quote=quote)


def passage(one: Comment | Suggestion, text: str) -> str:
    now = desk.again(one)
    return text[now.start : now.end]


def prose(dice: random.Random, most: int) -> str:
    """Some words, parted by spaces and blank lines."""
    words = [dice.choice(WORDS) + dice.choice([" ", " ", ". ", "\n\n"]) for _ in range(dice.randrange(most))]
    return "".join(words)


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_around_a_passage_never_lose_nor_misplace_it(chapter: Chapter, editor: User, seed: int) -> None:
    dice = random.Random(seed)
    before, behind = prose(dice, 40), prose(dice, 40)
    one = comment_on(chapter, before + PASSAGE + behind, PASSAGE, editor)
    for _save in range(4):
        before, behind = edited(dice, before), edited(dice, behind)
        text = before + PASSAGE + behind
        desk.write(chapter, text, editor)
        assert passage(one, text) == PASSAGE


def edited(dice: random.Random, text: str) -> str:
    """The text with something put in, taken out or exchanged, which may be at its very edge."""
    start = dice.randint(0, len(text))
    end = min(len(text), start + dice.choice([0, 0, 3, 20]))
    return text[:start] + (prose(dice, 4) if dice.random() < 0.7 else "") + text[end:]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bees know the wide roof well.", "the wide roof"),  # put in inside: it grows
        ("Bees know roof well.", "roof"),  # taken out inside: it shrinks
        ("Bees know of the roof, well.", "the roof"),  # at its edges: it stays as it was
        ("Bees know well.", ""),  # all of it: gone
    ],
)
def test_what_is_edited_inside_is_inside(chapter: Chapter, editor: User, text: str, left: str) -> None:
    one = comment_on(chapter, "Bees know the roof well.", "the roof", editor)
    desk.write(chapter, text, editor)
    assert passage(one, text).strip() == left
    assert desk.again(one).quote == "the roof"


def test_a_passage_that_was_taken_out_is_found_again_when_it_comes_back(chapter: Chapter, editor: User) -> None:
    text = "Bees know the roof well.\n\nNobody mows it."
    one = comment_on(chapter, text, "the roof ", editor)
    for given in ("Bees know well.\n\nNobody mows it.", text):
        desk.write(chapter, given, editor)
    assert passage(one, text) == "the roof "


def test_a_moved_paragraph_takes_its_passages_along(chapter: Chapter, editor: User) -> None:
    first, second, third = "The first one is long enough.", "The second has the passage in it.", "And a third, here."
    one = comment_on(chapter, "\n\n".join([first, second, third]), "the passage", editor)
    text = "\n\n".join([second, first, third])
    desk.write(chapter, text, editor)
    assert passage(one, text) == "the passage"


def test_many_are_moved_by_few_statements(chapter: Chapter, editor: User, django_assert_max_num_queries: Any) -> None:
    words = [f"word{number}" for number in range(60)]
    text = " ".join(words)
    chapter.markdown = text
    desk.write(chapter, text, editor)
    made = [builders.make_suggestion(chapter, f"{word} ", f"{word}! ") for word in words[:-1]]
    with django_assert_max_num_queries(25):
        desk.write(chapter, f"First. {text}", editor)
    assert {passage(one, f"First. {text}") for one in made} == {f"{word} " for word in words[:-1]}
