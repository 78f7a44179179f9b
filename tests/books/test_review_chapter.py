"""A model reads a chapter and suggests changes: ordered, read in parts, made where they stand; nothing twice."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.actions import spending
from books.jobs import proposing
from books.models import Chapter, Review, Run, RunKind, RunState, Suggestion, SuggestionKind, SuggestionSource
from core import leases, tenancy
from core.models import Lease
from core.sentences import sentences
from core.text import count_words
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.money import two_tiers

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]
KINDS = ["style", "coherence", "structure", "fact_check"]
TEXT = "\n\n".join(
    f"Paragraph {number} speaks of hives at length. It has a second sentence. Its third one ends."
    for number in range(8)
)


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """Eight paragraphs of three sentences in a book that is in review."""
    book = builders.make_book(organization, editor, status="review")
    return builders.make_chapter(book, markdown=TEXT, word_count=count_words(TEXT))


@pytest.fixture
def in_parts(language_model: Any, settings: Any) -> Any:
    """The model, given a chapter in two parts."""
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "50"}
    return language_model


def order(author: Client, chapter: Chapter, **data: Any) -> Any:
    fields = {"task": "suggest", "kinds": KINDS, "accepted_credits": 1} | data
    return author.post(desk.address("assistant", "atelier", chapter.book_id, chapter.pk), fields)


def ordered(author: Client, chapter: Chapter, **data: Any) -> Review:
    answer = order(author, chapter, **data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return reviews(chapter)[0]


def reviews(chapter: Chapter) -> list[Review]:
    return sorted(desk.rows(Review, chapter.organization, chapter=chapter), key=lambda one: one.pk, reverse=True)


def run_of(review: Review) -> Run:
    return desk.rows(Run, review.organization, pk=review.run_id)[0]


def made(review: Review) -> list[Suggestion]:
    return sorted(desk.rows(Suggestion, review.organization, run_id=review.run_id), key=lambda one: one.start)


def page(author: Client, review: Review) -> str:
    shown: str = author.get(desk.address("review", "atelier", review.pk)).content.decode()
    return shown


def test_a_chapter_is_read_and_what_is_suggested_stands_in_its_text(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    review = ordered(author, chapter)
    run_queue()
    run, found = run_of(review), made(review)
    assert (run.state, run.kind, run.credits_quoted) == (RunState.COMPLETED, RunKind.SUGGEST, 1)
    assert desk.again(review).made == len(found) > 2
    for one in found:
        assert TEXT[one.start : one.end] == one.quote
        assert (one.source, one.source_name, one.author_id) == (SuggestionSource.MODEL, "scripted", None)
        assert one.kind in KINDS
        assert one.reason.startswith("Sentence")
    assert desk.again(chapter).markdown == TEXT
    assert f"{len(found)} suggestions" in page(author, review)


def test_a_doubted_fact_is_marked_to_be_checked(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    review = ordered(author, chapter, kinds=["fact_check"])
    run_queue()
    assert made(review)
    assert all(one.proposal.endswith("[to check]") for one in made(review))


def test_a_long_chapter_is_read_in_parts_and_a_worker_lost_between_them_pays_none_twice(
    author: Client, chapter: Chapter, in_parts: Any, run_queue: Perform
) -> None:
    in_parts.control.fault("cut", nth=2, after=5)
    review = ordered(author, chapter)
    run_queue()
    assert run_of(review).state == RunState.WRITING
    assert (made(review), desk.again(review).made) == ([], 0)
    assert "1 of 2 parts" in page(author, review)
    desk.let_time_pass()
    run_queue()
    assert run_of(review).state == RunState.COMPLETED
    assert len(made(review)) == desk.again(review).made > 0
    calls = in_parts.control.calls()
    assert (len(calls), len({call["digest"] for call in calls})) == (3, 2)


def test_a_worker_that_died_over_a_review_is_replaced_and_makes_nothing(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    review = ordered(author, chapter)
    (lease,) = desk.offers()
    dead = leases.claim(lease.pk)
    assert dead is not None
    Lease.objects.filter(pk=lease.pk).update(held_until=desk.in_past(1))
    run_queue()
    assert len(made(review)) == desk.again(review).made
    with pytest.raises(leases.LeaseLost), transaction.atomic():
        leases.finish(dead)


def test_suggestions_find_their_places_in_a_text_changed_meanwhile(
    author: Client, editor: User, chapter: Chapter, in_parts: Any, run_queue: Perform
) -> None:
    in_parts.control.fault("cut", nth=2, after=5)
    review = ordered(author, chapter)
    run_queue()
    desk.write(chapter, "A new beginning.\n\n" + TEXT.replace("Paragraph 0 speaks", "Section 0 talks"), editor)
    desk.let_time_pass()
    run_queue()
    text, review = desk.again(chapter).markdown, desk.again(review)
    assert review.made == len(made(review)) > 0
    assert review.dropped == 1
    assert all(text[one.start : one.end] == one.quote for one in made(review))
    assert "1 was left out" in page(author, review)


def test_a_passage_is_read_alone(author: Client, chapter: Chapter, language_model: Any, run_queue: Perform) -> None:
    review = ordered(author, chapter, first="3", last="4")
    run_queue()
    start, end = TEXT.index("Paragraph 2"), TEXT.index("Paragraph 4")
    assert made(review)
    assert all(start <= one.start and one.end <= end for one in made(review))
    (call,) = language_model.control.calls()
    assert "Paragraph 4" not in call["prompt"]


def test_an_answer_that_is_no_json_is_asked_for_once_more(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("invalid_json", purpose="review")
    review = ordered(author, chapter)
    run_queue()
    assert run_of(review).state == RunState.COMPLETED
    assert [call["purpose"] for call in language_model.control.calls()] == ["review", "repair"]


def test_two_useless_answers_fail_and_another_try_asks_afresh(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("invalid_json", times=2)
    review = ordered(author, chapter)
    run_queue()
    assert run_of(review).state == RunState.FAILED
    assert "could not be used" in page(author, review)
    assert author.post(desk.address("run_retry", "atelier", review.run_id)).status_code == 302
    run_queue()
    assert run_of(review).state == RunState.COMPLETED
    assert made(review)


def test_a_chapter_in_the_trash_by_then_gets_no_suggestions(
    author: Client, chapter: Chapter, in_parts: Any, run_queue: Perform
) -> None:
    in_parts.control.fault("cut", nth=2, after=5)
    review = ordered(author, chapter)
    run_queue()
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        Chapter.objects.filter(pk=chapter.pk).update(trashed_at=desk.in_past(1))
    desk.let_time_pass()
    run_queue()
    assert (run_of(review).state, made(review)) == (RunState.FAILED, [])
    assert "trash" in run_of(review).problem


def test_a_review_is_paused_resumed_and_cancelled(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    review = ordered(author, chapter)
    for verb, state in (("pause", RunState.PAUSED), ("resume", RunState.PENDING), ("cancel", RunState.CANCELLED)):
        assert author.post(desk.address(f"run_{verb}", "atelier", review.run_id)).status_code == 302
        assert run_of(review).state == state
        assert page(author, review)
    assert (desk.offers(), run_queue(), language_model.control.calls()) == ([], 0, [])


def test_the_same_order_twice_is_one_review_and_other_kinds_another(
    author: Client, chapter: Chapter, language_model: Any
) -> None:
    first = order(author, chapter)
    assert order(author, chapter)["Location"] == first["Location"]
    assert order(author, chapter, kinds=["style"])["Location"] != first["Location"]
    assert len(reviews(chapter)) == 2


@pytest.mark.parametrize(
    "data",
    [{"kinds": []}, {"kinds": ["spelling"]}, {"accepted_credits": 0}, {"first": "9"}, {"first": "3", "last": "2"}],
)
def test_an_impossible_order_is_answered_422_and_costs_nothing(
    data: dict[str, Any], author: Client, chapter: Chapter
) -> None:
    assert order(author, chapter, **data).status_code == 422
    assert (reviews(chapter), desk.offers()) == ([], [])


def test_nothing_is_read_while_the_book_is_being_written_or_without_text(author: Client, chapter: Chapter) -> None:
    builders.make_run(chapter.book, state=RunState.PAUSED)
    assert order(author, chapter).status_code == 422
    bare = builders.make_chapter(chapter.book, position=2, markdown="", word_count=0)
    assert order(author, bare).status_code == 422
    assert reviews(chapter) == reviews(bare) == []


def test_the_runs_own_address_leads_to_the_review(author: Client, chapter: Chapter) -> None:
    review = builders.make_review(chapter)
    answer = author.get(desk.address("run", "atelier", review.run_id))
    assert answer["Location"] == desk.address("review", "atelier", review.pk)


def test_a_cap_pauses_the_reading_and_nothing_is_asked_before_it_is_raised(
    author: Client, owner: User, chapter: Chapter, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    settings.MODEL_ROUTES = two_tiers(language_model)
    caps: dict[str, int | None] = {"run_micros": None, "month_micros": 10, "total_micros": None}
    with tenancy.declared(chapter.organization_id):
        spending.set_caps(organization=chapter.organization, by=owner, **caps)
    review = ordered(author, chapter)
    run_queue()
    assert (run_of(review).state, language_model.control.calls()) == (RunState.PAUSED, [])
    assert "Spending" in page(author, review)
    assert author.post(desk.address("run_resume", "atelier", review.run_id)).status_code == 422
    with tenancy.declared(chapter.organization_id):
        spending.set_caps(organization=chapter.organization, by=owner, **(caps | {"month_micros": None}))
    assert author.post(desk.address("run_resume", "atelier", review.run_id)).status_code == 302
    run_queue()
    assert run_of(review).state == RunState.COMPLETED


TWO = sentences("The red house stood. It was old, old and red.")


def answer(**fields: Any) -> str:
    one = {
        "sentence": 1,
        "kind": "style",
        "quote": "red house",
        "proposal": "red barn",
        "reason": "",
        "severity": "info",
    }
    return json.dumps({"suggestions": [one | fields]})


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, (8, 13, "house", "barn")),
        ({"sentence": 2}, (8, 13, "house", "barn")),  # the only place, though another sentence was named
        ({"quote": "The red house stood.", "proposal": "The red barn stood."}, (8, 13, "house", "barn")),
        ({"proposal": "The red barn stood."}, (8, 13, "house", "barn")),  # the whole sentence for some of its words
        ({"quote": "blue house"}, None),
        ({"quote": "Red house"}, None),
        ({"quote": " "}, None),
        ({"sentence": 2, "quote": "old", "proposal": "new"}, None),  # which of the two?
        ({"proposal": "red house"}, None),
        ({"kind": "spelling"}, None),
        ({"kind": "nonsense"}, None),
        ({"sentence": "first"}, None),
        ({"sentence": 0}, (8, 13, "house", "barn")),
        ({"kind": "fact_check", "proposal": "red house"}, (13, 13, "", " [to check]")),
    ],
)
def test_only_what_quotes_the_text_and_changes_it_is_kept(
    fields: dict[str, Any], found: tuple[int, int, str, str] | None
) -> None:
    read = proposing.read(answer(**fields), TWO, [SuggestionKind.STYLE, SuggestionKind.FACT_CHECK], "[to check]")
    assert [(one.start, one.end, one.quote, one.proposal) for one in read.drafts] == ([found] if found else [])
    assert read.dropped == (found is None)


def test_sentences_have_their_places_and_leave_out_what_is_no_prose() -> None:
    text = "# Head\n\nOne *two*. “Three!” Four\nfive?\n\n* * *\n\n![A roof](picture:1)\n\n| a | b |\n|---|---|\n\nSix"
    found = sentences(text)
    assert [one.line for one in found] == ["# Head", "One *two*.", "“Three!”", "Four five?", "Six"]
    assert all(text[one.start : one.end] == one.text for one in found)
