"""A conversation beside the book: asked, answered from the book's own text, stopped, retried, and nobody else's."""

import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.models import Book, CallState, Chapter, Chat, ChatTurn, Run, RunState, SpendingCaps
from books.transitions import runs
from core import tenancy
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
    [chat] = desk.rows(Chat, turn.organization, pk=turn.chat_id)
    return client.post(page(chat, f"chat_{verb}", turn.pk)).status_code


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
    assert (run_of(turn).kind, run_of(turn).credits_quoted, run_of(turn).tariff_version) == ("chat", 1, 3)
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
    first = desk.rows(Chapter, book.organization, book=book, position=1)[0]
    chat = begin(author, book, chapter=str(first.pk))
    brief = run_of(turns(chat)[0]).brief
    assert (brief["about"], brief["passages"][0][0]) == ("The First Hive", 1)
    assert "About the chapter “The First Hive”" in author.get(page(chat)).content.decode()


def test_a_question_about_nothing_in_the_text_gets_how_the_chapters_begin(author: Client, book: Book) -> None:
    brief = run_of(turns(begin(author, book, "Pourquoi ?"))[0]).brief
    assert [passage[:2] for passage in brief["passages"]] == [[1, 1], [2, 1]]


def test_a_book_without_outline_is_known_by_its_brief(author: Client, organization: Organization, editor: User) -> None:
    bare = builders.make_book(organization, editor)
    shown = author.get(desk.address("chats", "atelier", bare.pk)).content.decode()
    assert "Which chapters should a book about “Keeping bees above the streets” have?" in shown
    brief = run_of(turns(begin(author, bare))[0]).brief
    assert (brief["outline"], brief["passages"], brief["topic"]) == ([], [], bare.topic)


def test_an_outline_that_waits_for_approval_is_known(author: Client, organization: Organization, editor: User) -> None:
    planned = builders.make_book(organization, editor)
    builders.make_outline_entry(builders.make_run(planned, state="awaiting_approval"), title="Rooftops")
    assert run_of(turns(begin(author, planned))[0]).brief["outline"] == [[1, "Rooftops", ""]]
    assert "“Rooftops”" in author.get(desk.address("chats", "atelier", planned.pk)).content.decode()


