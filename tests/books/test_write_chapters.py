"""A whole run, in this process: outline, chapters in sections, back cover; and every fault a model can have."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.models import BookStatus, CallState, Run, RunState, StepKind, StepState
from core.text import count_words
from organizations.models import Organization
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


def writing_run(author: Client, run_queue: Perform, **overrides: Any) -> Run:
    """A run whose outline is approved and whose chapters wait for workers."""
    run = desk.begin(author, **overrides)
    run_queue()
    assert desk.approve(author, run) == 302
    return desk.again(run)


def asked(language_model: Any, purpose: str) -> int:
    """How often the model was asked for that."""
    return sum(call["purpose"] == purpose for call in language_model.control.calls())


def test_a_book_is_outlined_approved_written_and_left_for_review(
    author: Client, organization: Organization, language_model: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    assert (run.state, run.credits_quoted, desk.book_of(run).status) == (RunState.PENDING, 2, BookStatus.GENERATING)
    assert run_queue() == 1
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert desk.approve(author, run) == 302
    assert run_queue() == 4  # two chapters, the end, and the mail that the book is written
    run, book, chapters = desk.again(run), desk.book_of(run), desk.chapters_of(run)
    assert (run.state, run.problem, run.model_label) == (RunState.COMPLETED, "", "scripted")
    assert book.status == BookStatus.REVIEW
    assert 40 <= count_words(book.blurb) <= 200
    assert [chapter.position for chapter in chapters] == [1, 2]
    assert all(chapter.word_count == count_words(chapter.markdown) for chapter in chapters)
    assert run.delivered_words == sum(min(chapter.planned_words, chapter.word_count) for chapter in chapters) > 300
    assert desk.offers() == []


def test_every_move_is_in_the_trail_with_who_made_it(
    author: Client, editor: User, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue)
    run_queue()
    assert desk.trail(run) == [
        "run.started", "run.outlining", "run.awaiting_approval", "outline.saved", "outline.approved", "run.writing",
        "run.finalizing", "run.completed",
    ]  # fmt: skip
    assert desk.trail(desk.book_of(run)) == ["book.created"]
    assert desk.trail(desk.step_of(run, StepKind.CHAPTER, 1)) == ["step.done"]
    by_hand = {"run.started", "outline.saved", "outline.approved"}
    entries = desk.entries_of(run)
    assert {entry.action for entry in entries if entry.actor_id == editor.pk} == by_hand
    assert {entry.organization_id for entry in entries} == {run.organization_id}


def test_the_pages_say_what_the_run_used(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = writing_run(author, run_queue)
    run_queue()
    calls = desk.calls_of(run)
    assert [call.purpose for call in calls] == ["outline", "section", "section", "blurb"]
    assert {call.state for call in calls} == {CallState.ANSWERED}
    assert all(call.tokens_in > 0 and call.tokens_out > 0 and call.total_ms is not None for call in calls)
    usage = author.get(desk.address("run", "atelier", run.pk)).context["page"].usage
    receipt = author.get(desk.address("book", "atelier", run.book_id)).context["page"].receipt.whole
    for said in (usage, receipt):
        assert (said.calls, said.uncertain) == (4, 0)
        assert said.tokens_out == sum(call.tokens_out for call in calls)
    assert author.get(desk.address("run", "atelier", run.pk)).context["page"].percent == 100


def test_a_french_book_is_written_in_french(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(
        author, language="fr", title="Abeilles des toits", topic="Élever des abeilles en ville", approves_itself="on"
    )
    assert run_queue() == 5  # outline, two chapters, the end, and the mail that the book is written
    text = " ".join(chapter.markdown for chapter in desk.chapters_of(run))
    assert {"les", "des", "une"} <= set(text.lower().split())
    assert "abeilles" in text
    assert "the" not in text.lower().split()


def test_a_run_that_approves_itself_needs_nobody(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author, approves_itself="on")
    assert run_queue() == 5  # outline, two chapters, the end, and the mail that the book is written
    assert desk.again(run).state == RunState.COMPLETED


def test_a_long_chapter_is_written_in_sections_that_follow_one_another(
    author: Client, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "150"}
    run = writing_run(author, run_queue, chapter_count=1, words_per_chapter=400)
    run_queue()
    sections = [call for call in desk.calls_of(run) if call.purpose == "section"]
    assert len(sections) == 3
    (chapter,) = desk.chapters_of(run)
    assert chapter.markdown == "\n\n".join(call.text.strip() for call in sections)


def test_the_size_of_sections_is_fixed_when_the_run_starts(
    author: Client, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    run = writing_run(author, run_queue, chapter_count=1, words_per_chapter=400)
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "120"}
    run_queue()
    assert asked(language_model, "section") == -(-400 // run.section_words)


@pytest.mark.parametrize(("header", "least"), [(30, 29), ("0.5", 0)])
def test_a_rate_limit_is_waited_for_as_long_as_the_provider_says(
    header: str | int, least: int, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    language_model.control.fault("429", purpose="section", retry_after=header)
    run_queue()
    step = desk.step_of(run, StepKind.CHAPTER, 1)
    assert (step.state, step.problem_code, step.tries) == (StepState.OPEN, "rate_limited", 1)
    (lease,) = desk.offers()
    assert least <= desk.due_in(lease).total_seconds() <= least + 1.5
    assert lease.holder is None
    assert "asked too often" in author.get(desk.address("run", "atelier", run.pk)).content.decode()
    desk.let_time_pass()
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    assert desk.step_of(run, StepKind.CHAPTER, 1).problem == ""


@pytest.mark.parametrize(
    ("kind", "code"),
    [("500", "unavailable"), ("503", "unavailable"), ("reset", "unavailable"), ("cut", "cut_short"),
     ("error_event", "unavailable"), ("malformed", "malformed"), ("html", "malformed")],
)  # fmt: skip
def test_a_passing_fault_is_tried_again_until_it_has_passed(
    kind: str, code: str, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    language_model.control.fault(kind, purpose="section", times=2, **({"after": 5} if kind == "cut" else {}))
    waits = []
    for tries in (1, 2):
        run_queue()
        step = desk.step_of(run, StepKind.CHAPTER, 1)
        assert (step.state, step.problem_code, step.tries) == (StepState.OPEN, code, tries)
        assert [chapter.markdown for chapter in desk.chapters_of(run)] == [""]
        waits.append(desk.due_in(desk.offers()[0]).total_seconds())
        desk.let_time_pass()
    assert 0.2 <= waits[0] <= 1
    assert 0.7 <= waits[1] <= 2
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    states = [call.state for call in desk.calls_of(run) if call.purpose == "section"]
    assert states == [CallState.FAILED, CallState.FAILED, CallState.ANSWERED]


def test_a_model_that_does_not_answer_in_time_is_asked_again(
    author: Client, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_FIRST_BYTE_SECONDS": "0.3", "LLM_IDLE_SECONDS": "0.3"}
    for kind in ("timeout", "stall"):
        language_model.control.fault(kind, purpose="section", **({"after": 5} if kind == "stall" else {}))
        run_queue()
        assert desk.step_of(run, StepKind.CHAPTER, 1).problem_code == "timed_out"
        assert desk.chapters_of(run)[0].markdown == ""
        desk.let_time_pass()
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [("refusal", "refused", "declined"), ("content_filter", "refused", "declined"),
     ("context", "context_too_long", "too long"), ("401", "not_authorized", "key"), ("quota", "quota_spent", "credit"),
     ("404", "model_not_found", "no such model"), ("400", "rejected", "rejected")],
)  # fmt: skip
def test_a_fault_that_does_not_pass_fails_the_step_and_says_why(
    kind: str, code: str, words: str, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue)
    language_model.control.fault(kind, purpose="section")
    run_queue()
    run, step = desk.again(run), desk.step_of(run, StepKind.CHAPTER, 1)
    assert (step.state, step.problem_code) == (StepState.FAILED, code)
    assert (run.state, run.problem) == (RunState.FAILED, step.problem)
    assert words in run.problem
    texts = [chapter.markdown for chapter in desk.chapters_of(run)]
    assert texts[0] == ""
    assert texts[1] != ""
    assert run.problem in author.get(desk.address("run", "atelier", run.pk)).content.decode().replace("&#x27;", "'")
    assert desk.offers() == []


def test_after_eight_tries_a_passing_fault_is_a_failure(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    language_model.control.fault("503", purpose="section", times=20)
    for _try in range(8):
        run_queue()
        desk.let_time_pass()
    assert desk.step_of(run, StepKind.CHAPTER, 1).state == StepState.FAILED
    assert desk.again(run).state == RunState.FAILED
    assert asked(language_model, "section") == 8


def test_messages_come_in_the_authors_language(
    author: Client, editor: User, language_model: Any, run_queue: Perform
) -> None:
    editor.language = "fr"
    editor.save(update_fields=["language"])
    run = writing_run(author, run_queue, chapter_count=1)
    language_model.control.fault("refusal", purpose="section")
    run_queue()
    problem = desk.again(run).problem
    assert problem != ""
    assert "declined" not in problem


def test_an_answer_ended_by_its_length_keeps_whole_sentences(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    language_model.control.fault("length", purpose="section")
    run_queue()
    (chapter,) = desk.chapters_of(run)
    (section,) = [call for call in desk.calls_of(run) if call.purpose == "section"]
    assert section.finish == "length"
    assert chapter.markdown.rstrip('*_"”»)')[-1] in ".!?…"
    assert section.text.strip().startswith(chapter.markdown)
    assert desk.again(run).delivered_words == chapter.word_count < chapter.planned_words


def test_a_model_that_is_away_when_the_run_starts_is_waited_for_with_its_reason(
    author: Client, run_queue: Perform, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": ""}
    run = desk.begin(author)
    run_queue()
    step = desk.step_of(run, StepKind.OUTLINE)
    assert (step.state, step.problem_code) == (StepState.OPEN, "unavailable")
    assert desk.again(run).state == RunState.OUTLINING
    assert desk.offers()[0].holder is None


def test_the_last_part_waits_for_every_chapter(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = writing_run(author, run_queue, chapter_count=3)
    language_model.control.fault("429", purpose="section", retry_after=30)
    run_queue()
    assert desk.again(run).state == RunState.WRITING
    assert asked(language_model, "blurb") == 0
    desk.let_time_pass()
    run_queue()
    assert asked(language_model, "blurb") == 1
    assert desk.again(run).state == RunState.COMPLETED


def test_an_error_nobody_foresaw_is_ours_and_ends_in_a_message(
    author: Client, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    run = writing_run(author, run_queue, chapter_count=1)
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_EXTRA": "not JSON"}
    run_queue()
    step = desk.step_of(run, StepKind.CHAPTER, 1)
    assert (step.state, step.problem_code) == (StepState.OPEN, "internal")
    assert "our side" in step.problem
