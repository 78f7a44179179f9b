"""A pause stops between two calls: what was finished stands, nothing new is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from books.models import CallState, ChatTurn, Run, RunState, StepKind, StepState
from core import tenancy
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.conftest import perform_due

Perform = Callable[[], int]


@contextmanager
def a_worker(organization: UUID) -> Iterator[None]:
    """Perform what is due in a thread of its own while the block runs, as a worker beside the web process."""

    def work() -> None:
        try:
            with tenancy.declared(organization):
                perform_due()
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def run(transactional_db: None, author: Client, language_model: Any, run_queue: Perform, settings: Any) -> Run:
    """One chapter of two sections, approved, its first call not made yet."""
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "150"}
    begun = desk.begin(author, chapter_count=1, words_per_chapter=300)
    run_queue()
    assert desk.approve(author, begun) == 302
    return desk.again(begun)


@pytest.mark.django_db(transaction=True)
def test_a_pause_lets_the_call_finish_and_gives_the_step_back(author: Client, run: Run, language_model: Any) -> None:
    language_model.control.fault("hold", purpose="section", after=5)
    with a_worker(run.organization_id):
        language_model.control.wait_for_waiting()
        assert desk.act(author, run, "pause") == 302
        language_model.control.release()
    assert desk.again(run).state == RunState.PAUSED
    assert [call.state for call in desk.calls_of(run)][1:] == [CallState.ANSWERED]
    assert desk.step_of(run, StepKind.CHAPTER, 1).state == StepState.OPEN
    assert desk.offers() == []
    assert desk.chapters_of(run)[0].markdown == ""
    assert desk.act(author, run, "resume") == 302
    perform_due()
    assert desk.again(run).state == RunState.COMPLETED
    assert [call.purpose for call in desk.calls_of(run)] == ["outline", "section", "section", "blurb"]


@pytest.mark.django_db(transaction=True)
def test_a_fault_during_a_pause_is_shown_when_the_run_goes_on(author: Client, run: Run, language_model: Any) -> None:
    language_model.control.fault("hold", purpose="section")
    with a_worker(run.organization_id):
        language_model.control.wait_for_waiting()
        desk.act(author, run, "pause")
        language_model.control.fault("refusal", purpose="section")
        language_model.control.release()
    desk.act(author, run, "resume")
    perform_due()
    run = desk.again(run)
    assert (run.state, run.resume_state) == (RunState.FAILED, RunState.WRITING)


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_during_a_pause_is_kept(
    author: Client, organization: Organization, editor: User, language_model: Any
) -> None:
    book = builders.make_book(organization, editor)
    language_model.control.fault("hold", after=5)
    author.post(desk.address("chats", "atelier", book.pk), {"request_key": str(new_id()), "question": "Who reads it?"})
    (turn,) = desk.rows(ChatTurn, organization)
    (run,) = desk.rows(Run, organization)
    with a_worker(organization.pk):
        language_model.control.wait_for_waiting()
        assert author.post(desk.address("run_pause", "atelier", run.pk)).status_code == 302
        language_model.control.release()
    assert (desk.again(run).state, desk.step_of(run, StepKind.CHAT).problem) == (RunState.COMPLETED, "")
    assert desk.again(turn).answer


@pytest.mark.django_db(transaction=True)
def test_cancelling_under_a_call_commits_nothing_of_it(author: Client, run: Run, language_model: Any) -> None:
    language_model.control.fault("hold", purpose="section", after=5)
    with a_worker(run.organization_id):
        language_model.control.wait_for_waiting()
        assert desk.act(author, run, "cancel") == 302
        language_model.control.release()
    run = desk.again(run)
    assert (run.state, run.delivered_words) == (RunState.CANCELLED, 0)
    assert desk.chapters_of(run)[0].markdown == ""
    assert desk.step_of(run, StepKind.CHAPTER, 1).state == StepState.CANCELLED
    assert desk.calls_of(run)[-1].state in {CallState.ASKING, CallState.STOPPED}
    assert desk.calls_of(run)[-1].text == ""


@pytest.mark.django_db
def test_a_run_that_waits_to_start_can_be_paused(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author)
    assert [desk.act(author, run, "pause"), desk.act(author, run, "pause")] == [302, 302]
    run_queue()
    assert desk.again(run).state == RunState.PAUSED
    assert language_model.control.calls() == []
    desk.act(author, run, "resume")
    run_queue()
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert desk.trail(run).count("run.paused") == 1


@pytest.mark.django_db
def test_what_is_not_at_work_cannot_be_paused(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author)
    run_queue()
    assert desk.act(author, run, "pause") == 409
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert desk.trail(run)[-1] == "run.awaiting_approval"
