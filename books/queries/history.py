"""The history of a book: its revisions, what changed with each, and what differs between any two of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import User
from books.models import Book, Chapter, Revision, RevisionChapter, RevisionKind
from books.queries.chapter_history import earlier_html
from books.queries.comparisons import Comparison, compare
from books.queries.states import Standing, State, state_at, state_now
from core import keyset
from core.folding import folded

PAGE = 50
ORDER = keyset.Order("place")
COLUMNS = ["id", "place", "major", "minor", "kind", "message", "made_by", "created_at", "word_count", "words_before"]


@dataclass(frozen=True)
class RevisionLine:
    """A revision in the list; `chapters` counts those that changed with it, `difference` the words."""

    id: UUID
    number: str
    kind: RevisionKind
    message: str
    made_by: str
    created_at: datetime
    words: int
    difference: int
    chapters: int
    previous: UUID | None

    @property
    def tone(self) -> str:
        """Which tag colour its kind has."""
        tones = {RevisionKind.KEPT: "ok", RevisionKind.PUBLISHED: "ok", RevisionKind.RESTORED: "warn"}
        return tones.get(self.kind, "wait")


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which revisions: exactly what stands in the list's address. Empty is every one."""

    q: str = ""
    kind: str = ""
    person: UUID | None = None
    chapter: UUID | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether only some are wanted."""
        return self != EVERYTHING


EVERYTHING = Wanted()


@dataclass(frozen=True)
class History(keyset.Paged):
    """One page of a book's revisions, the newest first."""

    book: Book
    lines: tuple[RevisionLine, ...]
    people: tuple[tuple[UUID, str], ...]
    chapters: tuple[tuple[UUID, str], ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def history(book: Book, wanted: Wanted = EVERYTHING, cursor: keyset.Cursor = keyset.FIRST) -> History:
    """Read a page of the history (six queries, seven beside a cursor, however long it is)."""
    every = Revision.objects.of(book.organization).filter(book=book)
    earlier = every.filter(place=OuterRef("place") - 1).order_by()
    rows = _selected(book, every, wanted).annotate(
        words_before=Subquery(earlier.values("word_count")[:1]), previous=Subquery(earlier.values("pk")[:1])
    )
    page = keyset.cut(
        rows, among=every, order=ORDER, columns=[*COLUMNS, "previous"], size=PAGE, cursor=cursor
    )  # fmt: skip
    people = {person.pk: person.name for person in User.objects.filter(pk__in=every.order_by().values("made_by"))}
    titles = Chapter.everything.of(book.organization).filter(book=book).order_by(F("trashed_at").desc(), "position")
    chapters = tuple(titles.values_list("pk", "title"))
    changed = _changed(book, [row["place"] for row in page.rows])
    lines = tuple(_line(row, people, changed) for row in page.rows)
    named = tuple(sorted(people.items(), key=lambda one: one[1].casefold()))
    return History(book, lines, named, chapters, wanted, page.before, page.after)


@dataclass(frozen=True)
class ChapterChange:
    """A chapter that differs between two states; `old` or `new` is None where it does not stand in one."""

    id: UUID
    old: Standing | None
    new: Standing | None
    comparison: Comparison | None = None

    @property
    def key(self) -> str:
        """The id as addresses hold it."""
        return str(self.id)

    @property
    def title(self) -> str:
        """Its title, the newer one first."""
        return (self.new or self.old).title  # type: ignore[union-attr]  # it stands in one of them

    @property
    def kind(self) -> str:
        """added, removed, changed (the text), renamed or moved: the first of these that is so."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        if self.old.digest != self.new.digest:
            return "changed"
        return "renamed" if self.is_renamed else "moved"

    @property
    def is_renamed(self) -> bool:
        """Whether it has another title."""
        return bool(self.old and self.new and self.old.title != self.new.title)

    @property
    def has_text(self) -> bool:
        """Whether there are words to compare."""
        return self.kind not in {"renamed", "moved"}

    @property
    def difference(self) -> int:
        """Words more, or less."""
        return (self.new.words if self.new else 0) - (self.old.words if self.old else 0)


@dataclass(frozen=True)
class BookComparison:
    """What differs between two states of a book, chapter by chapter; `opened` is the one whose text is compared."""

    book: Book
    old: State
    new: State
    changes: tuple[ChapterChange, ...]

    @property
    def difference(self) -> int:
        """Words more, or less."""
        return self.new.words - self.old.words

    @property
    def is_present(self) -> bool:
        """Whether the newer side is the book as it is now: paragraphs can be put back into that one."""
        return self.new.revision is None


def compare_revisions(book: Book, *picked: Revision, opened: UUID | None = None) -> BookComparison:
    """Compare two revisions, the older one first, or one and the book as it is now; none: what changed since the last.

    Two queries beside those, and four more for the text of the chapter `opened`.
    """
    sides = sorted(picked, key=lambda one: one.place)
    if not sides:
        sides = list(Revision.objects.of(book.organization).filter(book=book).order_by("-place")[:1])
    old = state_at(book, sides[0]) if sides else state_now(book)
    return compare_states(old, state_at(book, sides[1]) if len(sides) > 1 else state_now(book), opened=opened)


def compare_states(old: State, new: State, *, opened: UUID | None = None) -> BookComparison:
    """Compare two states by their versions; of the chapter `opened` the text too (four queries for it, else none)."""
    before, after = old.by_chapter, new.by_chapter
    ids = [*after, *(pk for pk in before if pk not in after)]
    kept = [pk for pk in after if pk in before]
    order = {pk: place for place, pk in enumerate(sorted(kept, key=lambda one: before[one].position))}
    stays = _longest_rise([order[pk] for pk in kept])
    found = []
    for pk in ids:
        was, now = before.get(pk), after.get(pk)
        if was and now and (was.digest, was.title) == (now.digest, now.title) and order[pk] in stays:
            continue
        comparison = compare(old.text(pk), new.text(pk)) if pk == opened else None
        found.append(ChapterChange(pk, was, now, comparison))
    return BookComparison(old.book, old, new, tuple(found))


@dataclass(frozen=True)
class RevisionPage:
    """A revision to read: its chapters, and the text of one of them."""

    state: State
    revision: Revision
    opened: Standing | None
    html: str
    changes: int

    @property
    def book(self) -> Book:
        """The book it is of."""
        return self.state.book

    @property
    def erased(self) -> int:
        """Chapters it had that were erased for good since."""
        return self.revision.chapter_count - len(self.state.chapters)

    @property
    def next(self) -> Standing | None:
        """The chapter after the one that is open."""
        behind = [one for one in self.state.chapters if self.opened and one.position > self.opened.position]
        return behind[0] if behind else None


def revision_page(book: Book, revision: Revision, chapter_id: UUID | None = None) -> RevisionPage | None:
    """A revision with one of its chapters, by the book's own pipeline (four queries); None for a chapter not in it."""
    state = state_at(book, revision)
    chapters = state.by_chapter
    opened = chapters.get(chapter_id) if chapter_id else next(iter(state.chapters), None)
    if chapter_id and not opened:
        return None
    html = earlier_html(book, state.text(opened.chapter_id)) if opened else ""
    changes = len(compare_states(state, state_now(book)).changes)
    return RevisionPage(state, revision, opened, html, changes)


def _selected(book: Book, rows: QuerySet[Revision], wanted: Wanted) -> QuerySet[Revision]:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.person:
        rows = rows.filter(made_by=wanted.person)
    if wanted.chapter:
        of_it = RevisionChapter.objects.of(book.organization).filter(book=book, chapter=wanted.chapter)
        came, went = of_it.values("first_place"), of_it.annotate(next=F("last_place") + 1).values("next")
        rows = rows.filter(Q(place__in=came) | Q(place__in=went))
    for word in wanted.q.split():
        rows = rows.alias(said=folded(F("message"))).filter(said__contains=folded(Value(word)))
    return rows


def _changed(book: Book, places: Sequence[int]) -> dict[int, set[UUID]]:
    """The chapters that changed, came or went with each of these revisions (two queries)."""
    rows = RevisionChapter.objects.of(book.organization).filter(book=book)
    found: dict[int, set[UUID]] = defaultdict(set)
    for place, chapter in rows.filter(first_place__in=places).values_list("first_place", "chapter"):
        found[place].add(chapter)
    went = rows.filter(last_place__in=[one - 1 for one in places]).annotate(next=F("last_place") + 1)
    for place, chapter in went.values_list("next", "chapter"):
        found[place].add(chapter)
    return found


def _line(row: dict[str, Any], people: dict[UUID, str], changed: dict[int, set[UUID]]) -> RevisionLine:
    return RevisionLine(
        id=row["id"],
        number=f"v{row['major']}.{row['minor']}",
        kind=RevisionKind(row["kind"]),
        message=row["message"],
        made_by=people.get(row["made_by"], ""),
        created_at=row["created_at"],
        words=row["word_count"],
        difference=row["word_count"] - (row["words_before"] or 0),
        chapters=len(changed.get(row["place"], ())),
        previous=row["previous"],
    )


def _longest_rise(places: Sequence[int]) -> set[int]:
    """The most places that stand in rising order: the others were moved."""
    rises: list[list[int]] = []
    for place in places:
        at = next((index for index, rise in enumerate(rises) if rise[-1] > place), len(rises))
        rise = [*(rises[at - 1] if at else []), place]
        rises[at : at + 1] = [rise]
    return set(rises[-1]) if rises else set()
