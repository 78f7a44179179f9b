"""One e-mail to whoever started a run, when it is done or waits for them, in their language; none when they said so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.models import Book, Run, RunKind, RunState
from books.transitions import runs
from core import tenancy
from core.models import Mail
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db


def end(run: Run, to: RunState, *, by: User | None = None, problem: str = "") -> None:
    """The move as a worker (or a person) makes it."""
    with transaction.atomic(), tenancy.declared(run.organization_id):
        runs.move(runs.lock(run), to, by=by, problem=problem)


def texts(message: Any) -> list[str]:
    """The mail as plain text and as HTML."""
    return [part.get_content() for part in message.message().walk() if part.get_content_maintype() == "text"]


@pytest.fixture
def run(organization: Organization, editor: User) -> Run:
    """A run in the middle of its chapters, one of them written."""
    book = builders.make_book(organization, editor, title="Bees & Roofs")
    builders.make_chapter(book, word_count=1240)
    return builders.make_run(book, state=RunState.WRITING)


def test_a_written_book_is_told_once_with_its_page_and_the_way_out(
    author: Client, editor: User, language_model: Any, run_queue: Callable[[], int], settings: Any
) -> None:
    run = desk.begin(author, approves_itself="on", title="Bees & Roofs")
    run_queue()
    assert [message.subject for message in mail.outbox] == ["“Bees & Roofs” is written"]
    (message,) = mail.outbox
    whole = "".join(texts(message))
    page = settings.SITE_URL + desk.address("run", "atelier", run.pk)
    assert message.to == [editor.email]
    assert whole.count(page) == 2  # plain and HTML
    assert "2 chapters" in whole
    assert whole.count("/me/unsubscribe/") == 2
    assert "&amp;amp;" not in whole


def test_it_is_written_in_the_readers_language(run: Run, editor: User, run_queue: Callable[[], int]) -> None:
    User.objects.filter(pk=editor.pk).update(language="fr")
    end(run, RunState.FAILED, problem="Le modèle ne répond pas.")
    run_queue()
    (message,) = mail.outbox
    assert message.subject == "«\u00a0Bees & Roofs\u00a0» s’est arrêté"
    assert all("Le modèle ne répond pas." in text for text in texts(message))


@pytest.mark.parametrize(("to", "words"), [(RunState.FAILED, "has stopped"), (RunState.PAUSED, "is paused")])
def test_what_stops_by_itself_is_told_with_its_reason(
    to: RunState, words: str, run: Run, run_queue: Callable[[], int]
) -> None:
    end(run, to, problem="The cap of this month is reached.")
    run_queue()
    (message,) = mail.outbox
    assert words in message.subject
    assert all("The cap of this month is reached." in text for text in texts(message))


def test_what_a_person_did_needs_no_mail(run: Run, editor: User) -> None:
    end(run, RunState.PAUSED, by=editor)
    end(run, RunState.CANCELLED, by=editor)
    assert not Mail.objects.exists()


def test_who_asked_not_to_be_told_is_not_told(run: Run, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(mails_about_runs=False)
    end(run, RunState.FAILED)
    assert not Mail.objects.exists()


def test_chats_are_not_told_about_and_rewrites_are(run: Run, run_queue: Callable[[], int]) -> None:
    end(builders.make_run(run.book, kind=RunKind.CHAT, state=RunState.WRITING), RunState.COMPLETED)
    end(builders.make_run(run.book, kind=RunKind.REWRITE, state=RunState.WRITING), RunState.COMPLETED)
    run_queue()
    assert [message.subject for message in mail.outbox] == ["A chapter of “Bees & Roofs” is rewritten"]


def test_a_title_is_text_in_the_mail(run: Run, run_queue: Callable[[], int]) -> None:
    with tenancy.declared(run.organization_id):
        Book.objects.filter(pk=run.book_id).update(title="<img src=x>")
    end(run, RunState.FAILED)
    run_queue()
    plain, rich = texts(mail.outbox[0])
    assert mail.outbox[0].subject == "“<img src=x>” has stopped"
    assert "<img" not in rich
    assert "&lt;img" in rich
    assert "&lt;" not in plain


def test_no_mail_of_a_move_that_was_undone(run: Run) -> None:
    with transaction.atomic(), tenancy.declared(run.organization_id):
        runs.move(runs.lock(run), RunState.FAILED)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
