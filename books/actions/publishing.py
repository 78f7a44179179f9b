"""Publishing a book, for the organization or for everyone, and taking it back."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from books.errors import BookRefused
from books.models import (
    ACTIVE_RUN_STATES,
    Book,
    BookKey,
    BookKeyKind,
    BookStatus,
    Chapter,
    RevisionKind,
    Run,
    RunKind,
    Visibility,
)
from books.transitions import revisions, shelf
from core.errors import Forbidden

SLUG_LENGTH = 80
PUBLISHABLE = {BookStatus.DRAFT, BookStatus.REVIEW, BookStatus.PUBLISHED}


@transaction.atomic
def publish_book(*, book: Book, by: User, visibility: Visibility) -> str:
    """Keep the book as it stands as a major revision, and let its readers read that; its public address, or "".

    Published again, readers get the text of now, at the same address. Raises BookRefused for a book without text, one
    that is being written or is in the archive.
    """
    book = shelf.lock(book)
    _refuse_unready(book)
    if visibility == Visibility.PRIVATE:
        raise BookRefused(_("Publish a book for your organization or for everyone."), code="private")
    revision = revisions.take(book, RevisionKind.PUBLISHED, by=by)
    before = {"status": book.status, "visibility": book.visibility}
    _move(book, BookStatus.PUBLISHED, visibility)
    slug = _address(book) if visibility == Visibility.PUBLIC else ""
    _write_down("book.published", book, by, before, details={"version": revision.number})
    return slug


@transaction.atomic
def take_back_book(*, book: Book, by: User, visibility: Visibility = Visibility.INTERNAL) -> bool:
    """Make a published book one in review again, seen by its organization or its author alone; whether it was out.

    Its public address answers no more at once, and is kept for the next time.
    """
    book = shelf.lock(book)
    if book.status != BookStatus.PUBLISHED:
        return False
    if visibility == Visibility.PRIVATE and book.author_id != by.pk:
        raise Forbidden(_("Only its author says who sees a book."))
    before = {"status": book.status, "visibility": book.visibility}
    _move(book, BookStatus.REVIEW, Visibility.INTERNAL if visibility == Visibility.PUBLIC else visibility)
    _write_down("book.taken_back", book, by, before)
    return True


def _refuse_unready(book: Book) -> None:
    """Raises BookRefused for what cannot be published as it is, with what to do first."""
    if book.status == BookStatus.ARCHIVED:
        raise BookRefused(_("Take this book out of the archive first."), code="archived")
    runs = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES)
    if book.status not in PUBLISHABLE or runs.exists():
        raise BookRefused(_("This book is still being written: finish or cancel its writing first."), code="at_work")
    if not Chapter.objects.of(book.organization).filter(book=book).exclude(markdown="").exists():
        raise BookRefused(_("There is nothing to read yet: write a chapter first."), code="empty")


def _move(book: Book, status: BookStatus, visibility: Visibility) -> None:
    book.status, book.visibility = status, visibility
    book.save(update_fields=["status", "visibility", "updated_at"])


def _address(book: Book) -> str:
    """The end of the book's public address, from its title the first time and for good."""
    keys = BookKey.objects.filter(kind=BookKeyKind.PUBLIC_PAGE)
    if known := keys.filter(subject_id=book.pk).values_list("key", flat=True).first():
        return known
    stem = slugify(book.title)[:SLUG_LENGTH].strip("-") or "book"
    taken = set(keys.filter(key__startswith=stem).values_list("key", flat=True))
    number = 1
    while True:
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug not in taken and _take(book, slug):
            return slug
        number += 1


def _take(book: Book, slug: str) -> bool:
    """Whether the address is the book's now; another book may have taken it this moment."""
    try:
        with transaction.atomic():
            BookKey.objects.create(
                organization=book.organization, kind=BookKeyKind.PUBLIC_PAGE, key=slug, subject_id=book.pk
            )
    except IntegrityError:
        return False
    return True


def _write_down(
    action: str, book: Book, by: User, before: dict[str, str], *, details: dict[str, str] | None = None
) -> None:
    changes = {name: (was, getattr(book, name)) for name, was in before.items() if was != getattr(book, name)}
    audit.record(action, actor=by, target=book, details=details, changes=changes, severity=Severity.MEDIUM)
