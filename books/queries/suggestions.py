"""Suggestions as pages show them: of a book or a chapter, with what each would change; constant queries."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from accounts.models import User
from books.models import (
    Book,
    Chapter,
    Suggestion,
    SuggestionKind,
    SuggestionSeverity,
    SuggestionSource,
    SuggestionState,
)
from core import keyset
from core.diffs import edits
from organizations.access import Member

PAGE = 50
TONES = {
    SuggestionSeverity.INFO: "wait",
    SuggestionSeverity.WARNING: "warn",
    SuggestionSeverity.ERROR: "bad",
    SuggestionSeverity.CRITICAL: "bad",
}
BY_TEXT = keyset.Order("start", descending=False)
NEWEST = keyset.Order("id")


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which suggestions: exactly what stands in the list's address. Empty is the open ones."""

    q: str = ""
    kind: str = ""
    severity: str = ""
    source: str = ""
    state: str = ""
    chapter: UUID | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether the reader asked for some suggestions only."""
        return self != Wanted()

    @property
    def fields(self) -> list[tuple[str, object]]:
        """What a form sends so that the same ones are meant."""
        return [(name, value) for name, value in asdict(self).items() if value]


@dataclass(frozen=True)
class Piece:
    """Words of a change: kept, taken out or put in."""

    text: str
    change: str  # "", gone or new


@dataclass(frozen=True)
class Line:
    """A suggestion with what it would change, who made it and what became of it."""

    row: Suggestion
    pieces: tuple[Piece, ...]
    is_own: bool
    is_outdated: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.row.state == SuggestionState.PENDING

    @property
    def is_withdrawn(self) -> bool:
        """Whether its own author took it back."""
        mine = self.row.author_id is not None and self.row.author_id == self.row.decided_by_id
        return self.row.state == SuggestionState.REJECTED and mine

    @property
    def tone(self) -> str:
        """Which tag colour its severity has."""
        return TONES[SuggestionSeverity(self.row.severity)]

    @property
    def author(self) -> User | None:
        """The person who made it; None for a model's or checker's."""
        return self.row.author if self.row.source == SuggestionSource.PERSON else None


@dataclass(frozen=True)
class Tally:
    """How many suggestions of a kind are in the selection, and the address of those alone."""

    kind: str
    label: str
    number: int
    address: str


@dataclass(frozen=True)
class Suggestions(keyset.Paged):
    """One page of suggestions."""

    book: Book
    lines: tuple[Line, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None
    tallies: tuple[Tally, ...]
    chapters: tuple[Chapter, ...] = ()
    chapter: Chapter | None = None

    @property
    def number(self) -> int:
        """How many there are on all pages."""
        of_kind = [one.number for one in self.tallies if self.wanted.kind in {"", one.kind}]
        return sum(of_kind)


def book_suggestions(member: Member, book: Book, wanted: Wanted, cursor: keyset.Cursor) -> Suggestions:
    """One page of a book's suggestions, the newest first (at most five queries)."""
    chapters = tuple(Chapter.objects.of(book.organization).filter(book=book).only("id", "position", "title"))
    return _page(member, book, wanted, cursor, NEWEST, chapters=chapters)


def chapter_suggestions(
    member: Member, chapter: Chapter, wanted: Wanted, cursor: keyset.Cursor, *, at: UUID | None = None
) -> Suggestions:
    """One page of a chapter's suggestions in the order of its text, from the place of `at` on (four queries)."""
    return _page(member, chapter.book, replace(wanted, chapter=chapter.pk), cursor, BY_TEXT, chapter=chapter, at=at)


def selection(book: Book, wanted: Wanted) -> QuerySet[Suggestion]:
    """The suggestions that are meant, of the chapters that stand in the book."""
    rows = Suggestion.objects.of(book.organization).filter(book=book, chapter__trashed_at__isnull=True)
    if wanted.state != "all":
        rows = rows.filter(state=wanted.state or SuggestionState.PENDING)
    for name in ("kind", "severity", "source", "chapter"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    for word in wanted.q.split():
        rows = rows.filter(Q(quote__icontains=word) | Q(proposal__icontains=word) | Q(reason__icontains=word))
    return rows


def is_own_decision(book: Book, person: User, decision: UUID) -> bool:
    """Whether the person made that decision themselves (one query)."""
    return Suggestion.objects.of(book.organization).filter(book=book, decision=decision, decided_by=person).exists()


def pieces(quote: str, proposal: str) -> tuple[Piece, ...]:
    """A change word by word, in reading order: what is kept, what goes, what comes."""
    found: list[Piece] = []
    reached = 0
    for change in edits(quote, proposal):
        found += [
            Piece(quote[reached : change.start], ""),
            Piece(quote[change.start : change.end], "gone"),
            Piece(proposal[change.new_start : change.new_end], "new"),
        ]
        reached = change.end
    return tuple(piece for piece in [*found, Piece(quote[reached:], "")] if piece.text)


def _page(
    member: Member,
    book: Book,
    wanted: Wanted,
    cursor: keyset.Cursor,
    order: keyset.Order,
    *,
    chapters: tuple[Chapter, ...] = (),
    chapter: Chapter | None = None,
    at: UUID | None = None,
) -> Suggestions:
    among = Suggestion.objects.of(book.organization)
    meant = selection(book, wanted)
    if at:
        meant = meant.filter(start__gte=Subquery(among.filter(pk=at).values("start")))
    page = keyset.cut(meant, among=among, order=order, columns=["id"], size=PAGE, cursor=cursor)
    ids = [row["id"] for row in page.rows]
    # Whether the quote stands is asked of the database: the texts of fifty chapters need not come here for it.
    there = Substr("chapter__markdown", F("start") + 1, F("end") - F("start"))
    rows = among.filter(pk__in=ids).annotate(there=there).defer("chapter__markdown", "chapter__labels")
    found = {row.pk: row for row in rows.select_related("chapter", "author", "decided_by")}
    lines = tuple(_line(found[key], member) for key in ids if key in found)
    return Suggestions(book, lines, wanted, page.before, page.after, _tallies(book, wanted), chapters, chapter)


def _line(row: Suggestion, member: Member) -> Line:
    stands = row.there == row.quote and (bool(row.quote) or not row.chapter.word_count)  # type: ignore[attr-defined]  # annotated
    return Line(
        row=row,
        pieces=pieces(row.quote, row.proposal),
        is_own=row.source == SuggestionSource.PERSON and row.author_id == member.person.pk,
        is_outdated=row.state == SuggestionState.PENDING and not stands,
    )


def _tallies(book: Book, wanted: Wanted) -> tuple[Tally, ...]:
    rows = selection(book, replace(wanted, kind="")).order_by()
    counted = dict(rows.values_list("kind").annotate(number=Count("pk")))
    return tuple(
        Tally(kind.value, str(kind.label), counted[kind.value], replace(wanted, kind=kind.value).address())
        for kind in SuggestionKind
        if kind.value in counted
    )