def test_the_conversation_before_is_part_of_the_prompt(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    run_queue()
    ask(author, chat, "And in the rain?")
    first, second = turns(chat)
    assert run_of(second).brief["turns"] == [["What is the smoker for?", first.answer]]


def test_five_answers_cost_one_credit(author: Client, book: Book, language_model: Any, run_queue: Perform) -> None:
    chat = begin(author, book)
    for number in range(2, 8):
        run_queue()
        assert ask(author, chat, f"Question {number}").status_code == 302
    assert [run_of(turn).credits_quoted for turn in turns(chat)] == [1, 0, 0, 0, 0, 1, 0]
    assert "Paid already: 3 more answers" in author.get(page(chat)).content.decode()


def test_a_stopped_answer_does_not_count(author: Client, book: Book) -> None:
    chat = begin(author, book)
    assert act(author, turns(chat)[0], "stop") == 302
    ask(author, chat)
    assert [run_of(turn).credits_quoted for turn in turns(chat)] == [1, 1]


def test_the_price_is_said_before_anything_is_asked(author: Client, book: Book) -> None:
    shown = author.get(desk.address("chats", "atelier", book.pk)).content.decode()
    assert "Costs 1 credit, for 5 answers in this chat." in shown


def test_the_same_form_sent_twice_asks_once(author: Client, book: Book) -> None:
    key = str(new_id())
    chat = begin(author, book, request_key=key)
    assert begin(author, book, request_key=key) == chat
    again = str(new_id())
    act(author, turns(chat)[0], "stop")
    assert {ask(author, chat, request_key=again).status_code for _twice in range(2)} == {302}
    assert len(turns(chat)) == 2
    assert len(desk.rows(Run, book.organization, kind="chat")) == 2


def test_one_answer_at_a_time(author: Client, book: Book) -> None:
    chat = begin(author, book)
    refused = ask(author, chat, "Hello?")
    assert refused.status_code == 422
    assert b"An answer is under way" in refused.content
    assert b"Hello?</textarea>" in refused.content
    assert len(turns(chat)) == 1


@pytest.mark.parametrize("question", ["", "   \n ", "x" * 2001, "a\x00b"])
def test_a_question_that_cannot_be_asked_is_refused_in_words(author: Client, book: Book, question: str) -> None:
    data = {"request_key": str(new_id()), "question": question}
    refused = author.post(desk.address("chats", "atelier", book.pk), data)
    assert refused.status_code == 422
    assert b"errorlist" in refused.content
    assert desk.rows(Chat, book.organization) == []


def test_stopping_an_answer_leaves_nothing_of_it(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    assert [act(author, turns(chat)[0], "stop") for _twice in range(2)] == [302, 302]
    run_queue()
    [turn] = turns(chat)
    assert (run_of(turn).state, turn.answer, language_model.control.calls()) == (RunState.CANCELLED, "", [])
    assert "Stopped." in author.get(page(chat)).content.decode()


def test_stopping_an_answer_that_came_meanwhile_keeps_it(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    run_queue()
    assert act(author, turns(chat)[0], "stop") == 302
    assert run_of(turns(chat)[0]).state == RunState.COMPLETED


def test_a_refused_answer_says_why_and_is_tried_again(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    language_model.control.fault("refusal")
    run_queue()
    [turn] = turns(chat)
    shown = author.get(page(chat)).content.decode()
    assert run_of(turn).state == RunState.FAILED
    assert run_of(turn).problem in shown
    assert "chat-retry" in shown
    assert act(author, turn, "retry") == 302
    run_queue()
    assert turns(chat)[0].answer != ""


def test_after_a_failed_answer_another_question_may_be_asked(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    language_model.control.fault("refusal")
    run_queue()
    assert ask(author, chat).status_code == 302
    run_queue()
    assert [run_of(turn).state for turn in turns(chat)] == [RunState.FAILED, RunState.COMPLETED]


def test_a_paused_answer_says_why_and_goes_on(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    [turn] = turns(chat)
    with tenancy.declared(book.organization_id):
        run = runs.lock(run_of(turn))
        runs.move(run, RunState.PAUSED, problem="The cap of this month is reached.")
    run_queue()
    shown = author.get(page(chat)).content.decode()
    assert "The cap of this month is reached." in shown
    assert "chat-resume" in shown
    assert act(author, turn, "resume") == 302
    run_queue()
    assert run_of(turn).state == RunState.COMPLETED


def test_a_cap_pauses_an_answer_before_anything_is_asked(
    author: Client, book: Book, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    price = {"input": "1", "output": "1"}
    model = {"provider": "compatible", "url": language_model.url, "model": "scripted", "context_tokens": 16384}
    tiers = {"small": ["one"], "strong": ["one"]}
    settings.MODEL_ROUTES = json.dumps({"models": {"one": {**model, "price": price}}, "tiers": tiers})
    with tenancy.declared(book.organization_id), transaction.atomic():
        SpendingCaps.objects.create(organization=book.organization, month_micros=10)
    chat = begin(author, book)
    run_queue()
    [turn] = turns(chat)
    assert (run_of(turn).state, language_model.control.calls()) == (RunState.PAUSED, [])
    assert run_of(turn).problem[:30] in html.unescape(author.get(page(chat)).content.decode())
    assert act(author, turn, "resume") == 422
    with tenancy.declared(book.organization_id), transaction.atomic():
        SpendingCaps.objects.of(book.organization).update(month_micros=10_000_000)
    assert act(author, turn, "resume") == 302
    run_queue()
    assert turns(chat)[0].answer != ""


def test_a_passing_fault_is_waited_out(author: Client, book: Book, language_model: Any, run_queue: Perform) -> None:
    chat = begin(author, book)
    language_model.control.fault("503")
    run_queue()
    assert "Tried again at" in author.get(page(chat)).content.decode()
    desk.let_time_pass()
    run_queue()
    assert run_of(turns(chat)[0]).state == RunState.COMPLETED


def test_markup_of_an_answer_is_harmless(author: Client, organization: Organization, editor: User) -> None:
    chat = builders.make_chat(builders.make_book(organization, editor), editor)
    hostile = "<script>alert(1)</script>\n\n![a hive](http://example.org/x.png) [x](javascript:alert(1)) **bold**"
    builders.make_turn(chat, answer=hostile)
    shown = author.get(page(chat)).content.decode()
    assert "<script>alert" not in shown
    assert "example.org/x.png" not in shown
    assert "javascript:" not in shown
    assert "<strong>bold</strong>" in shown


def test_a_chat_is_its_persons_alone(
    organization: Organization, owner: User, editor: User, author: Client, client_of: Callable[[User], Client]
) -> None:
    shared = builders.make_book(organization, owner, visibility="internal")
    chat = builders.make_chat(shared, editor, title="What I would never say aloud")
    turn = builders.make_turn(chat)
    other = client_of(owner)
    assert author.get(page(chat)).status_code == 200
    assert {other.get(page(chat)).status_code, ask(other, chat).status_code, act(other, turn, "stop")} == {404}
    assert {other.post(page(chat, f"chat_{verb}"), {"title": "x"}).status_code for verb in ["rename", "delete"]} == {
        404
    }
    assert b"never say aloud" not in other.get(desk.address("chats", "atelier", shared.pk)).content
    assert other.get(desk.address("run", "atelier", turn.run_id)).status_code == 404
    assert other.post(desk.address("run_cancel", "atelier", turn.run_id)).status_code == 404


def test_the_page_of_an_answers_run_is_the_chat(author: Client, book: Book) -> None:
    chat = begin(author, book)
    run = desk.address("run", "atelier", turns(chat)[0].run_id)
    assert author.get(run)["Location"] == page(chat)
    author.post(page(chat, "chat_delete"))
    assert author.get(run).status_code == 404


def test_a_chat_goes_with_the_right_to_read_its_book(
    organization: Organization, owner: User, editor: User, author: Client
) -> None:
    private = builders.make_book(organization, owner)
    assert author.get(page(builders.make_chat(private, editor))).status_code == 404


def test_whoever_may_read_the_book_may_talk_about_it(organization: Organization, owner: User, author: Client) -> None:
    assert turns(begin(author, builders.make_book(organization, owner, visibility="internal")))


def test_chats_are_found_by_what_was_said(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    builders.make_turn(builders.make_chat(book, editor, title="Smoke"), answer="About **clover**.")
    builders.make_turn(builders.make_chat(book, editor, title="Winter"), question="Is sugar enough?", answer="No.")
    address = desk.address("chats", "atelier", book.pk)
    found = author.get(address, {"q": "CLOVER"}).content.decode()
    assert ("Smoke" in found, "Winter" in found) == (True, False)
    assert "Winter" in author.get(address, {"q": "sugar winter"}).content.decode()
    assert "No chat like that" in author.get(address, {"q": "walrus"}).content.decode()


def test_many_chats_are_turned_over_by_cursor(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    for number in range(23):
        builders.make_chat(book, editor, title=f"Chat {number:02}")
    first = author.get(desk.address("chats", "atelier", book.pk))
    after = first.context["page"].next_url
    second = author.get(desk.address("chats", "atelier", book.pk) + after).content.decode()
    assert ("Chat 22" in first.content.decode(), "Chat 02" in first.content.decode()) == (True, False)
    assert ("Chat 02" in second, "Chat 03" in second) == (True, False)


def test_a_long_conversation_shows_its_end_and_leads_back(
    author: Client, organization: Organization, editor: User
) -> None:
    chat = builders.make_chat(builders.make_book(organization, editor), editor)
    for number in range(1, 34):
        builders.make_turn(chat, position=number, question=f"Question {number:02}?")
    latest = author.get(page(chat)).content.decode()
    assert ("Question 33?" in latest, "Question 03?" in latest, "?before=4" in latest) == (True, False, True)
    earlier = author.get(page(chat), {"before": "4"}).content.decode()
    assert ("Question 03?" in earlier, "Question 04?" in earlier, "To the latest" in earlier) == (True, False, True)


def test_a_chat_is_renamed(author: Client, organization: Organization, editor: User) -> None:
    chat = builders.make_chat(builders.make_book(organization, editor), editor)
    assert author.post(page(chat, "chat_rename"), {"title": ""}).status_code == 422
    assert author.post(page(chat, "chat_rename"), {"title": "  The  end "}).status_code == 302
    assert desk.again(chat).title == "The end"


def test_deleting_a_chat_asks_first_and_leaves_no_word_of_it(
    author: Client, book: Book, language_model: Any, run_queue: Perform
) -> None:
    chat = begin(author, book)
    run_queue()
    ask(author, chat)
    assert "cannot be undone" in author.get(page(chat, "chat_delete")).content.decode()
    assert author.post(page(chat, "chat_delete")).status_code == 302
    first, second = sorted(desk.rows(Run, book.organization, kind="chat"), key=lambda run: run.pk)
    assert desk.rows(Chat, book.organization) + desk.rows(ChatTurn, book.organization) == []
    assert (first.state, second.state) == (RunState.COMPLETED, RunState.CANCELLED)
    assert (first.brief, second.brief, [call.text for call in desk.calls_of(first)]) == ({}, {}, [""])
    assert desk.trail(chat) == ["chat.deleted"]


def test_htmx_gets_the_part_it_asks_for(author: Client, book: Book) -> None:
    chat = begin(author, book)
    turns_only = author.get(page(chat), headers={"HX-Request": "true", "HX-Target": "turns"}).content.decode()
    both = author.get(page(chat), headers={"HX-Request": "true", "HX-Target": "conversation"}).content.decode()
    assert ("<html" in turns_only, "<textarea" in turns_only, "hx-swap-oob" in turns_only) == (False, False, True)
    assert ("<html" in both, "<textarea" in both, "hx-swap-oob" in both) == (False, True, False)


def test_links_lead_from_the_book_and_its_chapters_to_the_chat(author: Client, book: Book) -> None:
    chapter = desk.rows(Chapter, book.organization, book=book, position=1)[0]
    address = desk.address("chats", "atelier", book.pk)
    assert address in author.get(desk.address("book", "atelier", book.pk)).content.decode()
    reader = author.get(desk.address("chapter", "atelier", book.pk, chapter.pk)).content.decode()
    assert f"{address}?chapter={chapter.pk}" in reader
    asking = author.get(f"{address}?chapter={chapter.pk}").content.decode()
    assert "About the chapter “The First Hive”" in asking
