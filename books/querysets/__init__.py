"""Sets of books, chapters and grants."""

from books.querysets.books import BookQuerySet
from books.querysets.chapters import ChapterQuerySet
from books.querysets.collaborators import CollaboratorQuerySet

__all__ = ["BookQuerySet", "ChapterQuerySet", "CollaboratorQuerySet"]
