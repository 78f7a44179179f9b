"""A book as its page and the reader show it."""

from dataclasses import dataclass
from uuid import UUID

from books.models import Book, BookStatus, Chapter, Export, ExportState, Run, RunKind, RunState
from books.providers.exports import FORMATS, ExportFormat, chapter_html
from books.queries.manuscripts import content_hash
from books.queries.runs import Usage, usage_of
from books.queries.shelves import TONES

WORDS_A_MINUTE = 225


@dataclass(frozen=True)
class ChapterLine:
    """One line of the contents."""

    id: UUID
    position: int
    title: str
    words: int
    written: bool


@dataclass(frozen=True)
class FormatLine:
    """One format, with the file of the book as it is now if there is one."""

    format: ExportFormat
    export: Export | None

    @property
    def is_ready(self) -> bool:
        """Whether the file can be fetched."""
        return self.export is not None and self.export.state == ExportState.READY

    @property
    def is_pending(self) -> bool:
        """Whether the file is being made."""
        return self.export is not None and self.export.state == ExportState.PENDING

    @property
    def has_failed(self) -> bool:
        """Whether making the file failed, with its reason in `export.problem`."""
        return self.export is not None and self.export.state == ExportState.FAILED


@dataclass(frozen=True)
class BookPage:
    """Everything the book page shows."""

    book: Book
    chapters: tuple[ChapterLine, ...]
    formats: tuple[FormatLine, ...]
    run: Run | None
    usage: Usage | None

    @property
    def status_tone(self) -> str:
        """Which tag colour the status has: ok, run, warn or wait."""
        return TONES.get(BookStatus(self.book.status), "wait")

    @property
    def words(self) -> int:
        """Words of all written chapters."""
        return sum(chapter.words for chapter in self.chapters)

    @property
    def reading_minutes(self) -> int:
        """Reading time at 225 words a minute, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def has_text(self) -> bool:
        """Whether anything can be read or downloaded."""
        return any(chapter.written for chapter in self.chapters)

    @property
    def exporting(self) -> int:
        """How many files are being made."""
        return sum(line.is_pending for line in self.formats)

    @property
    def is_exporting(self) -> bool:
        """Whether a file is being made, so that the page follows along."""
        return self.exporting > 0

    @property
    def can_start(self) -> bool:
        """Whether writing may begin: no text yet, and no run that is not over."""
        over = {RunState.COMPLETED, RunState.CANCELLED}
        return not self.has_text and (self.run is None or self.run.state in over)

    @property
    def run_is_active(self) -> bool:
        """Whether the last run is not over."""
        return self.run is not None and self.run.state not in {RunState.COMPLETED, RunState.CANCELLED}


def book_page(book: Book) -> BookPage:
    """Read a book's page (four queries beside the book, whatever its length)."""
    run = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK).order_by("-id").first()
    return BookPage(
        book=book,
        chapters=contents(book),
        formats=formats(book),
        run=run,
        usage=usage_of(run) if run else None,
    )


def contents(book: Book) -> tuple[ChapterLine, ...]:
    """The chapters without their text (one query)."""
    rows = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    return tuple(
        ChapterLine(identifier, position, title, words, words > 0)
        for identifier, position, title, words in rows.values_list("id", "position", "title", "word_count")
    )


def formats(book: Book) -> tuple[FormatLine, ...]:
    """Every format with the newest export of the book's present version (one query)."""
    exports = Export.objects.of(book.organization).filter(book=book, content_hash=content_hash(book))
    by_format = {export.format: export for export in exports}
    return tuple(FormatLine(kind, by_format.get(kind.key)) for kind in FORMATS.values())


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
        return max(1, round(self.chapter.word_count / WORDS_A_MINUTE))


def reader_page(book: Book, chapter: Chapter) -> ReaderPage:
    """A written chapter as HTML by the book's own pipeline (one query beside book and chapter)."""
    lines = contents(book)
    written = [line for line in lines if line.written]
    here = next((index for index, line in enumerate(written) if line.id == chapter.pk), None)
    before = written[here - 1] if here else None
    after = written[here + 1] if here is not None and here + 1 < len(written) else None
    return ReaderPage(book, chapter, chapter_html(chapter.markdown, book.language), lines, before, after)
