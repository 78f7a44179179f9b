"""Links to a book: those that hold, and the book behind a link or behind its public address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from books.models import Book, BookKey, BookKeyKind, BookStatus, ShareLink, Visibility, VisitCount
from core import digests, keyset, tenancy

PAGE = 50


@dataclass(frozen=True)
class LinkLine:
    """One link as who shares the book sees it; `url` is empty once it leads nowhere."""

    id: UUID
    label: str
    url: str
    has_password: bool
    expires_at: datetime | None
    revoked_at: datetime | None
    made_by: str
    made_at: datetime
    visits: int

    @property
    def is_expired(self) -> bool:
        """Whether its time is over, and nobody revoked it before."""
        return not self.revoked_at and not self.url


@dataclass(frozen=True)
class SharesPage(keyset.Paged):
    """The links of a book, what was made last on top."""

    book: Book
    lines: tuple[LinkLine, ...]
    before: UUID | None
    after: UUID | None
    wanted: keyset.Wanted = keyset.EVERYTHING


def shares_page(book: Book, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE) -> SharesPage:
    """A page of the book's links with their visits (two queries, three beside a cursor)."""
    links = ShareLink.objects.of(book.organization).filter(book=book)
    order = keyset.Order("id")
    found = keyset.cut(links, among=links, order=order, columns=["id"], size=size, cursor=cursor)
    rows = links.filter(pk__in=[row["id"] for row in found.rows]).select_related("made_by").order_by("-id")
    counted = rows.annotate(visits=Coalesce(Subquery(_visits(book)), 0))
    return SharesPage(book, tuple(_line(row, row.visits) for row in counted), found.before, found.after)


def standing_links(book: Book) -> QuerySet[ShareLink]:
    """Those that lead to the book now."""
    return ShareLink.objects.of(book.organization).filter(_holds(), book=book)


def link_behind(token: str) -> ShareLink | None:
    """The link with its book, while it holds, of a book that is there and an organization that is open.

    Two queries; the second is made as its tenant.
    """
    keys = BookKey.objects.filter(kind=BookKeyKind.SHARE_LINK, key=digests.of_token(token))
    key = keys.select_related("organization").first()
    if key is None or key.organization.closed_at:
        return None
    with tenancy.declared(key.organization_id):
        links = ShareLink.objects.of(key.organization).filter(_holds(), book__trashed_at__isnull=True)
        return links.select_related("book__organization", "organization").filter(pk=key.subject_id).first()


def published_at(slug: str) -> Book | None:
    """The book that everyone reads at this address (two queries; the second is made as its tenant)."""
    keys = BookKey.objects.filter(kind=BookKeyKind.PUBLIC_PAGE, key=slug)
    key = keys.select_related("organization").first()
    if key is None or key.organization.closed_at:
        return None
    with tenancy.declared(key.organization_id):
        books = Book.objects.of(key.organization).filter(trashed_at__isnull=True)
        books = books.filter(status=BookStatus.PUBLISHED, visibility=Visibility.PUBLIC)
        return books.select_related("organization").filter(pk=key.subject_id).first()


def slug_of(book: Book) -> str:
    """What the book's public address ends with; empty before it was published for everyone (one query)."""
    keys = BookKey.objects.filter(kind=BookKeyKind.PUBLIC_PAGE, subject_id=book.pk)
    return keys.values_list("key", flat=True).first() or ""


def _visits(book: Book) -> QuerySet[VisitCount, Any]:
    """All visits by the outer link."""
    counts = VisitCount.objects.of(book.organization).filter(link=OuterRef("pk")).order_by()
    return counts.values("link").annotate(number=Sum("visits")).values("number")


def _holds() -> Q:
    return Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))


def _line(row: ShareLink, visits: int) -> LinkLine:
    holds = not row.revoked_at and (row.expires_at is None or row.expires_at > timezone.now())
    return LinkLine(
        id=row.pk,
        label=row.label,
        url=settings.SITE_URL + reverse("shared", args=[row.token]) if holds else "",
        has_password=bool(row.password),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        made_by=row.made_by.name,
        made_at=row.created_at,
        visits=visits,
    )
