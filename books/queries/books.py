"""A book as its page shows it."""

from dataclasses import dataclass

from books.models import ACTIVE_RUN_STATES, Book, BookStatus, Run, RunKind
from books.queries.caps import Reach
from books.queries.files import Files, files
from books.queries.reader import ChapterLine, contents, minutes_of, place
from books.queries.receipts import Receipt, receipt
from books.queries.shelves import TONES
from books.queries.spending import near
from organizations.access import Member


@dataclass(frozen=True)
class BookPage:
    """Everything the book page shows."""

    book: Book
    chapters: tuple[ChapterLine, ...]
    files: Files
    run: Run | None
    receipt: Receipt | None
    reaches: tuple[Reach, ...]

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
        """Reading time of the whole book, at least one minute."""
        return minutes_of(self.words)

    @property
    def place(self) -> ChapterLine | None:
        """The chapter in which the reader stopped."""
        return place(self.chapters)

    @property
    def beginning(self) -> ChapterLine | None:
        """The first chapter that can be read."""
        return next((chapter for chapter in self.chapters if chapter.written), None)

    @property
    def has_text(self) -> bool:
        """Whether anything can be read or downloaded."""
        return any(chapter.written for chapter in self.chapters)

    @property
    def exporting(self) -> int:
        """How many files are being made."""
        return self.files.making

    @property
    def is_exporting(self) -> bool:
        """Whether a file is being made, so that the page follows along."""
        return self.exporting > 0

    @property
    def can_start(self) -> bool:
        """Whether writing may begin: no text yet, and no run that is not over."""
        return not self.has_text and not self.run_is_active

    @property
    def run_is_active(self) -> bool:
        """Whether the last run is not over."""
        return self.run is not None and self.run.state in ACTIVE_RUN_STATES


def book_page(book: Book, reader: Member) -> BookPage:
    """Read a book's page (four queries beside the book, whatever its length); no money for who sees no usage."""
    sees_usage = reader.may("billing.see_usage")
    run = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK).order_by("-id").first()
    return BookPage(
        book=book,
        chapters=contents(book, reader.person),
        files=files(book),
        run=run,
        receipt=receipt(book) if sees_usage else None,
        reaches=near(run) if sees_usage and run and run.state in ACTIVE_RUN_STATES else (),
    )
