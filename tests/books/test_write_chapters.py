"""A whole run, in this process: the outline, the chapters side by side, the back cover."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Entry
from books.models import BookStatus, CallState, RunState, StepKind, StepState
from core.text import count_words
from organizations.models import Organization
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(editor: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(editor)


def test_a_book_is_outlined_approved_written_and_left_for_review(
    author: Client, editor: User, organization: Organization, language_model: Any, run_queue: Callable[[], int]
) -> None:
    run = desk.begin(author)
    assert (run.state, run.credits_quoted) == (RunState.PENDING, 2)
    assert run_queue() == 1
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert desk.approve(author, run) == 302
    assert run_queue() == 3
    run, book, chapters = desk.again(run), desk.book_of(run), desk.chapters_of(run)
    assert (run.state, run.problem, run.model_label) == (RunState.COMPLETED, "", "scripted")
    assert book.status == BookStatus.REVIEW
    assert 40 <= count_words(book.blurb) <= 200
    assert [chapter.position for chapter in chapters] == [1, 2]
    assert all(chapter.word_count == count_words(chapter.markdown) for chapter in chapters)
    assert run.delivered_words == sum(min(chapter.planned_words, chapter.word_count) for chapter in chapters) > 300
    assert desk.offers() == []
