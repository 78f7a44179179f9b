"""The editor's page: a chapter to work on, and its book's other chapters; and the text as it will look."""

from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from books.models import Book, BookAct, Chapter, SuggestionKind
from books.providers.exports import chapter_html
from books.queries.pictures import shown, tenant_address
from books.queries.reader import ChapterLine, contents, minutes_of


@dataclass(frozen=True)
class StudioPage:
    """A chapter in the editor; `acts` are what its reader may do with the book."""

    book: Book
    chapter: Chapter
    contents: tuple[ChapterLine, ...]
    acts: frozenset[BookAct]

    @property
    def may_edit(self) -> bool:
        """Whether typing changes the text."""
        return BookAct.EDIT in self.acts

    @property
    def may_suggest(self) -> bool:
        """Whether changes can be suggested."""
        return BookAct.SUGGEST in self.acts

    @property
    def suggestion_kinds(self) -> list[tuple[str, str | Promise]]:
        """What a suggestion can be about: value and label."""
        return [*SuggestionKind.choices]

    @property
    def minutes(self) -> int:
        """Reading time of the chapter, at least one minute."""
        return minutes_of(self.chapter.word_count)

    @property
    def words(self) -> int:
        """Words of the whole book."""
        return sum(line.words for line in self.contents)

    @property
    def other_words(self) -> int:
        """Words of the book's other chapters."""
        return self.words - self.chapter.word_count

    @property
    def previous(self) -> ChapterLine | None:
        """The chapter before this one, written or not."""
        return self._neighbour(-1)

    @property
    def next(self) -> ChapterLine | None:
        """The chapter behind this one, written or not."""
        return self._neighbour(1)

    def _neighbour(self, by: int) -> ChapterLine | None:
        place = next(index for index, line in enumerate(self.contents) if line.id == self.chapter.pk) + by
        return self.contents[place] if 0 <= place < len(self.contents) else None


@dataclass(frozen=True)
class PreviewPage:
    """A text, saved or not, as the book's own pipeline shows it; `problems` instead where it cannot be shown."""

    book: Book
    chapter: Chapter
    html: str
    problems: tuple[str, ...] = ()


def studio_page(chapter: Chapter, person: User, acts: frozenset[BookAct]) -> StudioPage:
    """Read the editor's page (one query beside the chapter with its book)."""
    return StudioPage(chapter.book, chapter, contents(chapter.book, person), acts)


def preview_page(chapter: Chapter, markdown: str) -> PreviewPage:
    """Show a text (one query where it names pictures)."""
    book = chapter.book
    pictures = shown(book, markdown, tenant_address(book.organization.slug, book.pk))
    return PreviewPage(book, chapter, chapter_html(markdown, book.language, pictures=pictures))
