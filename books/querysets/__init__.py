"""Sets of books and chapters."""

from books.querysets.books import BookQuerySet
from books.querysets.chapters import ChapterQuerySet

__all__ = ["BookQuerySet", "ChapterQuerySet"]
