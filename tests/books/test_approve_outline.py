"""Approval fixes the outline and its price; nothing dearer than what was agreed to is begun."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from books.models import OutlineEntry, Run, RunState, Step, StepKind
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


@pytest.fixture
def run(author: Client, language_model: Any, run_queue: Perform) -> Run:
    """A run of two chapters of 200 words, at two credits, that waits for approval."""
    begun = desk.begin(author)
    run_queue()
    return desk.again(begun)


def test_approving_makes_the_chapters_and_offers_each(author: Client, run: Run) -> None:
    assert desk.approve(author, run) == 302
    run = desk.again(run)
    assert run.state == RunState.WRITING
    assert run.approved_at is not None
    outline = desk.rows(OutlineEntry, run.organization, run=run)
    chapters = desk.chapters_of(run)
    assert [chapter.title for chapter in chapters] == [entry.title for entry in outline]
    assert {lease.pk for lease in desk.offers()} == {
        step.pk for step in desk.rows(Step, run.organization, run=run, kind=StepKind.CHAPTER)
    }


def test_approving_twice_is_one_approval(author: Client, run: Run) -> None:
    assert [desk.approve(author, run), desk.approve(author, run)] == [302, 302]
    assert len(desk.chapters_of(run)) == 2
    assert desk.trail(run).count("outline.approved") == 1


def test_more_words_need_consent_to_the_new_price(author: Client, run: Run) -> None:
    dearer = {"form-0-words": 3000}
    assert desk.approve(author, run, **dearer) == 422
    refused = desk.again(run)
    assert (refused.state, refused.credits_quoted, desk.chapters_of(run)) == (RunState.AWAITING_APPROVAL, 2, [])
    page = author.get(desk.address("outline", "atelier", run.pk))
    assert page.context["credits"] == 5
    assert desk.approve(author, run, **dearer, accepted_credits="4") == 422
    assert desk.approve(author, run, **dearer, accepted_credits="nonsense") == 422
    assert desk.approve(author, run, **dearer, accepted_credits="5") == 302
    approved = desk.again(run)
    assert (approved.state, approved.credits_quoted, approved.planned_words) == (RunState.WRITING, 5, 3200)


def test_fewer_words_cost_less_without_asking(author: Client, language_model: Any, run_queue: Perform) -> None:
    begun = desk.begin(author, words_per_chapter=1000)
    run_queue()
    run = desk.again(begun)
    assert run.credits_quoted == 3
    assert desk.approve(author, run, **{"form-0-remove": "on"}) == 302
    assert desk.again(run).credits_quoted == 2


def test_an_outline_is_fixed_once_approved(author: Client, run: Run) -> None:
    form = desk.outline_form(run)
    desk.approve(author, run)
    page = desk.address("outline", "atelier", run.pk)
    answer = author.post(page, form | {"form-0-title": "Too late"})
    assert (answer.status_code, answer["Location"]) == (302, desk.address("run", "atelier", run.pk))
    assert author.get(page).status_code == 302
    assert "Too late" not in [entry.title for entry in desk.rows(OutlineEntry, run.organization, run=run)]


def test_what_was_approved_is_what_is_asked_for(
    author: Client, run: Run, language_model: Any, run_queue: Perform
) -> None:
    desk.approve(author, run, **{"form-0-title": "Wax and Wings", "form-0-points": "how wax is made\nwhere it goes"})
    run_queue()
    prompts = [call["prompt"] for call in language_model.control.calls() if call["purpose"] == "section"]
    assert any("Wax and Wings" in prompt and "how wax is made" in prompt for prompt in prompts)
    assert desk.chapters_of(run)[0].title == "Wax and Wings"


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one_and_both_lead_to_the_run(
    editor: User, author: Client, language_model: Any, run_queue: Perform, client_of: Callable[[User], Client]
) -> None:
    run = desk.begin(author)
    run_queue()
    form = desk.outline_form(run, approve="1", accepted_credits=run.credits_quoted)

    def press(browser: Client) -> str:
        try:
            return browser.post(desk.address("outline", "atelier", run.pk), form)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        led = set(threads.map(press, [client_of(editor), client_of(editor)]))
    assert led == {desk.address("run", "atelier", run.pk)}
    assert len(desk.chapters_of(run)) == len(desk.offers()) == 2
    assert desk.trail(run).count("outline.approved") == 1
