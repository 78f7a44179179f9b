"""Giving a book texts to follow, and taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused, IllegalMove
from books.models import ACTIVE_RUN_STATES, Book, Run, RunKind, RunState, Source, SourcePassage
from books.models.sources import MAX_SOURCE_BYTES, MAX_SOURCES
from books.queries.sources import search_vector
from books.transitions import passages, runs, shelf
from core.text import count_words, digest
from organizations.actions import limits


@dataclass(frozen=True)
class SourceDraft:
    """A text as it came: normalized (LF, NFC); `file_name` is empty for one that was pasted."""

    title: str
    text: str
    file_name: str = ""


@transaction.atomic
def add_sources(*, book: Book, by: User, drafts: Sequence[SourceDraft]) -> int:
    """Add what the book does not have yet, in this order, and return how many that was; all of them or none.

    Raises BookRefused beyond a book's limits, LimitReached beyond the organization's storage, IllegalMove while the
    book is being written.
    """
    book = _open_for_changes(book)
    known = set(Source.objects.of(book.organization).filter(book=book).values_list("sha256", flat=True))
    new = {digest(draft.text): draft for draft in drafts if digest(draft.text) not in known}
    if len(known) + len(new) > MAX_SOURCES:
        room = {"most": MAX_SOURCES, "left": MAX_SOURCES - len(known)}
        raise BookRefused(
            _("A book has at most %(most)d sources; there is room for %(left)d more.") % room, code="too_many"
        )
    if new:
        limits.take(organization=book.organization, storage_bytes=sum(size_of(draft) for draft in new.values()))
    for sha256, draft in new.items():
        _add(book, by, sha256, draft)
    return len(new)


@transaction.atomic
def remove_source(*, source: Source, by: User) -> None:
    """Take a source away; what was written by it keeps the passages it followed."""
    _open_for_changes(source.book)
    audit.record("source.removed", actor=by, target=source, personal={"title": source.title})
    source.delete()


def size_of(draft: SourceDraft) -> int:
    """Bytes of its text as it is stored."""
    return len(draft.text.encode())


def _open_for_changes(book: Book) -> Book:
    """The book, locked (after its run, as everywhere). Raises IllegalMove while its run chooses or follows sources."""
    active = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES)
    for run in active:
        runs.lock(run)
    locked = shelf.lock(book)
    if active.all().exclude(state=RunState.AWAITING_APPROVAL).exists():
        raise IllegalMove(_("Sources cannot be changed while the book is being written."), code="illegal_move")
    return locked


def _add(book: Book, by: User, sha256: str, draft: SourceDraft) -> None:
    size, words = size_of(draft), count_words(draft.text)
    if size > MAX_SOURCE_BYTES:
        raise BookRefused(_("“%(title)s” is larger than 2 MB.") % {"title": draft.title}, code="too_large")
    if not words:
        raise BookRefused(_("“%(title)s” holds no words.") % {"title": draft.title}, code="empty")
    source = Source.objects.create(
        organization=book.organization,
        book=book,
        title=draft.title,
        file_name=draft.file_name,
        text=draft.text,
        size=size,
        word_count=words,
        sha256=sha256,
        added_by=by,
    )
    made = [
        SourcePassage(
            organization=book.organization,
            source=source,
            position=position,
            text=text,
            word_count=count_words(text),
            search=search_vector(text, book.language),
        )
        for position, text in enumerate(passages.cut(draft.text), 1)
    ]
    SourcePassage.objects.bulk_create(made, batch_size=500)
    audit.record("source.added", actor=by, target=source, details={"words": words}, personal={"title": draft.title})
