"""Chats as their pages show them: the list, a conversation, what the next answer costs, questions to begin with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from billing import queries as prices
from billing.models import Act
from billing.queries import Quote
from books.models import (
    WORKING_RUN_STATES,
    Book,
    Chapter,
    Chat,
    ChatKind,
    ChatTurn,
    OutlineEntry,
    Run,
    RunKind,
    RunState,
)
from books.providers.exports import chapter_html
from core.ids import new_id

PAGE, TURNS = 20, 30
IDEAS = 5


@dataclass(frozen=True)
class Price:
    """Credits of the next answer and the next five ideas; answers are paid by `block`, `included` are paid already."""

    question: int
    ideas: int
    block: int
    included: int


@dataclass(frozen=True)
class ChatLine:
    """One chat in the list."""

    id: UUID
    title: str
    turns: int
    last_at: datetime


@dataclass(frozen=True)
class Paid:
    """How many answers of a chat count towards its price, and the credits they were sold for."""

    answers: int = 0
    credits: int = 0


NOTHING = Paid()


@dataclass(frozen=True)
class ChatList:
    """One page of a person's chats about a book, the newest first."""

    book: Book
    lines: tuple[ChatLine, ...]
    search: str
    after: UUID | None
    price: Price
    suggestions: tuple[str, ...]

    @property
    def next_url(self) -> str:
        """The query string of the next page; empty on the last."""
        return "?" + urlencode({"q": self.search, "after": str(self.after)}) if self.after else ""

    @property
    def fresh_key(self) -> UUID:
        """A request key for one form; every form asks for its own."""
        return new_id()


@dataclass(frozen=True)
class Turn:
    """A question (or an order for ideas) and what became of it."""

    id: UUID
    number: int
    kind: ChatKind
    question: str
    about: str
    chapter: str
    speaks: str
    answer: str
    ideas: tuple[str, ...]
    run_id: UUID
    state: RunState
    problem: str
    waits_until: datetime | None

    @property
    def is_working(self) -> bool:
        """Whether the answer is on its way."""
        return self.state in WORKING_RUN_STATES

    @property
    def is_question(self) -> bool:
        """Whether an answer in prose was asked for, which can be followed word by word."""
        return self.kind == ChatKind.QUESTION

    @property
    def label(self) -> str:
        """What was asked for, when it is ideas."""
        return {
            ChatKind.TITLES: _("Five ideas for titles"),
            ChatKind.OPENINGS: _("Five ideas for openings"),
            ChatKind.SCENES: _("Five ideas for scenes"),
        }.get(self.kind, "")

    @cached_property
    def html(self) -> str:
        """The answer by the book's own pipeline: sanitized against a short list of tags, pictures as words."""
        return chapter_html(self.answer, self.speaks, top=3)

    @property
    def continuations(self) -> tuple[tuple[str, str], ...]:
        """Each idea, and the question that goes on with it; titles have none."""
        ask = {
            ChatKind.OPENINGS: _("Tell me more about this opening, and how it could go on: “%(idea)s”"),
            ChatKind.SCENES: _("Tell me more about this scene, and where it could stand: “%(idea)s”"),
        }.get(self.kind, "")
        return tuple((idea, ask % {"idea": idea} if ask else "") for idea in self.ideas)


@dataclass(frozen=True)
class ChatPage:
    """A conversation: its last turns, or those before a number. `earlier` is where the turns before these begin."""

    chat: Chat
    book: Book
    url: str
    turns: tuple[Turn, ...]
    earlier: int | None
    is_latest: bool
    price: Price

    @property
    def fresh_key(self) -> UUID:
        """A request key for one form; every form asks for its own."""
        return new_id()

    @property
    def is_working(self) -> bool:
        """Whether an answer is on its way, so that the page follows along."""
        return any(turn.is_working for turn in self.turns)


def chats_of(book: Book, person: User) -> QuerySet[Chat]:
    """A person's own chats about a book: what they say is theirs alone."""
    return Chat.objects.of(book.organization).filter(book=book, person=person)


def chat_list(book: Book, person: User, *, search: str = "", after: UUID | None = None) -> ChatList:
    """The chats in whose title, questions or answers the words stand (six queries at most, beside the book)."""
    chats = chats_of(book, person)
    for word in search.split():
        said = ChatTurn.objects.of(book.organization).filter(
            Q(question__icontains=word) | Q(answer__icontains=word), chat__in=chats_of(book, person)
        )
        chats = chats.filter(Q(title__icontains=word) | Q(pk__in=said.values("chat")))
    chats = chats.filter(pk__lt=after) if after else chats
    counted = chats.annotate(number=Count("turns"), last_at=Max("turns__created_at", default=F("created_at")))
    rows = list(counted.order_by("-id").values_list("id", "title", "number", "last_at")[: PAGE + 1])
    return ChatList(
        book=book,
        lines=tuple(ChatLine(*row) for row in rows[:PAGE]),
        search=search,
        after=rows[PAGE - 1][0] if len(rows) > PAGE else None,
        price=price(),
        suggestions=() if search or after else suggestions(book),
    )


