"""Comments as pages show them: threads of a book or a chapter, each with its answers; constant queries."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import F, Q, QuerySet, Subquery

from accounts.models import User
from books.models import Book, Chapter, Comment, Mention
from books.queries.people import readers_of
from core import keyset
from core.ids import new_id
from organizations.access import Member

PAGE = 30
NAMED = 200  # people a comment can mention from its form


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which threads: exactly what stands in the list's address. Empty is the open ones."""

    q: str = ""
    state: str = ""  # "", resolved or all
    whose: str = ""  # mine, mentions
    person: UUID | None = None
    chapter: UUID | None = None
    place: str = ""  # gone: whose passage is not in the text any more

    @property
    def is_filtered(self) -> bool:
        """Whether the reader asked for some threads only."""
        return self != Wanted()


@dataclass(frozen=True)
class Remark:
    """What one person said: a thread's beginning or an answer."""

    id: UUID
    author: User
    text: str
    at: datetime
    edited_at: datetime | None
    is_deleted: bool
    is_own: bool


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, the passage it is about, and what the reader may do with it."""

    first: Remark
    replies: tuple[Remark, ...]
    chapter: Chapter
    quote: str
    start: int
    is_gone: bool
    resolved_at: datetime | None
    resolved_by: User | None
    may_resolve: bool

    @property
    def id(self) -> UUID:
        """The id of what began it."""
        return self.first.id

    @cached_property
    def request_key(self) -> UUID:
        """A key for the form that answers: sent twice, it is one answer."""
        return new_id()


@dataclass(frozen=True)
class Threads(keyset.Paged):
    """One page of threads."""

    book: Book
    threads: tuple[Thread, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None
    chapters: tuple[Chapter, ...] = ()
    people: tuple[User, ...] = ()


@dataclass(frozen=True)
class Panel(keyset.Paged):
    """A chapter's threads beside its text, in the order of the text."""

    chapter: Chapter
    threads: tuple[Thread, ...]
    mentionable: tuple[User, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None
    request_key: UUID

    @property
    def book(self) -> Book:
        """The chapter's book."""
        return self.chapter.book


def book_threads(member: Member, book: Book, wanted: Wanted, cursor: keyset.Cursor, *, may_decide: bool) -> Threads:
    """One page of a book's threads, the newest first (at most seven queries)."""
    page = keyset.cut(
        _matching(member, book, _standing(book), wanted),
        among=Comment.objects.of(book.organization),
        order=keyset.Order("id"),
        columns=["id"],
        size=PAGE,
        cursor=cursor,
    )
    writers = Comment.objects.of(book.organization).filter(book=book).values("author")
    return Threads(
        book,
        threads_of(member, book, [row["id"] for row in page.rows], may_decide=may_decide),
        wanted,
        page.before,
        page.after,
        tuple(Chapter.objects.of(book.organization).filter(book=book).only("id", "position", "title")),
        tuple(User.objects.filter(pk__in=writers).order_by("display_name", "pk")[:NAMED]),
    )


def chapter_threads(
    member: Member,
    chapter: Chapter,
    wanted: Wanted,
    cursor: keyset.Cursor,
    *,
    may_decide: bool,
    at: UUID | None = None,
) -> Panel:
    """One page of a chapter's threads in the order of its text, from the place of `at` on (at most six queries)."""
    rows = _standing(chapter.book).filter(chapter=chapter)
    if at:
        rows = rows.filter(start__gte=Subquery(rows.filter(pk=at).values("start")))
    page = keyset.cut(
        _matching(member, chapter.book, rows, wanted),
        among=Comment.objects.of(chapter.organization),
        order=keyset.Order("start", descending=False),
        columns=["id"],
        size=PAGE,
        cursor=cursor,
    )
    found = threads_of(member, chapter.book, [row["id"] for row in page.rows], may_decide=may_decide)
    return Panel(chapter, found, mentionable(chapter.book, member), wanted, page.before, page.after, new_id())


def threads_of(member: Member, book: Book, ids: list[UUID], *, may_decide: bool) -> tuple[Thread, ...]:
    """These threads in this order, with answers and authors (two queries)."""
    rows = Comment.objects.of(book.organization).filter(pk__in=ids)
    found = {row.pk: row for row in rows.select_related("author", "resolved_by", "chapter")}
    replies: dict[UUID, list[Remark]] = {key: [] for key in found}
    answers = Comment.objects.of(book.organization).filter(thread__in=ids).select_related("author").order_by("id")
    for answer in answers if found else ():
        replies[answer.thread_id].append(_remark(answer, member))  # type: ignore[index]  # an answer has its thread
    return tuple(_thread(found[key], replies[key], member, may_decide) for key in ids if key in found)


def mentionable(book: Book, member: Member) -> tuple[User, ...]:
    """Whom a comment can mention: who reads the book, but oneself, by name (one query)."""
    people = readers_of(book).exclude(pk=member.person.pk).order_by("display_name", "pk")
    return tuple(people[:NAMED])


def _standing(book: Book) -> QuerySet[Comment]:
    """Threads of the chapters that stand in the book."""
    rows = Comment.objects.of(book.organization).filter(book=book, thread__isnull=True)
    return rows.filter(chapter__trashed_at__isnull=True)


def _matching(member: Member, book: Book, rows: QuerySet[Comment], wanted: Wanted) -> QuerySet[Comment]:
    if wanted.state != "all":
        rows = rows.filter(resolved_at__isnull=wanted.state != "resolved")
    if wanted.chapter:
        rows = rows.filter(chapter=wanted.chapter)
    if wanted.place == "gone":
        rows = rows.exclude(quote="").filter(start=F("end"))
    within = _said(member, book, wanted)
    return rows if within is None else rows.filter(Q(pk__in=within.values("pk")) | Q(pk__in=within.values("thread")))


def _said(member: Member, book: Book, wanted: Wanted) -> QuerySet[Comment] | None:
    """Comments and answers that say what is looked for, or whose author is; None when every thread will do."""
    everything = Comment.objects.of(member.organization).filter(book=book)
    said = everything
    if wanted.whose == "mine":
        said = said.filter(author=member.person)
    if wanted.whose == "mentions":
        named = Mention.objects.of(member.organization).filter(person=member.person)
        said = said.filter(pk__in=named.values("comment"))
    if wanted.person:
        said = said.filter(author=wanted.person)
    for word in wanted.q.split():
        said = said.filter(Q(text__icontains=word) | Q(quote__icontains=word))
    return None if said is everything else said


def _thread(row: Comment, replies: list[Remark], member: Member, may_decide: bool) -> Thread:
    return Thread(
        first=_remark(row, member),
        replies=tuple(replies),
        chapter=row.chapter,
        quote=row.quote,
        start=row.start,
        is_gone=bool(row.quote) and row.start == row.end,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        may_resolve=may_decide or row.author_id == member.person.pk,
    )


def _remark(row: Comment, member: Member) -> Remark:
    return Remark(
        id=row.pk,
        author=row.author,
        text=row.text,
        at=row.created_at,
        edited_at=row.edited_at,
        is_deleted=row.deleted_at is not None,
        is_own=row.author_id == member.person.pk,
    )
