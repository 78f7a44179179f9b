"""A run goes on where it stood: no answered question is asked again, and a lost worker commits nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from books.models import CallState, LanguageModelCall, Run, RunState, StepKind, StepState
from core import leases, tenancy
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


def digests(language_model: Any, purpose: str) -> list[str]:
    return [call["digest"] for call in language_model.control.calls() if call["purpose"] == purpose]


def test_resuming_what_runs_changes_nothing(author: Client, run: Run) -> None:
    before = desk.trail(run)
    assert desk.act(author, run, "resume") == 302
    assert desk.trail(run) == before


def test_resuming_what_waits_or_is_over_is_refused(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    waiting = desk.begin(author)
    run_queue()
    before = desk.trail(waiting)
    assert desk.act(author, waiting, "resume") == 409
    assert desk.trail(waiting) == before
    assert desk.again(run).state == RunState.COMPLETED
    assert desk.act(author, run, "resume") == 409


def test_sections_that_were_answered_are_not_asked_again(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("503", nth=3)
    run_queue()
    assert desk.step_of(run, StepKind.CHAPTER, 1).state == StepState.OPEN
    desk.let_time_pass()
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    asked = digests(language_model, "section")
    assert (len(asked), len(set(asked))) == (4, 3)
    answered = [call for call in language_model.control.calls() if call["state"] == "completed"]
    assert len({call["digest"] for call in answered}) == len(answered)


def test_a_worker_that_died_in_a_call_leaves_it_uncertain_and_the_text_is_whole(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    """The rows of a worker killed inside its second call: the step at work, one answer, one call still open."""
    language_model.control.fault("503", nth=3)
    run_queue()
    first, second = [call for call in desk.calls_of(run) if call.purpose == "section"]
    with tenancy.declared(run.organization_id):
        LanguageModelCall.objects.of(run.organization).filter(pk=second.pk).update(state=CallState.ASKING)
    desk.let_time_pass()
    run_queue()
    states = [call.state for call in desk.calls_of(run) if call.purpose == "section"]
    assert states == [CallState.ANSWERED, CallState.UNCERTAIN, CallState.ANSWERED, CallState.ANSWERED]
    assert desk.chapters_of(run)[0].markdown.startswith(first.text.strip())
    page = author.get(desk.address("run", "atelier", run.pk)).context["page"]
    assert page.usage.uncertain == 1


def test_a_step_that_is_held_is_not_begun_twice(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    step = desk.step_of(run, StepKind.CHAPTER, 1)
    held = leases.claim(step.pk)
    assert held is not None
    assert run_queue() == 0
    assert digests(language_model, "section") == []
    with tenancy.declared(run.organization_id):
        leases.withdraw(step.pk)
        with pytest.raises(leases.LeaseLost):
            leases.confirm(held)


def test_two_messages_for_one_step_do_it_once(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    from books.tasks import perform_step

    step = desk.step_of(run, StepKind.CHAPTER, 1)
    with tenancy.declared(run.organization_id):
        perform_step(str(step.pk))
        perform_step(str(step.pk))
    assert len(digests(language_model, "section")) == 3
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED


def test_a_step_of_a_paused_run_is_put_down_unasked(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    desk.act(author, run, "pause")
    assert run_queue() == 1
    assert digests(language_model, "section") == []
    assert desk.offers() == []
    desk.act(author, run, "resume")
    assert len(desk.offers()) == 1
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
