"""A book as the export engines take it."""

import hashlib
import json

from books.models import Book
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter

# Raised when an engine or a template changes what a file looks like: files of the old look are made anew.
LOOK = 2


def manuscript_of(book: Book) -> Manuscript:
    """Everything that enters a file but its page size, from the written chapters (two queries)."""
    chapters = book.chapters.of(book.organization).exclude(markdown="").order_by("position")
    return Manuscript(
        identifier=book.pk,
        title=book.title,
        subtitle=book.subtitle,
        author=book.byline,
        publisher=book.organization.name,
        language=book.language,
        blurb=book.blurb,
        chapters=tuple(
            ManuscriptChapter(number, chapter.title, chapter.markdown, chapter.word_count)
            for number, chapter in enumerate(chapters, 1)
        ),
        modified_at=book.content_changed_at,
        palette=book.palette,
    )


def content_hash(book: Book) -> str:
    """SHA-256 (hex) of everything that enters a file, but for the text, whose every change moves the date.

    The page size stands beside it in the export's own column.
    """
    version = [
        LOOK,
        str(book.pk),
        book.title,
        book.subtitle,
        book.byline,
        book.organization.name,
        book.language,
        book.blurb,
        book.palette,
        book.content_changed_at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(version, ensure_ascii=False).encode()).hexdigest()
