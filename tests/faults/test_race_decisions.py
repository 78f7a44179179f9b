"""Several people decide about the same suggestions at the same moment: each is decided once, and no text is lost."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction

from books.actions import decisions
from books.models import Chapter, Suggestion
from books.queries.suggestions import Wanted, selection
from core import tenancy
from tests import builders
from tests.books import desk
from tests.faults.crowd import at_once
from tests.faults.test_race_places import house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]
CROWD = 8
Act = Callable[..., decisions.Decided]
ACTS: list[Act] = [decisions.accept_suggestions, decisions.reject_suggestions, decisions.ignore_suggestions]


def marked(number: int) -> str:
    return f"word{number}"


def chapter_of(words: int) -> Chapter:
    """A chapter with a suggestion for each of its words."""
    organization, owner = house()
    text = " ".join(map(marked, range(words))) + "."
    chapter = builders.make_chapter(builders.make_book(organization, owner), markdown=text)
    for number in range(words):
        builders.make_suggestion(chapter, f"{marked(number)}{' ' if number + 1 < words else '.'}", f"{number}! ")
    return chapter


def test_one_suggestion_is_accepted_once_by_many() -> None:
    chapter = chapter_of(1)

    def accept(_number: int) -> None:
        with tenancy.declared(chapter.organization_id), transaction.atomic():
            chosen = selection(chapter.book, Wanted())
            decisions.accept_suggestions(book=chapter.book, by=chapter.book.author, chosen=chosen)

    assert at_once(accept, range(CROWD)) == ["done"] * CROWD
    now = desk.again(chapter)
    assert (now.markdown, now.version, desk.trail(chapter.book).count("suggestion.applied")) == ("0! ", 2, 1)


def test_each_of_many_is_decided_by_one_and_the_text_holds_what_was_accepted() -> None:
    chapter = chapter_of(CROWD * 3)
    rows = sorted(desk.rows(Suggestion, chapter.organization), key=lambda row: row.start)

    def decide(asked: tuple[Act, list[UUID]]) -> None:
        act, ids = asked
        with tenancy.declared(chapter.organization_id), transaction.atomic():
            act(book=chapter.book, by=chapter.book.author, chosen=selection(chapter.book, Wanted()).filter(pk__in=ids))

    # Neighbours overlap: whoever comes second finds some of them decided.
    several = [[one.pk for one in rows[number * 3 : number * 3 + 5]] for number in range(CROWD)]
    crowd = [(ACTS[number % 3], ids) for number, ids in enumerate(several)]
    assert set(at_once(decide, crowd)) == {"done"}
    text, decided = desk.again(chapter).markdown, [desk.again(one) for one in rows]
    assert {one.state for one in decided} <= {"applied", "rejected", "ignored"}
    for one in decided:
        assert text[one.start : one.end] == one.proposal if one.state == "applied" else one.quote.strip(" .") in text
