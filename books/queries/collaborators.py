"""Who works on a book: the list of grants, and the offer behind a link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from accounts.models import User
from books.models import Book, BookKey, BookKeyKind, Collaborator, CollaboratorRole, CollaboratorState
from books.querysets import CollaboratorQuerySet
from core import digests, keyset, tenancy
from organizations.queries.offers import Offer

PAGE = 50
OPEN, EXPIRED, ACTIVE, ENDED, UNANSWERED = "open", "expired", "active", "ended", "unanswered"
STATES: dict[str, tuple[Promise, str]] = {  # words and tag colour
    ACTIVE: (pgettext_lazy("collaborator", "active"), "ok"),
    OPEN: (pgettext_lazy("collaborator", "invited"), "run"),
    EXPIRED: (pgettext_lazy("collaborator", "invitation expired"), "warn"),
    ENDED: (pgettext_lazy("collaborator", "inactive"), "wait"),
    UNANSWERED: (pgettext_lazy("collaborator", "never joined"), "wait"),
}


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which collaborators: what stands in the page's address. Empty is all of them."""

    q: str = ""
    state: str = ""
    role: str = ""


@dataclass(frozen=True)
class CollaboratorLine:
    """One part in the book; `person` is None until somebody accepted it."""

    id: UUID
    email: str
    person: User | None
    role: str
    role_label: str
    state: str
    invited_by: str
    at: datetime
    expires_at: datetime | None
    is_me: bool

    @property
    def name(self) -> str:
        """The person's name, or the address that was invited."""
        return self.person.name if self.person else self.email

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(capfirst(str(STATES[self.state][0])))

    @property
    def tone(self) -> str:
        """Which tag colour the state has."""
        return STATES[self.state][1]

    @property
    def is_pending(self) -> bool:
        """Whether it can be sent again or withdrawn."""
        return self.state in {OPEN, EXPIRED}

    @property
    def can_change(self) -> bool:
        """Whether its role can become another, and it can be ended."""
        return self.state in {OPEN, EXPIRED, ACTIVE}


@dataclass(frozen=True)
class CollaboratorsPage(keyset.Paged):
    """One page, who was invited last on top."""

    book: Book
    lines: tuple[CollaboratorLine, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def collaborators_page(
    book: Book, reader: User, wanted: Wanted, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> CollaboratorsPage:
    """A page of those who work on the book, did, or are invited to (two queries, three beside a cursor)."""
    among = Collaborator.objects.of(book.organization).filter(book=book)
    order = keyset.Order("id")
    found = keyset.cut(selection(book, wanted), among=among, order=order, columns=["id"], size=size, cursor=cursor)
    rows = among.filter(pk__in=[row["id"] for row in found.rows]).with_inside()
    lines = tuple(_line(row, reader) for row in rows.select_related("person", "invited_by").order_by("-id"))
    return CollaboratorsPage(book, lines, wanted, found.before, found.after)


def selection(book: Book, wanted: Wanted) -> CollaboratorQuerySet:
    """The collaborators that are asked for."""
    rows: CollaboratorQuerySet = Collaborator.objects.of(book.organization).filter(book=book)
    for word in wanted.q.lower().split():
        rows = rows.filter(Q(email__contains=word) | Q(person__display_name__icontains=word))
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    pending, now = rows.filter(state=CollaboratorState.PENDING), timezone.now()
    narrowed = {
        ACTIVE: rows.holding(),
        OPEN: pending.filter(expires_at__gt=now),
        EXPIRED: pending.filter(expires_at__lte=now),
        ENDED: rows.lapsed() | rows.filter(state=CollaboratorState.INACTIVE, accepted_at__isnull=False),
        UNANSWERED: rows.filter(state=CollaboratorState.INACTIVE, accepted_at__isnull=True),
    }
    return narrowed.get(wanted.state, rows)


def own_grant(book: Book, person: User) -> Collaborator | None:
    """The part that the person has in the book (one query)."""
    grants = Collaborator.objects.of(book.organization).select_related("organization")
    return grants.filter(book=book, person=person).holding().first()


def as_before(book: Book, identifier: UUID | None) -> dict[str, str]:
    """What the form to invite somebody again begins with (one query, none without an id)."""
    rows = Collaborator.objects.of(book.organization).filter(book=book, pk=identifier) if identifier else ()
    return next(({"emails": row.email, "role": row.role, "language": row.language} for row in rows), {})


def key_of_link(token: str) -> BookKey | None:
    """What the link finds, before any tenant is known (one query)."""
    rows = BookKey.objects.filter(kind=BookKeyKind.COLLABORATOR, key=digests.of_token(token))
    return rows.select_related("organization").first()


def offer_behind(key: BookKey) -> Offer[Collaborator] | None:
    """The open offer that a key finds, of a book that is there, read in its tenant."""
    if key.organization.closed_at:
        return None
    with tenancy.declared(key.organization_id):
        rows = Collaborator.objects.of(key.organization).filter(
            state=CollaboratorState.PENDING, book__trashed_at__isnull=True
        )
        related = ("invited_by", "organization", "book__organization")
        grant = rows.select_related(*related).filter(pk=key.subject_id).first()
    if grant is None:
        return None
    role = str(CollaboratorRole(grant.role).label)
    return Offer(key.pk, grant, key.organization, grant.email, role, grant.expires_at)


def _line(row: Collaborator, reader: User) -> CollaboratorLine:
    return CollaboratorLine(
        id=row.pk,
        email=row.email,
        person=row.person,
        role=row.role,
        role_label=str(capfirst(CollaboratorRole(row.role).label)),
        state=_state(row),
        invited_by=row.invited_by.name,
        at=row.accepted_at or row.sent_at or row.created_at,
        expires_at=row.expires_at,
        is_me=row.person_id == reader.pk,
    )


def _state(row: Collaborator) -> str:
    if row.state == CollaboratorState.PENDING:
        return OPEN if row.expires_at and row.expires_at > timezone.now() else EXPIRED
    if row.state == CollaboratorState.ACTIVE:
        return ACTIVE if row.is_inside else ENDED  # type: ignore[attr-defined]  # with_inside
    return ENDED if row.accepted_at else UNANSWERED
