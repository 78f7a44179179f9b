"""A conversation beside the book: asked, answered from the book's own text, stopped, retried, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.models import Book, CallState, Chat, ChatTurn, LanguageModelCall, Run, RunState
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """Two chapters, of which the second speaks of the smoker."""
    made = builders.make_book(organization, editor)
    builders.make_chapter(made, summary="Where the boxes stand.")
    smoke = "Light the smoker before you open the hive.\n\nWait until the bees are calm."
    builders.make_chapter(made, position=2, title="Calm Bees", markdown=smoke, word_count=14)
    return made


def begin(client: Client, book: Book, question: str = "What is the smoker for?", **extra: Any) -> Chat:
    """Ask the first question of a new chat."""
    data = {"request_key": str(new_id()), "question": question} | extra
    answer = client.post(desk.address("chats", "atelier", book.pk), data)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return desk.rows(Chat, book.organization, pk=answer["Location"].partition("#")[0].rstrip("/").rpartition("/")[2])[0]


def ask(client: Client, chat: Chat, question: str = "And then?", **extra: Any) -> Any:
    """Ask the next question; the answer of the server."""
    data = {"request_key": str(new_id()), "question": question} | extra
    return client.post(page(chat), data)


def page(chat: Chat, name: str = "chat", *ids: object) -> str:
    """The address of a chat's page."""
    return desk.address(name, "atelier", chat.book_id, chat.pk, *ids)


def turns(chat: Chat) -> list[ChatTurn]:
    """The turns of a chat, oldest first."""
    return sorted(desk.rows(ChatTurn, chat.organization, chat=chat), key=lambda turn: turn.position)


def run_of(turn: ChatTurn) -> Run:
    """The run of a turn as it is now."""
    return desk.rows(Run, turn.organization, pk=turn.run_id)[0]


def act(client: Client, turn: ChatTurn, verb: str) -> int:
    """Press a button under an answer."""
    return client.post(page(turn.chat, f"chat_{verb}", turn.pk)).status_code


def test_a_question_is_answered_and_journaled(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    assert b"Thinking" in author.get(page(chat)).content
    run_queue()
    [turn] = turns(chat)
    [call] = desk.calls_of(run_of(turn))
    assert (run_of(turn).state, call.state, call.purpose) == (RunState.COMPLETED, CallState.ANSWERED, "chat")
    assert turn.answer == call.text.strip() != ""
    assert (run_of(turn).kind, run_of(turn).credits_quoted, run_of(turn).tariff_version) == ("chat", 1, 2)
    assert "run.completed" in desk.trail(run_of(turn))
    assert b'class="prose"' in author.get(page(chat)).content


def test_the_prompt_knows_the_outline_and_the_parts_that_fit_the_question(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    brief = run_of(turns(chat)[0]).brief
    assert brief["outline"] == [[1, "The First Hive", "Where the boxes stand."], [2, "Calm Bees", ""]]
    assert brief["passages"][0] == [2, 1, "Calm Bees", "Light the smoker before you open the hive."]


def test_a_question_about_one_chapter_gets_that_chapter_first(author: Client, book: Book) -> None:
    first = desk.rows(Book, book.organization, pk=book.pk)[0].chapters.of(book.organization)
    with_id = desk.rows(type(builders.make_chapter(book, position=9)), book.organization, book=book, position=1)[0]
    chat = begin(author, book, "What is the smoker for?", chapter=str(with_id.pk))
    assert first is not None
    brief = run_of(turns(chat)[0]).brief
    assert (brief["about"], brief["passages"][0][0]) == ("The First Hive", 1)
    assert "About the chapter “The First Hive”" in author.get(page(chat)).content.decode()
