"""The one way a chapter's text changes: numbered, kept as a version, its labels and its readers' passages with it."""

from collections.abc import Sequence

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from books.errors import BookRefused
from books.models import Book, Chapter, ChapterVersion, VersionOrigin
from books.models.provenance import Hand, Label
from books.queries.versions import Document, labels_of
from books.transitions import anchors, provenance, revisions, shelf, versions
from core import events
from core.diffs import Changes
from core.text import count_words

LONGEST = 1_000_000  # characters of a chapter


def lock(chapter: Chapter) -> Chapter:
    """The chapter under its book's lock, which files are read under too, and its own.

    Raises BookRefused while the book is in the trash, Chapter.DoesNotExist for a chapter that is.
    """
    book = shelf.lock(chapter.book)
    locked = Chapter.objects.of(book.organization).select_for_update(of=("self",)).get(pk=chapter.pk)
    locked.book, locked.organization = book, book.organization
    return locked


def replace(
    chapter: Chapter,
    markdown: str,
    *,
    hand: Hand,
    origin: VersionOrigin,
    by: User | None = None,
    note: str = "",
    labels: Sequence[Label] | None = None,
    changes: Changes | None = None,
) -> ChapterVersion | None:
    """Give a locked chapter another text; None when it is the same one already.

    `labels` of the new text, and the `changes` that made it, where the caller knows better than what can be told from
    both texts. Raises BookRefused for a text that no editor could save again.
    """
    if markdown == chapter.markdown:
        return None
    if len(markdown) > max(LONGEST, len(chapter.markdown)):
        raise BookRefused(_("“%(title)s” would become too long.") % {"title": chapter.title}, code="too_long")
    revisions.take_daily(chapter.book)
    newest, before = versions.version_now(chapter), labels_of(chapter)
    after = tuple(labels) if labels is not None else provenance.carried(chapter.markdown, before, markdown, hand)
    anchors.move(chapter, chapter.markdown, markdown, changes)
    _store(chapter, Document(markdown, after), chapter.version + 1)
    touch(chapter.book)
    return versions.keep(chapter, newest, Document(markdown, after), origin=origin, by=by, note=note)


def begin(chapter: Chapter, markdown: str, hand: Hand) -> None:
    """Give a chapter the text that a run wrote: what stood before it is a version only where somebody kept it."""
    document = Document(markdown, provenance.fresh(markdown, hand))
    newest = versions.newest_of(chapter)
    _store(chapter, document, chapter.version + 1)  # what somebody typed into the empty one meets it
    touch(chapter.book)
    if newest:
        versions.keep(chapter, newest, document, origin=VersionOrigin.WRITTEN)


def rename(chapter: Chapter, title: str, *, by: User | None = None) -> None:
    """Give a locked chapter another title: a version too, and its number rises for whoever edits it meanwhile."""
    revisions.take_daily(chapter.book)
    newest = versions.version_now(chapter)
    chapter.title, chapter.version = title, chapter.version + 1
    chapter.save(update_fields=["title", "version", "updated_at"])
    touch(chapter.book)
    document = Document(chapter.markdown, labels_of(chapter))
    versions.keep(chapter, newest, document, origin=VersionOrigin.EDITED, by=by)


def touch(book: Book) -> None:
    """What a reader sees has changed."""
    Book.objects.of(book.organization).filter(pk=book.pk).update(content_changed_at=Now(), updated_at=Now())
    events.changed(book.pk)


def _store(chapter: Chapter, document: Document, number: int) -> None:
    chapter.markdown, chapter.word_count = document.markdown, count_words(document.markdown)
    chapter.labels = [label.as_json() for label in document.labels]
    chapter.label_words = provenance.words_by_origin(document.markdown, document.labels)
    chapter.version = number
    chapter.save(update_fields=["markdown", "word_count", "labels", "label_words", "version", "updated_at"])
