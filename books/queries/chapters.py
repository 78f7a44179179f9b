"""The chapters of a book to arrange: how long they are and shall be, the trash, one to cut and two to join."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from books.models import Book, BookAct, Chapter
from core.blocks import blocks
from core.text import count_words

SHOWN = 400  # characters of a text's beginning or end


@dataclass(frozen=True)
class ChapterRow:
    """One chapter: how long it is, and how long it is meant to be."""

    id: UUID
    position: int
    title: str
    words: int
    planned: int
    target: int | None

    @property
    def goal(self) -> int:
        """Words it is to have."""
        return self.planned if self.target is None else self.target

    @property
    def percent(self) -> int:
        """How much of its goal there is: 0 to 100."""
        return share(self.words, self.goal)


@dataclass(frozen=True)
class ChaptersPage:
    """The chapters of a book in order, and what its reader may do with them."""

    book: Book
    rows: tuple[ChapterRow, ...]
    in_trash: int
    acts: frozenset[BookAct]

    @property
    def words(self) -> int:
        """Words of the whole book."""
        return sum(row.words for row in self.rows)

    @property
    def goal(self) -> int:
        """Words it is to have."""
        return sum(row.goal for row in self.rows)

    @property
    def percent(self) -> int:
        """How much of that there is: 0 to 100."""
        return share(self.words, self.goal)

    @property
    def may_arrange(self) -> bool:
        """Whether chapters may be added, moved and removed."""
        return BookAct.ARRANGE in self.acts

    @property
    def may_write(self) -> bool:
        """Whether the editor opens for its reader."""
        return BookAct.COMMENT in self.acts


@dataclass(frozen=True)
class TrashedChapter:
    """A chapter in the trash."""

    id: UUID
    position: int
    title: str
    words: int
    trashed_at: datetime | None


@dataclass(frozen=True)
class Place:
    """A place where a chapter can be cut: before the paragraph that begins there. `at` counts characters."""

    at: int
    number: int  # of the paragraph, from 1
    text: str
    words_before: int
    words_behind: int


@dataclass(frozen=True)
class SplitPage:
    """A chapter to cut: its places, the one inside a paragraph where the cursor stood, and which one is chosen."""

    chapter: Chapter
    places: tuple[Place, ...]
    cursor: Place | None
    chosen: int | None


@dataclass(frozen=True)
class MergePage:
    """A chapter and the next one: how the first ends, how the second begins."""

    chapter: Chapter
    following: Chapter | None

    @property
    def end(self) -> str:
        """How the first ends."""
        return self.chapter.markdown.rstrip()[-SHOWN:]

    @property
    def beginning(self) -> str:
        """How the second begins."""
        return self.following.markdown.lstrip()[:SHOWN] if self.following else ""

    @property
    def words(self) -> int:
        """Words of both."""
        return self.chapter.word_count + (self.following.word_count if self.following else 0)


def share(words: int, goal: int) -> int:
    """Per cent of a goal that is reached: 0 to 100; all of it where nothing is asked for."""
    return min(100, 100 * words // goal) if goal else 100


def chapters_page(book: Book, acts: frozenset[BookAct]) -> ChaptersPage:
    """Read the page (two queries, however many chapters there are)."""
    rows = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    columns = rows.values_list("id", "position", "title", "word_count", "planned_words", "target_words")
    in_trash = Chapter.everything.of(book.organization).trashed().filter(book=book).count()
    return ChaptersPage(book, tuple(ChapterRow(*row) for row in columns), in_trash, acts)


def chapter_row(chapter: Chapter) -> ChapterRow:
    """One line of it."""
    return ChapterRow(
        chapter.pk, chapter.position, chapter.title, chapter.word_count, chapter.planned_words, chapter.target_words
    )


def trashed_chapters(book: Book) -> tuple[TrashedChapter, ...]:
    """What is in the trash, the newest first (one query)."""
    rows = Chapter.everything.of(book.organization).trashed().filter(book=book).order_by("-trashed_at")
    return tuple(
        TrashedChapter(*row) for row in rows.values_list("id", "position", "title", "word_count", "trashed_at")
    )


def split_page(chapter: Chapter, cursor: int | None) -> SplitPage:
    """The places of a chapter; a cursor inside a paragraph is one more, one between two is that of the second."""
    text = chapter.markdown
    places, at, words = [], 0, 0
    for number, part in enumerate(blocks(text), 1):
        if number > 1:
            places.append(Place(at, number, part.strip(), words, chapter.word_count - words))
        at, words = at + len(part), words + count_words(part)
    if cursor is None or not 0 < cursor < len(text.rstrip()):
        return SplitPage(chapter, tuple(places), None, None)
    cursor += len(text[cursor:]) - len(text[cursor:].lstrip("\n"))
    if any(place.at == cursor for place in places):
        return SplitPage(chapter, tuple(places), None, cursor)
    before = count_words(text[:cursor])
    rest = text[cursor : cursor + SHOWN].partition("\n\n")[0]
    inside = Place(cursor, len(blocks(text[:cursor])), rest, before, chapter.word_count - before)
    return SplitPage(chapter, tuple(places), inside, cursor)


def merge_page(chapter: Chapter) -> MergePage:
    """A chapter and the next one (one query)."""
    rows = Chapter.objects.of(chapter.organization).filter(book=chapter.book, position=chapter.position + 1)
    return MergePage(chapter, rows.first())
