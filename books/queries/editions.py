"""What readers from outside read: a book as it stands now, or as it was when it was published."""

from dataclasses import dataclass
from functools import cached_property

from books.models import Book, Chapter, ChapterVersion, Revision, RevisionKind
from books.providers.exports import chapter_html
from books.queries import pictures
from books.queries.pictures import Address
from books.queries.reader import minutes_of
from books.queries.states import held_by
from books.queries.versions import document


@dataclass(frozen=True)
class Line:
    """A chapter in the contents; `number` is its place in the book and in its address."""

    number: int
    title: str
    words: int


@dataclass(frozen=True)
class Edition:
    """A book for readers: `revision` is what was published, None the text of now. Unwritten chapters are left out."""

    book: Book
    revision: Revision | None
    contents: tuple[Line, ...]

    @property
    def words(self) -> int:
        """Words of the whole book."""
        return sum(line.words for line in self.contents)

    @property
    def minutes(self) -> int:
        """Reading time of the whole book."""
        return minutes_of(self.words)

    @property
    def first(self) -> Line | None:
        """The chapter to begin with."""
        return next(iter(self.contents), None)

    def text(self, number: int) -> str | None:
        """The Markdown of a chapter (one query, two of what was published); None where there is none."""
        organization = self.book.organization
        if self.revision is None:
            chapters = Chapter.objects.of(organization).filter(book=self.book, position=number)
            return chapters.values_list("markdown", flat=True).first()
        rows = held_by(self.book, self.revision).filter(position=number)
        versions = ChapterVersion.objects.of(organization).filter(pk__in=rows.values("version"))
        version = versions.select_related("chapter__organization").first()
        return document(version).markdown if version else None


@dataclass(frozen=True)
class EditionPage:
    """A chapter of an edition to read."""

    edition: Edition
    line: Line
    html: str

    @property
    def minutes(self) -> int:
        """Reading time of the chapter."""
        return minutes_of(self.line.words)

    @property
    def words_before(self) -> int:
        """Words of the chapters before this one."""
        return sum(line.words for line in self.edition.contents if line.number < self.line.number)

    @property
    def share(self) -> int:
        """Per cent of the book before this chapter."""
        return 100 * self.words_before // max(1, self.edition.words)

    @cached_property
    def previous(self) -> Line | None:
        """The chapter before."""
        return next((line for line in reversed(self.edition.contents) if line.number < self.line.number), None)

    @cached_property
    def next(self) -> Line | None:
        """The chapter after."""
        return next((line for line in self.edition.contents if line.number > self.line.number), None)


def standing(book: Book) -> Edition:
    """The book as it is now (one query)."""
    rows = Chapter.objects.of(book.organization).filter(book=book, word_count__gt=0).order_by("position")
    lines = rows.values_list("position", "title", "word_count")
    return Edition(book, None, tuple(Line(*line) for line in lines))


def published(book: Book) -> Edition | None:
    """The book as it was published last (two queries); None when it never was."""
    revision = published_revision(book)
    if revision is None:
        return None
    rows = held_by(book, revision).filter(version__word_count__gt=0).order_by("position")
    lines = rows.values_list("position", "version__title", "version__word_count")
    return Edition(book, revision, tuple(Line(*line) for line in lines))


def published_revision(book: Book) -> Revision | None:
    """What readers of a published book read (one query)."""
    revisions = Revision.objects.of(book.organization).filter(book=book, kind=RevisionKind.PUBLISHED)
    return revisions.order_by("-place").first()


def is_behind(book: Book, revision: Revision) -> bool:
    """Whether the text has changed since that revision was published (two queries)."""
    kept = set(held_by(book, revision).values_list("chapter", "position", "version__number"))
    chapters = Chapter.objects.of(book.organization).filter(book=book)
    return kept != set(chapters.values_list("pk", "position", "version"))


def edition_page(edition: Edition, number: int, address: Address) -> EditionPage | None:
    """A chapter of it as HTML by the book's own pipeline, its pictures at those addresses; None where there is none."""
    line = next((line for line in edition.contents if line.number == number), None)
    markdown = edition.text(number) if line else None
    if line is None or not markdown:
        return None
    shown = pictures.shown(edition.book, markdown, address)
    return EditionPage(edition, line, chapter_html(markdown, edition.book.language, pictures=shown))