def chat_page(chat: Chat, *, before: int | None = None) -> ChatPage:
    """The last turns of a chat, or the last before a number (five queries)."""
    turns = ChatTurn.objects.of(chat.organization).filter(chat=chat)
    chosen = turns.filter(position__lt=before) if before else turns
    rows = list(
        chosen.order_by("-position").annotate(
            about=KeyTextTransform("about", "run__brief"),
            chapter=KeyTextTransform("chapter", "run__brief"),
            speaks=KeyTextTransform("speaks", "run__brief"),
            state=F("run__state"),
            run_problem=F("run__problem"),
            step_problem=F("run__steps__problem"),
            waits_until=F("run__steps__waits_until"),
        )[: TURNS + 1]
    )
    shown = tuple(_turn(row, chat.book.language) for row in rows[TURNS - 1 :: -1])
    return ChatPage(
        chat=chat,
        book=chat.book,
        url=reverse("books:chat", args=[chat.organization.slug, chat.book_id, chat.pk]),
        turns=shown,
        earlier=shown[0].number if len(rows) > TURNS else None,
        is_latest=before is None,
        price=price(paid=paid_answers(chat)),
    )


def _turn(row: ChatTurn, language: str) -> Turn:
    found = vars(row)
    return Turn(
        id=row.pk,
        number=row.position,
        kind=ChatKind(row.kind),
        question=row.question,
        about=found["about"] or "",
        chapter=found["chapter"] or "",
        speaks=found["speaks"] or language,
        answer=row.answer,
        ideas=tuple(row.ideas),
        run_id=row.run_id,
        state=RunState(found["state"]),
        problem=found["run_problem"] or found["step_problem"] or "",
        waits_until=found["waits_until"],
    )


def paid_answers(chat: Chat) -> Paid:
    """What counts towards a chat's price: all answers but those that were stopped or failed, whose price went back."""
    asked = ChatTurn.objects.of(chat.organization).filter(chat=chat, kind=ChatKind.QUESTION)
    counted = asked.exclude(run__state__in=[RunState.CANCELLED, RunState.FAILED])
    return Paid(**counted.aggregate(answers=Count("id"), credits=Sum("run__credits_quoted", default=0)))


def next_price(kind: ChatKind, *, paid: Paid = NOTHING) -> Quote:
    """What the next turn of a chat costs in which so much was asked and paid.

    The first of every five answers pays for all five (how many is the tariff's to say); ideas are paid by the five.
    """
    if kind != ChatKind.QUESTION:
        return prices.quote(Act.IDEA, IDEAS)
    after = prices.quote(Act.CHAT, paid.answers + 1)
    return Quote(after.version, max(0, after.credits - paid.credits), after.per)


def price(*, paid: Paid = NOTHING) -> Price:
    """What comes next in a chat in which so much was asked and paid (two queries)."""
    question = next_price(ChatKind.QUESTION, paid=paid)
    ideas = next_price(ChatKind.TITLES, paid=paid)
    return Price(question.credits, ideas.credits, question.per, -paid.answers % question.per)


def outline_of(book: Book) -> list[tuple[int, str, str]]:
    """Number, title and summary of each chapter, written or only planned (one query, two before the approval)."""
    chapters = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    rows = list(chapters.values_list("position", "title", "summary"))
    if rows:
        return rows
    run = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK).order_by("-id")[:1]
    entries = OutlineEntry.objects.of(book.organization).filter(run__in=run.values("pk")).order_by("position")
    return list(entries.values_list("position", "title", "summary"))


def suggestions(book: Book) -> tuple[str, ...]:
    """Three questions to begin with, made from the book's own outline, or from its brief while it has none."""
    titles = [title for _number, title, _summary in outline_of(book)]
    if not titles:
        return (
            _("Which chapters should a book about “%(topic)s” have?") % {"topic": book.topic},
            _("Who would read “%(title)s”, and what do they hope for?") % {"title": book.title},
            _("What do people usually get wrong about this subject?"),
        )
    middle = titles[len(titles) // 2]
    return (
        _("What could make the beginning of “%(chapter)s” more lively?") % {"chapter": titles[0]},
        _("Give me three concrete examples for “%(chapter)s”.") % {"chapter": middle},
        _("What should readers remember after “%(chapter)s”?") % {"chapter": titles[-1]},
    )
