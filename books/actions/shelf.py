"""Putting books away and taking them back: archive, trash, and the end."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import ACTIVE_RUN_STATES, WORKING_RUN_STATES, Book, BookStatus, Run, RunKind
from books.transitions import erasing
from organizations.actions import limits
from organizations.transitions.locking import lock


@transaction.atomic
def archive_book(*, book: Book, by: User) -> None:
    """Put a book out of the way; it can be read as before. Refused while something of it is being written."""
    book = _lock(book)
    if book.status == BookStatus.ARCHIVED:
        return
    _refuse_at_work(book)
    book.archived_from, book.status = book.status, BookStatus.ARCHIVED
    book.save(update_fields=["archived_from", "status", "updated_at"])
    audit.record("book.archived", actor=by, target=book, details={"from": book.archived_from})


@transaction.atomic
def unarchive_book(*, book: Book, by: User) -> None:
    """Make an archived book what it was before."""
    book = _lock(book)
    if book.status != BookStatus.ARCHIVED:
        return
    book.status, book.archived_from = book.archived_from or BookStatus.DRAFT, ""
    book.save(update_fields=["archived_from", "status", "updated_at"])
    audit.record("book.unarchived", actor=by, target=book, details={"to": book.status})


@transaction.atomic
def trash_book(*, book: Book, by: User) -> None:
    """Throw a book away for 30 days. Refused while something of it is being written."""
    book = _lock(book)
    if book.trashed_at:
        return
    _refuse_at_work(book)
    book.trashed_at = timezone.now()
    book.save(update_fields=["trashed_at", "updated_at"])
    audit.record("book.trashed", actor=by, target=book, personal={"title": book.title})


@transaction.atomic
def restore_book(*, book: Book, by: User) -> None:
    """Take a book out of the trash, as it was. Raises LimitReached where others have taken its place meanwhile."""
    # Before the book, since several are taken back at once: two people who do so never wait for each other in a ring.
    lock(book.organization)
    book = _lock(book)
    if not book.trashed_at:
        return
    if book.erased_at:
        raise BookRefused(_("This book has been erased for good."), code="erased")
    limits.take(organization=book.organization, books=1)
    book.trashed_at = None
    book.save(update_fields=["trashed_at", "updated_at"])
    audit.record("book.restored", actor=by, target=book)


@transaction.atomic
def erase_book(*, book: Book, by: User) -> None:
    """Erase a book in the trash for good."""
    book = erasing.lock(book)
    if not book.trashed_at:
        raise BookRefused(_("Only a book in the trash can be erased."), code="not_in_trash")
    erasing.erase(book, by=by)


def _lock(book: Book) -> Book:
    return (
        Book.objects.of(book.organization)
        .select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=book.pk)
    )


def _refuse_at_work(book: Book) -> None:
    """Raises BookRefused while a run of the book is not over, or a rewrite or an answer is being written."""
    busy = Q(kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES) | Q(state__in=WORKING_RUN_STATES)
    if Run.objects.of(book.organization).filter(busy, book=book).exists():
        raise BookRefused(
            _("“%(title)s” is still being written: finish or cancel its writing first.") % {"title": book.title},
            code="at_work",
        )
