"""The staff's view of books: rows to read, what organizations cost, how the models are."""

from books.admin import books, journal

__all__ = ["books", "journal"]
