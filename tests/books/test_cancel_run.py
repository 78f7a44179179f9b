"""Cancelling is for good: nothing is on offer any more, what was written stays and counts as delivered."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from books.models import BookStatus, LanguageModelCall, RunState, Step, StepKind, StepState
from core import leases, tenancy
from tests.books import desk

Perform = Callable[[], int]


@pytest.mark.django_db
def test_cancelling_withdraws_all_work_and_makes_the_book_a_draft_again(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    run_queue()
    desk.approve(author, run)
    assert len(desk.offers()) == 2
    assert [desk.act(author, run, "cancel"), desk.act(author, run, "cancel")] == [302, 302]
    assert desk.offers() == []
    assert run_queue() == 0
    assert desk.again(run).state == RunState.CANCELLED
    assert desk.book_of(run).status == BookStatus.DRAFT
    states = {step.state for step in desk.rows(Step, run.organization, run=run, kind=StepKind.CHAPTER)}
    assert states == {StepState.CANCELLED}
    assert desk.trail(run).count("run.cancelled") == 1


@pytest.mark.django_db
def test_written_chapters_stay_and_count_as_delivered(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author)
    run_queue()
    desk.approve(author, run)
    language_model.control.fault("refusal", purpose="section")
    run_queue()
    assert desk.again(run).state == RunState.FAILED
    assert desk.act(author, run, "cancel") == 302
    run = desk.again(run)
    _refused, written = desk.chapters_of(run)
    assert run.delivered_words == min(written.planned_words, written.word_count) > 0
    assert run.finished_at is not None
    assert desk.book_of(run).status == BookStatus.REVIEW
    assert written.title in author.get(desk.address("read", "atelier", run.book_id), follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_nothing_can_be_done_to_a_cancelled_run(
    verb: str, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    desk.act(author, run, "cancel")
    before = desk.trail(run)
    assert desk.act(author, run, verb) == 409
    assert desk.act(author, run, "retry") == 302
    assert desk.trail(run) == before
    assert desk.again(run).state == RunState.CANCELLED


@pytest.mark.django_db
def test_a_completed_run_cannot_be_cancelled(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author, approves_itself="on", chapter_count=1)
    run_queue()
    assert desk.act(author, run, "cancel") == 409
    assert desk.again(run).state == RunState.COMPLETED


@pytest.mark.django_db
def test_a_book_without_text_can_be_begun_again(author: Client, language_model: Any, run_queue: Perform) -> None:
    first = desk.begin(author)
    desk.act(author, first, "cancel")
    response = author.post(desk.address("book_write", "atelier", first.book_id))
    second = desk.run_at(response["Location"])
    assert second.pk != first.pk
    assert desk.run_at(author.post(desk.address("book_write", "atelier", first.book_id))["Location"]) == second
    run_queue()
    assert desk.again(second).state == RunState.AWAITING_APPROVAL


def somebody_waits_for_us() -> bool:
    """Whether another connection waits for a lock of ours now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_an_answer_being_journaled_and_a_cancel_do_not_lock_each_other(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    """The journal holds its lease, then refers to the run; the cancel holds the run, then wants the lease."""
    run = desk.begin(author, chapter_count=1)
    step = desk.step_of(run, StepKind.OUTLINE)
    held = leases.claim(step.pk)
    assert held is not None

    def cancel() -> int:
        try:
            return desk.act(author, run, "cancel")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with tenancy.declared(run.organization_id), transaction.atomic():
            leases.confirm(held)
            cancelled = threads.submit(cancel)
            deadline = time.monotonic() + 10
            while not somebody_waits_for_us():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            LanguageModelCall.objects.create(
                organization=run.organization, run=run, step=step, attempt=1, input_hash="0" * 64, purpose="outline",
                holder=held.holder, model="scripted",
            )  # fmt: skip
        assert cancelled.result(10) == 302
    assert desk.again(run).state == RunState.CANCELLED
