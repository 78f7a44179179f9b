"""A book's sources as its pages show them, the passages that fit a subject, and what a chapter had to follow."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import CharField, F, Q, Value

from books.models import Book, Chapter, Decision, PassageUse, Run, RunState, Source, SourcePassage, StepKind
from books.models.sources import MAX_SOURCES

CONFIGURATIONS = {"en": "english", "fr": "french"}
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})
TERM = re.compile(r"\w{3,}")
CANDIDATES = 40


@dataclass(frozen=True)
class Found:
    """A passage that fits."""

    id: UUID
    source_id: UUID
    source_title: str
    text: str
    word_count: int


def fold(text: str) -> str:
    """Without accents and ligatures, so that a search finds what was typed without them."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return bare.translate(LIGATURES)


def search_vector(text: str, language: str) -> SearchVector:
    """What PostgreSQL keeps of a passage to find it by, in the book's language (ISO 639-1)."""
    return SearchVector(Value(fold(text), output_field=CharField()), config=CONFIGURATIONS.get(language, "simple"))


def best_passages(
    book: Book, about: str, *, most_words: int, without: Iterable[UUID] = (), from_each: bool = False
) -> list[Found]:
    """The passages of the book's sources that fit `about` best, of at most `most_words` together (one query).

    `from_each` takes the best of every source before a second one of any.
    """
    terms = list(dict.fromkeys(TERM.findall(fold(about).casefold())))
    if not terms or most_words <= 0:
        return []
    configuration = CONFIGURATIONS.get(book.language, "simple")
    query = SearchQuery(" | ".join(f"'{term}'" for term in terms), config=configuration, search_type="raw")
    rows = (
        SourcePassage.objects.of(book.organization)
        .filter(source__book=book, search=query)
        .exclude(pk__in=list(without))
        .annotate(fits=SearchRank(F("search"), query, normalization=Value(1)))
        .order_by("-fits", "source_id", "position")
        .values_list("id", "source_id", "source__title", "text", "word_count")[:CANDIDATES]
    )
    found = [Found(*row) for row in rows]
    return _fitting(_from_each(found) if from_each else found, most_words)


def first_passages(book: Book, *, most_words: int) -> list[Found]:
    """How each source begins: for a book whose brief has no word in common with them (one query)."""
    rows = SourcePassage.objects.of(book.organization).filter(source__book=book, position=1).order_by("source_id")
    return _fitting(
        [Found(*row) for row in rows.values_list("id", "source_id", "source__title", "text", "word_count")], most_words
    )


def _from_each(found: list[Found]) -> list[Found]:
    taken: Counter[UUID] = Counter()
    turns = []
    for one in found:
        turns.append(taken[one.source_id])
        taken[one.source_id] += 1
    return [one for _turn, one in sorted(zip(turns, found, strict=True), key=itemgetter(0))]


def _fitting(found: list[Found], most_words: int) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        if one.word_count <= most_words:
            kept.append(one)
            most_words -= one.word_count
    return kept


@dataclass(frozen=True)
class SourceLine:
    """One source in a list, without its text."""

    id: UUID
    title: str
    file_name: str
    size: int
    word_count: int

    @property
    def key(self) -> str:
        """Its id as a part of the page's own ids."""
        return self.id.hex


@dataclass(frozen=True)
class SourcesPage:
    """A book's sources and what may be done with them now."""

    book: Book
    lines: tuple[SourceLine, ...]
    active: Run | None

    @property
    def most(self) -> int:
        """How many sources a book has at most."""
        return MAX_SOURCES

    @property
    def left(self) -> int:
        """How many more there may be."""
        return max(0, MAX_SOURCES - len(self.lines))

    @property
    def words(self) -> int:
        """Words of all of them."""
        return sum(line.word_count for line in self.lines)

    @property
    def may_change(self) -> bool:
        """Whether sources may come and go: before and between runs, and while an outline waits for approval."""
        return self.active is None or self.active.state == RunState.AWAITING_APPROVAL

    @property
    def outline_stands(self) -> bool:
        """Whether the outline is made already, so that what is added now guides the chapters alone."""
        return self.active is not None and self.active.state == RunState.AWAITING_APPROVAL


def sources_page(book: Book, active: Run | None) -> SourcesPage:
    """Read the sources of a book (one query); `active` is its run that is not over."""
    return SourcesPage(book, sources_of(book), active)


def sources_of(book: Book) -> tuple[SourceLine, ...]:
    """The book's sources without their texts, oldest first (one query)."""
    rows = Source.objects.of(book.organization).filter(book=book).order_by("id")
    return tuple(SourceLine(*row) for row in rows.values_list("id", "title", "file_name", "size", "word_count"))


@dataclass(frozen=True)
class UsedPassage:
    """A passage that something had to follow."""

    source_title: str
    text: str
    section: int


def used_for_outline(run: Run) -> tuple[UsedPassage, ...]:
    """What the outline followed (one query)."""
    return _used(run, chapter=0)


def used_in_chapter(chapter: Chapter) -> tuple[UsedPassage, ...]:
    """What the text of a chapter had to follow when it was written, or rewritten and taken (one query).

    Passages name a chapter by the number it had in its run; the run's steps know which one that was.
    """
    written = Q(run__steps__kind=StepKind.CHAPTER, run__steps__chapter=chapter, chapter=F("run__steps__position"))
    rewritten = Q(run__rewrite__chapter=chapter, run__rewrite__decision=Decision.ACCEPTED)
    uses = list(
        PassageUse.objects.of(chapter.organization)
        .filter(written | rewritten)
        .order_by("-run_id", "section", "rank")
        .values_list("run_id", "source_title", "text", "section")
    )
    newest = {text: UsedPassage(title, text, section) for run, title, text, section in uses if run == uses[0][0]}
    return tuple(newest.values())


def _used(run: Run, *, chapter: int) -> tuple[UsedPassage, ...]:
    uses = PassageUse.objects.of(run.organization).filter(run=run, chapter=chapter).order_by("section", "rank")
    return tuple(UsedPassage(*use) for use in uses.values_list("source_title", "text", "section"))
