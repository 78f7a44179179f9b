"""Grants, links and visits as rows, and doors opened by hand."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from books.models import (
    Book,
    BookKey,
    BookKeyKind,
    Collaborator,
    CollaboratorState,
    RevisionKind,
    ShareLink,
    VisitCount,
)
from books.transitions import revisions
from core import digests, tenancy


@transaction.atomic
def make_collaborator(book: Book, person: User | None, *, token: str = "", **overrides: Any) -> Collaborator:
    """An active grant of the person, or without one an open invitation, found by the link's token."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "email": person.email if person else "invited@example.org",
        "person": person,
        "role": "viewer",
        "state": CollaboratorState.ACTIVE if person else CollaboratorState.PENDING,
        "invited_by": book.author,
        "accepted_at": now if person else None,
        "sent_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=6),
    }
    with tenancy.declared(book.organization_id):
        grant = Collaborator.objects.create(
            **({"organization_id": book.organization_id, "book": book} | fields | overrides)
        )
    if token:
        _make_key(book, BookKeyKind.COLLABORATOR, token, grant)
    return grant


@transaction.atomic
def make_link(book: Book, token: str, **overrides: Any) -> ShareLink:
    """A link without password or end."""
    fields = {"organization_id": book.organization_id, "book": book, "token": token, "made_by": book.author}
    with tenancy.declared(book.organization_id):
        link = ShareLink.objects.create(**(fields | overrides))
    _make_key(book, BookKeyKind.SHARE_LINK, token, link)
    return link


def _make_key(book: Book, kind: BookKeyKind, token: str, subject: Collaborator | ShareLink) -> None:
    BookKey.objects.create(
        organization_id=book.organization_id, kind=kind, key=digests.of_token(token), subject_id=subject.pk
    )


@transaction.atomic
def make_visits(book: Book, link: ShareLink | None = None, *, days: int = 30) -> None:
    """A few visits on each of the last days, by the link and on the public page."""
    today = timezone.now().date()
    with tenancy.declared(book.organization_id):
        for number in range(days):
            for where in {link, None}:
                VisitCount.objects.create(
                    organization_id=book.organization_id,
                    book=book,
                    link=where,
                    day=today - timedelta(days=number),
                    visits=(number * 7) % 12,
                    visitors=(number * 7) % 5,
                )


@transaction.atomic
def publish(book: Book, slug: str) -> None:
    """Keep the book as it stands as what its readers get at that address; its state is the caller's."""
    with tenancy.declared(book.organization_id):
        revisions.take(book, RevisionKind.PUBLISHED)
    BookKey.objects.create(
        organization_id=book.organization_id, kind=BookKeyKind.PUBLIC_PAGE, key=slug, subject_id=book.pk
    )
