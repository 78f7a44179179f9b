"""Five ideas for titles, openings or scenes: JSON that is checked, repaired once, and used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from books.jobs.chatting import ideas_from
from books.jobs.outcome import Unusable
from books.models import Book, Chat, ChatKind, ChatTurn, Run, RunState
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book of one chapter."""
    made = builders.make_book(organization, editor)
    builders.make_chapter(made)
    return made


def order(client: Client, book: Book, kind: str) -> Run:
    """Ask for five ideas in a new chat; their run."""
    answer = client.post(desk.address("chats", "atelier", book.pk), {"request_key": str(new_id()), "kind": kind})
    assert answer.status_code == 302
    return desk.rows(Run, book.organization, kind="chat")[0]


def turn_of(run: Run) -> ChatTurn:
    """The run's turn as it is now."""
    return desk.rows(ChatTurn, run.organization, run=run)[0]


def page(turn: ChatTurn) -> str:
    """The address of the turn's chat."""
    [chat] = desk.rows(Chat, turn.organization, pk=turn.chat_id)
    return desk.address("chat", "atelier", chat.book_id, chat.pk)


@pytest.mark.parametrize("kind", ["titles", "openings", "scenes"])
def test_five_different_ideas_come_for_one_credit(
    kind: str, author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    run = order(author, book, kind)
    assert run.credits_quoted == 1
    run_queue()
    turn = turn_of(run)
    assert (desk.again(run).state, len(set(turn.ideas)), turn.question) == (RunState.COMPLETED, 5, "")
    shown = author.get(page(turn)).content.decode()
    assert shown.count('class="idea"') == 5
    assert ("Tell me more" in shown) == (kind != "titles")
    assert ("Take as the title" in shown) == (kind == "titles")


def test_a_broken_answer_is_repaired_once(author: Client, book: Book, language_model: Any, run_queue: Perform) -> None:
    run = order(author, book, "titles")
    language_model.control.fault("invalid_json", nth=1)
    run_queue()
    assert [call.purpose for call in desk.calls_of(run)] == ["chat", "repair"]
    assert len(turn_of(run).ideas) == 5


def test_ideas_nobody_can_read_fail_in_words_and_are_asked_afresh(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    run = order(author, book, "titles")
    language_model.control.fault("invalid_json", times=2)
    run_queue()
    turn = turn_of(run)
    assert desk.again(run).state == RunState.FAILED
    assert "could not be used" in author.get(page(turn)).content.decode()
    retry = desk.address("chat_retry", "atelier", book.pk, turn.chat_id, turn.pk)
    assert author.post(retry).status_code == 302
    run_queue()
    assert len(turn_of(run).ideas) == 5


def test_ideas_proposed_before_are_not_asked_for_again(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    run = order(author, book, "titles")
    run_queue()
    turn = turn_of(run)
    author.post(page(turn), {"request_key": str(new_id()), "kind": "titles"})
    again = desk.rows(Run, book.organization, kind="chat", brief__known=turn.ideas)
    assert len(again) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"ideas": ["1. One", "- Two", "« Three »"]}', ["One", "Two", "Three"]),
        ('```json\n{"ideas": ["One", "One", " "]}\n```', ["One"]),
        ('{"ideas": ["a", "b", "c", "d", "e", "f"]}', ["a", "b", "c", "d", "e"]),
    ],
)
def test_ideas_are_read_from_whatever_came(text: str, found: list[str]) -> None:
    assert ideas_from(text, ChatKind.TITLES, least=1) == found


@pytest.mark.parametrize(
    "text", ["", "Sure!", "[]", '{"ideas": []}', '{"ideas": [1]}', '{"ideas": ["", "  "]}', "[" * 9999]
)
def test_answers_without_ideas_are_no_answers(text: str) -> None:
    with pytest.raises(Unusable):
        ideas_from(text, ChatKind.TITLES, least=1)


def take(client: Client, book: Book, title: str, instead_of: str) -> Any:
    """Press “Take as the title”."""
    data = {"title": title, "instead_of": instead_of}
    return client.post(desk.address("chat_title", "atelier", book.pk), data)


def test_a_title_is_taken_and_given_back(author: Client, book: Book) -> None:
    before = book.content_changed_at
    answer = take(author, book, "Honey Above the Traffic", book.title)
    [notice] = get_messages(answer.wsgi_request)
    assert desk.again(book).title == "Honey Above the Traffic"
    assert desk.again(book).content_changed_at > before
    assert "book.details_saved" in desk.trail(book)
    assert author.post(notice.extra_tags).status_code == 302
    assert desk.again(book).title == "Bees on City Roofs"


def test_undoing_does_nothing_to_a_title_chosen_since(author: Client, book: Book) -> None:
    take(author, book, "A Newer One", "Not Its Title Any More")
    assert desk.again(book).title == "Bees on City Roofs"


def test_who_may_not_edit_the_book_does_not_name_it(organization: Organization, owner: User, author: Client) -> None:
    shared = builders.make_book(organization, owner, visibility="internal")
    assert take(author, shared, "Mine Now", shared.title).status_code == 403
    assert desk.again(shared).title == "Bees on City Roofs"
