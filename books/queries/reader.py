"""The reader: a chapter, its neighbours, and where a person stopped."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Subquery

from accounts.models import User
from books.models import Book, Chapter, ReadingPlace
from books.providers.exports import chapter_html
from books.queries import pictures

WORDS_A_MINUTE = 225


@dataclass(frozen=True)
class ChapterLine:
    """One line of the contents; `stopped_at` is the paragraph (from 0) of the chapter in which the reader stopped."""

    id: UUID
    position: int
    title: str
    words: int
    stopped_at: int | None

    @property
    def written(self) -> bool:
        """Whether the chapter has its text."""
        return self.words > 0


@dataclass(frozen=True)
class ReaderPage:
    """One chapter to read, with its neighbours."""

    book: Book
    chapter: Chapter
    html: str
    contents: tuple[ChapterLine, ...]
    previous: ChapterLine | None
    next: ChapterLine | None

    @property
    def minutes(self) -> int:
        """Reading time of the chapter, at least one minute."""
        return minutes_of(self.chapter.word_count)

    @property
    def words(self) -> int:
        """Words of the whole book as it is."""
        return sum(line.words for line in self.contents)

    @property
    def words_before(self) -> int:
        """Words of the chapters before this one."""
        return sum(line.words for line in self.contents if line.position < self.chapter.position)

    @property
    def share(self) -> int:
        """Per cent of the book before this chapter."""
        return 100 * self.words_before // max(1, self.words)

    @property
    def stopped_at(self) -> int | None:
        """The paragraph (from 0) where the reader stopped, if it was in this chapter."""
        return next((line.stopped_at for line in self.contents if line.id == self.chapter.pk), None)


def minutes_of(words: int) -> int:
    """Reading time at 225 words a minute, at least one."""
    return max(1, round(words / WORDS_A_MINUTE))


def contents(book: Book, reader: User) -> tuple[ChapterLine, ...]:
    """The chapters without their text, and the reader's place among them (one query)."""
    places = ReadingPlace.objects.of(book.organization).filter(person=reader, chapter=OuterRef("pk"))
    rows = (
        Chapter.objects.of(book.organization)
        .filter(book=book)
        .order_by("position")
        .values_list("id", "position", "title", "word_count", Subquery(places.values("paragraph")[:1]))
    )
    return tuple(ChapterLine(*row) for row in rows)


def place(lines: tuple[ChapterLine, ...]) -> ChapterLine | None:
    """The chapter to go on with, unless the reader stopped in one that has no text any more."""
    return next((line for line in lines if line.written and line.stopped_at is not None), None)


def reader_page(book: Book, chapter: Chapter, reader: User) -> ReaderPage:
    """A written chapter as HTML by the book's own pipeline (one query beside book and chapter, one for pictures)."""
    lines = contents(book, reader)
    written = [line for line in lines if line.written]
    here = next((index for index, line in enumerate(written) if line.id == chapter.pk), None)
    before = written[here - 1] if here else None
    after = written[here + 1] if here is not None and here + 1 < len(written) else None
    shown = pictures.shown(book, chapter.markdown, pictures.tenant_address(book.organization.slug, book.pk))
    html = chapter_html(chapter.markdown, book.language, pictures=shown)
    return ReaderPage(book, chapter, html, lines, before, after)
