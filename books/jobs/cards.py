"""Pictures of published books for messengers and networks: drawn when first asked for, then kept for a day."""

import hashlib
import json
from datetime import timedelta

from django.core.cache import cache

from books.models import Book
from books.providers.exports.card import card_png

KEPT = timedelta(days=1)
DRAWN_AS = 1  # another number is another drawing


def card_of(book: Book) -> bytes:
    """The book's picture as PNG, by what stands on it: one that says something else is another one."""
    shown = [book.title, book.subtitle, book.byline, book.language, book.palette]
    key = f"card:{hashlib.sha256(json.dumps([DRAWN_AS, *shown]).encode()).hexdigest()}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = card_png(book.title, book.subtitle, book.byline, language=book.language, palette=book.palette)
        cache.set(key, found, KEPT.total_seconds())
    return found
