"""The editor's page: a chapter to work on, and its book's other chapters."""

from dataclasses import dataclass

from accounts.models import User
from books.models import Book, BookAct, Chapter
from books.queries.reader import ChapterLine, contents


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


def studio_page(chapter: Chapter, person: User, acts: frozenset[BookAct]) -> StudioPage:
    """Read the editor's page (one query beside the chapter with its book)."""
    return StudioPage(chapter.book, chapter, contents(chapter.book, person), acts)
