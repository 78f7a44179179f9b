"""A book as the export engines take it."""

import hashlib
import json
from collections.abc import Iterable

from books.models import Book, Chapter, Picture
from books.providers.exports.figures import named_in
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter, ManuscriptPicture

# Raised when an engine or a template changes what a file looks like: files of the old look are made anew.
LOOK = 3


def manuscript_of(book: Book) -> Manuscript:
    """Everything that enters a file but its page size, from the written chapters (two queries, one for pictures)."""
    chapters = list(book.chapters.of(book.organization).exclude(markdown="").order_by("position"))
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
        pictures=_pictures(book, chapters),
    )


def _pictures(book: Book, chapters: Iterable[Chapter]) -> tuple[ManuscriptPicture, ...]:
    """The book's pictures that its chapters name, in the order of the text: their files are called by it."""
    named = list(dict.fromkeys(key for chapter in chapters for key in named_in(chapter.markdown)))
    if not named:
        return ()
    rows = Picture.objects.of(book.organization).filter(book=book).in_bulk(named)
    return tuple(
        ManuscriptPicture(
            id=row.pk,
            file_name=f"picture-{place}.{row.extension}",
            title=row.name,
            alt=row.alt,
            width=row.width,
            height=row.height,
            media_type=row.media_type,
            stored=row.file,
            stored_small=row.small_file,
            size=row.size,
        )
        for place, row in enumerate((rows[key] for key in named if key in rows), 1)
    )


def content_hash(book: Book) -> str:
    """SHA-256 (hex) of everything that enters a file, but for text and pictures, whose every change moves the date.

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
