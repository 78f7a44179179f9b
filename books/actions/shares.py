"""Links by which anybody who has them reads a book: making, revoking, opening with a password."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from books.errors import BookRefused
from books.models import Book, BookKey, BookKeyKind, ShareLink, Visibility
from books.queries.shares import standing_links
from books.transitions import shelf
from core import digests, rate_limits
from core.errors import Forbidden

MOST_LINKS = 50  # of one book that hold at once


@transaction.atomic
def make_link(*, book: Book, by: User, label: str = "", days: int | None = None, password: str = "") -> ShareLink:
    """Make a link, good for so many days or until it is revoked; with a password, who opens it is asked for that.

    Raises BookRefused when MOST_LINKS hold already.
    """
    book = shelf.lock(book)
    if standing_links(book).count() >= MOST_LINKS:
        said = {"number": MOST_LINKS}
        raise BookRefused(_("%(number)d links to this book hold already: revoke one first.") % said, code="links")
    token = digests.new_token()
    link = ShareLink.objects.create(
        organization=book.organization,
        book=book,
        label=label,
        token=token,
        password=make_password(password) if password else "",
        expires_at=timezone.now() + timedelta(days=days) if days else None,
        made_by=by,
    )
    BookKey.objects.create(
        organization=book.organization,
        kind=BookKeyKind.SHARE_LINK,
        key=digests.of_token(token),
        subject_id=link.pk,
    )
    details = {"days": days, "with_password": bool(password)}
    audit.record("share.made", actor=by, target=link, details=details, severity=Severity.MEDIUM)
    return link


@transaction.atomic
def revoke_link(*, link: ShareLink, by: User) -> bool:
    """Let a link lead nowhere from now on; whether it led somewhere."""
    rows = ShareLink.objects.of(link.organization).select_for_update(of=("self",)).select_related("organization")
    link = rows.get(pk=link.pk)
    BookKey.objects.filter(kind=BookKeyKind.SHARE_LINK, subject_id=link.pk).delete()
    if link.revoked_at:
        return False
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at", "updated_at"])
    audit.record("share.revoked", actor=by, target=link, severity=Severity.MEDIUM)
    return True


@transaction.atomic
def show_to(*, book: Book, by: User, visibility: Visibility) -> bool:
    """Say who in the organization sees a book: its author alone, or every member; whether it was otherwise.

    A published book is seen by who it is published for: it is taken back first.
    """
    book = shelf.lock(book)
    if book.visibility == visibility:
        return False
    if book.author_id != by.pk:
        raise Forbidden(_("Only its author says who sees a book."))
    if Visibility.PUBLIC in {visibility, book.visibility}:
        raise BookRefused(_("Everyone reads a book that is published for everyone: publish it, or take it back."))
    before, book.visibility = book.visibility, visibility
    book.save(update_fields=["visibility", "updated_at"])
    audit.record("book.shown_to", actor=by, target=book, changes={"visibility": (before, visibility)})
    return True


def open_link(*, link: ShareLink, password: str) -> bool:
    """Whether that is the link's password; a wrong one costs as long as a right one. Raises TooMany."""
    rate_limits.hit("share_password", link=link.pk)
    right = check_password(password, link.password)
    if right:
        rate_limits.clear("share_password", link=link.pk)
    return right
