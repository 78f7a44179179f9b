"""Making books."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book
from organizations.actions import limits
from organizations.models import Organization
from organizations.transitions.locking import lock


@transaction.atomic
def create_book(
    *, organization: Organization, author: User, brief: Mapping[str, Any], request_key: UUID | None = None
) -> tuple[Book, bool]:
    """Make a private draft from a checked brief; the same `request_key` again returns the first book and False.

    Raises BookRefused when that key was somebody else's, LimitReached when the organization has no room for a book.
    """
    # The organization's line serializes double submits too: the second waits, then finds the first one's book.
    lock(organization)
    if request_key:
        made = Book.objects.of(organization).filter(request_key=request_key).first()
        if made and made.author_id != author.pk:
            raise BookRefused(_("This form was used already. Open it again."), code="used_form")
        if made:
            return made, False
    limits.take(organization=organization, books=1, books_a_month=1)
    byline = brief.get("byline") or author.name
    book = Book.objects.create(
        **{**brief, "byline": byline}, organization=organization, author=author, request_key=request_key
    )
    audit.record("book.created", actor=author, target=book, personal={"title": book.title})
    return book, True
