"""Trying a failed chapter again: afresh after an unusable answer, from where it stood after anything else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from books.models import Run, RunState, StepKind, StepState
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


@pytest.fixture
def run(author: Client, language_model: Any, run_queue: Perform, settings: Any) -> Run:
    """One chapter of three sections, approved, no section asked for yet."""
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "150"}
    begun = desk.begin(author, chapter_count=1, words_per_chapter=400)
    run_queue()
    assert desk.approve(author, begun) == 302
    return desk.again(begun)


def test_answered_sections_are_kept(author: Client, run: Run, language_model: Any, run_queue: Perform) -> None:
    language_model.control.fault("refusal", nth=3)
    run_queue()
    assert desk.again(run).state == RunState.FAILED
    assert desk.act(author, run, "retry") == 302
    assert desk.again(run).state == RunState.WRITING
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    assert desk.step_of(run, StepKind.CHAPTER, 1).attempt == 1
    sections = [call["digest"] for call in language_model.control.calls() if call["purpose"] == "section"]
    assert (len(sections), len(set(sections))) == (4, 3)


def test_retrying_twice_is_one_retry(author: Client, run: Run, language_model: Any, run_queue: Perform) -> None:
    language_model.control.fault("refusal", purpose="section")
    run_queue()
    assert [desk.act(author, run, "retry"), desk.act(author, run, "retry")] == [302, 302]
    assert desk.trail(run).count("run.retried") == 1
    assert len(desk.offers()) == 1


def test_a_failed_back_cover_is_asked_for_again(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("refusal", purpose="blurb")
    run_queue()
    failed = desk.again(run)
    assert (failed.state, failed.resume_state) == (RunState.FAILED, RunState.FINALIZING)
    assert desk.step_of(run, StepKind.FINISH).state == StepState.FAILED
    assert desk.act(author, run, "retry") == 302
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    assert desk.book_of(run).blurb != ""


def test_the_tries_before_a_retry_are_forgotten(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("503", purpose="section", times=8)
    for _try in range(8):
        run_queue()
        desk.let_time_pass()
    assert desk.step_of(run, StepKind.CHAPTER, 1).state == StepState.FAILED
    desk.act(author, run, "retry")
    assert desk.step_of(run, StepKind.CHAPTER, 1).tries == 0
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
