"""The conversation beside a book: asking, naming and ending it. Stopping and retrying an answer are acts on its run."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions.runs import brief_of, cancel_run
from books.errors import BookRefused
from books.jobs import chat_wordings, wordings
from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    Chapter,
    Chat,
    ChatKind,
    ChatTurn,
    LanguageModelCall,
    Run,
    RunKind,
    RunState,
)
from books.queries.chats import next_price, outline_of, paid_answers
from books.queries.relevance import relevant_parts
from books.transitions import orders, runs, shelf

TITLE_LENGTH = 120
PASSAGE_WORDS = 2500
ANSWER_WORDS = 300
REMEMBERED_TURNS = 12


@dataclass(frozen=True)
class Asked:
    """What a person asks: a question, perhaps about one chapter, or five ideas. One `request_key` per form shown."""

    kind: ChatKind
    question: str = ""
    chapter: UUID | None = None
    request_key: UUID | None = field(default=None)


@transaction.atomic
def begin_chat(*, book: Book, by: User, asked: Asked) -> Chat:
    """Open a conversation with its first question; the same form sent twice gives the chat of the first time."""
    book = shelf.lock(book)
    mine = ChatTurn.objects.of(book.organization).filter(chat__book=book, chat__person=by)
    first = mine.filter(request_key=asked.request_key).select_related("chat").first() if asked.request_key else None
    if first:
        return first.chat
    chat = Chat.objects.create(organization=book.organization, book=book, person=by, title=title_of(asked))
    ask(chat=chat, asked=asked)
    return chat


@transaction.atomic
def ask(*, chat: Chat, asked: Asked) -> ChatTurn:
    """Order one answer, at the price shown before; its prompt's rows are fixed here (ruling 16).

    The same form sent twice gives the turn of the first time. Raises BookRefused while another answer is under way.
    """
    shelf.lock(chat.book)
    chat = _lock(chat)
    turns = ChatTurn.objects.of(chat.organization).filter(chat=chat)
    known = turns.filter(request_key=asked.request_key).first() if asked.request_key else None
    if known:
        return known
    if turns.filter(run__state__in=WORKING_RUN_STATES).exists():
        raise BookRefused(_("An answer is under way: wait for it, or stop it first."), code="busy")
    run = orders.place_order(
        book=chat.book,
        by=chat.person,
        kind=RunKind.CHAT,
        price=next_price(asked.kind, paid=paid_answers(chat)),
        brief=chat_brief(chat, asked),
        planned_words=ANSWER_WORDS,
    )
    last = turns.order_by("-position").values_list("position", flat=True).first() or 0
    return ChatTurn.objects.create(
        organization=chat.organization,
        chat=chat,
        run=run,
        position=last + 1,
        kind=asked.kind,
        question=asked.question,
        request_key=asked.request_key,
    )


def title_of(asked: Asked) -> str:
    """A chat is called by what it began with, until somebody names it."""
    text = " ".join(asked.question.split()) or str(asked.kind.label).capitalize()
    return text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1].rstrip()}…"


def chat_brief(chat: Chat, asked: Asked) -> dict[str, Any]:
    """Everything the prompt may use, as it is now; the job takes of it what the model has room for.

    `turns` are [asked, answered], oldest first; `outline` [number, title, summary]; `passages` the best first,
    [chapter, paragraph, title of the chapter, text].
    """
    is_question, book = asked.kind == ChatKind.QUESTION, chat.book
    chapters = Chapter.objects.of(chat.organization).filter(book=book)
    about = chapters.filter(pk=asked.chapter).values_list("title", flat=True).first() if asked.chapter else None
    speaks = (get_language() or book.language)[:2] if is_question else book.language
    parts = relevant_parts(book, asked.question, named=asked.chapter, most_words=PASSAGE_WORDS) if is_question else []
    return brief_of(book) | {
        "kind": asked.kind,
        "speaks": speaks,
        "question": asked.question,
        "about": about or "",
        "chapter": str(asked.chapter) if about else "",
        "outline": outline_of(book),
        "passages": [[part.chapter, part.number, part.title, part.text] for part in parts],
        "turns": _turns_before(chat, speaks) if is_question else [],
        "known": [] if is_question else _ideas_before(chat, asked.kind),
    }


def _turns_before(chat: Chat, speaks: str) -> list[list[str]]:
    """The last answered turns as the model is shown them; ideas as the list they were."""
    rows = ChatTurn.objects.of(chat.organization).filter(chat=chat, run__state=RunState.COMPLETED)
    say, language = chat_wordings.of(speaks), wordings.name(speaks)
    shown = [
        [turn.question, turn.answer]
        if turn.kind == ChatKind.QUESTION
        else [say.ideas[turn.kind].format(language=language), "\n".join(f"- {idea}" for idea in turn.ideas)]
        for turn in rows.order_by("-position")[:REMEMBERED_TURNS]
    ]
    return shown[::-1]


def _ideas_before(chat: Chat, kind: ChatKind) -> list[str]:
    """Ideas of that kind proposed in this chat, oldest first, at most twenty."""
    rows = ChatTurn.objects.of(chat.organization).filter(chat=chat, kind=kind).order_by("position")
    return [idea for ideas in rows.values_list("ideas", flat=True) for idea in ideas][-20:]


@transaction.atomic
def stop_answer(*, run: Run, by: User) -> None:
    """Stop an answer under way, or give up one that failed or is paused; one that came meanwhile stays."""
    run = runs.lock(run)
    if run.state != RunState.COMPLETED:
        cancel_run(run=run, by=by)


@transaction.atomic
def rename_chat(*, chat: Chat, title: str) -> None:
    """Call a chat by another name."""
    chat = _lock(chat)
    chat.title = title
    chat.save(update_fields=["title", "updated_at"])


@transaction.atomic
def delete_chat(*, chat: Chat) -> None:
    """Delete a chat and every word of it, after stopping an answer under way; what its answers cost stays counted.

    A second click finds nothing left to do.
    """
    found = _find(chat)
    if found is None:
        return
    chat = found
    ordered = Run.objects.of(chat.organization).filter(chat_turn__chat=chat)
    under_way = ordered.filter(state__in=ACTIVE_RUN_STATES).select_related("organization").order_by("pk")
    for run in [
        runs.lock(run) for run in under_way
    ]:  # all of them, before the first settles (books.transitions.charges)
        cancel_run(run=run, by=chat.person)
    LanguageModelCall.objects.of(chat.organization).filter(run__in=ordered).update(text="")
    Run.objects.of(chat.organization).filter(pk__in=list(ordered.values_list("pk", flat=True))).update(brief={})
    audit.record("chat.deleted", actor=chat.person, target=chat)
    chat.delete()


def _find(chat: Chat) -> Chat | None:
    """The chat under a row lock, so that its turns follow one another; its book is locked before, a run after it."""
    rows = Chat.objects.of(chat.organization).select_for_update(of=("self",), no_key=True)
    return rows.select_related("book__organization", "organization", "person").filter(pk=chat.pk).first()


def _lock(chat: Chat) -> Chat:
    """The same. Raises BookRefused when it was deleted meanwhile."""
    found = _find(chat)
    if found is None:
        raise BookRefused(_("The chat is deleted."), code="gone")
    return found
