"""Changing what a book is called and how it looks, and making another like it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions.books import create_book
from books.errors import BookRefused
from books.models import Book, Chapter, Visibility
from books.providers.exports.figures import renamed
from books.transitions import copying, shelf
from core.errors import Forbidden

READ = ["title", "subtitle", "byline", "blurb", "palette"]
COPIED = [
    "subtitle", "byline", "topic", "goal", "language", "genre", "audience", "difficulty", "tone", "chapter_count",
    "words_per_chapter", "palette",
]  # fmt: skip
CHAPTER_COPIED = [
    "position", "title", "summary", "points", "planned_words", "target_words", "markdown", "word_count", "labels",
    "label_words",
]  # fmt: skip
TITLE_LENGTH = 100


@transaction.atomic
def save_details(*, book: Book, by: User, details: Mapping[str, str]) -> bool:
    """Change a book's title, subtitle, byline, blurb, palette or visibility; whether anything was another.

    Files made before are older than the book from then on. Who sees a book is its author's to say, by Forbidden; raises
    BookRefused where everyone does: that ends with the publication alone.
    """
    book = shelf.lock(book)
    changed = [name for name in [*READ, "visibility"] if name in details and getattr(book, name) != details[name]]
    if not changed:
        return False
    if "visibility" in changed:
        _refuse_to_show(book, by)
    for name in changed:
        setattr(book, name, details[name])
    if set(changed) & set(READ):
        book.content_changed_at = timezone.now()
    book.save(update_fields=[*changed, "content_changed_at", "updated_at"])
    audit.record("book.details_saved", actor=by, target=book, details={"fields": changed})
    return True


@transaction.atomic
def duplicate_book(*, book: Book, by: User, with_text: bool, request_key: UUID | None = None) -> Book:
    """Make a private draft with the same brief, and with the same chapters if asked; a form sent twice makes one."""
    source = shelf.lock(book)
    brief = {name: getattr(source, name) for name in COPIED} | {"title": copy_title(source.title)}
    if with_text:
        brief["blurb"] = source.blurb
    made, is_new = create_book(organization=book.organization, author=by, brief=brief, request_key=request_key)
    if is_new and with_text:
        _copy_chapters(source, made)
    if is_new:
        audit.record("book.duplicated", actor=by, target=source, details={"to": str(made.pk), "with_text": with_text})
    return made


def _refuse_to_show(book: Book, by: User) -> None:
    if book.author_id != by.pk:
        raise Forbidden(_("Only its author says who sees a book."))
    if book.visibility == Visibility.PUBLIC:
        raise BookRefused(_("Everyone reads a book that is published for everyone: publish it, or take it back."))


def copy_title(title: str) -> str:
    """The title of a copy, in the language of whoever makes it, not longer than a title may be."""
    mark = _(" (copy)")
    return title[: TITLE_LENGTH - len(mark)].rstrip() + mark


def _copy_chapters(source: Book, made: Book) -> None:
    rows = list(Chapter.objects.of(source.organization).filter(book=source).values(*CHAPTER_COPIED))
    ids = copying.copy_pictures(source, made, [row["markdown"] for row in rows])
    for row in rows:
        row["markdown"] = renamed(row["markdown"], ids)
    Chapter.objects.bulk_create(Chapter(**row, organization=made.organization, book=made) for row in rows)
