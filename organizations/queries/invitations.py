"""Invitations: the list of those an organization sent, the one behind a link, those that wait for a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from accounts.models import User
from core import digests, keyset, tenancy
from organizations.models import Invitation, InvitationKey, Organization, Role
from organizations.queries.offers import Offer

PAGE = 50
OPEN, EXPIRED, ACCEPTED, DECLINED, REVOKED = "open", "expired", "accepted", "declined", "revoked"
STATES: dict[str, tuple[Promise, str]] = {  # words and tag colour
    OPEN: (pgettext_lazy("invitation", "open"), "run"),
    EXPIRED: (pgettext_lazy("invitation", "expired"), "warn"),
    ACCEPTED: (pgettext_lazy("invitation", "accepted"), "ok"),
    DECLINED: (pgettext_lazy("invitation", "declined"), "bad"),
    REVOKED: (pgettext_lazy("invitation", "withdrawn"), "wait"),
}


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which invitations: what stands in the page's address. Empty is all of them."""

    q: str = ""
    state: str = ""


@dataclass(frozen=True)
class InvitationLine:
    """One invitation as whoever sends them sees it."""

    id: UUID
    email: str
    role_label: str
    state: str
    sent_at: datetime
    expires_at: datetime
    sendings: int
    invited_by: str

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(capfirst(str(STATES[self.state][0])))

    @property
    def tone(self) -> str:
        """Which tag colour the state has."""
        return STATES[self.state][1]

    @property
    def can_change(self) -> bool:
        """Whether it can be sent again or withdrawn."""
        return self.state in {OPEN, EXPIRED}


@dataclass(frozen=True)
class InvitationsPage(keyset.Paged):
    """One page, what was made last on top."""

    lines: tuple[InvitationLine, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def invitations_page(
    organization: Organization, wanted: Wanted, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> InvitationsPage:
    """A page of the organization's invitations (two queries, three beside a cursor)."""
    found = keyset.cut(
        selection(organization, wanted),
        among=Invitation.objects.of(organization),
        order=keyset.Order("id"),
        columns=["id"],
        size=size,
        cursor=cursor,
    )
    ids = [row["id"] for row in found.rows]
    rows = Invitation.objects.of(organization).filter(pk__in=ids).select_related("invited_by").order_by("-id")
    return InvitationsPage(tuple(_line(row) for row in rows), wanted, found.before, found.after)


def selection(organization: Organization, wanted: Wanted) -> QuerySet[Invitation]:
    """The invitations that are asked for."""
    rows = Invitation.objects.of(organization)
    for word in wanted.q.lower().split():
        rows = rows.filter(email__contains=word)
    now = timezone.now()
    narrowed: dict[str, QuerySet[Invitation]] = {
        OPEN: rows.unanswered().filter(expires_at__gt=now),
        EXPIRED: rows.unanswered().filter(expires_at__lte=now),
        ACCEPTED: rows.filter(accepted_at__isnull=False),
        DECLINED: rows.filter(declined_at__isnull=False),
        REVOKED: rows.filter(revoked_at__isnull=False),
    }
    return narrowed.get(wanted.state, rows)


def state_of(invitation: Invitation) -> str:
    """In which of the five states it is."""
    ended = {
        ACCEPTED: invitation.accepted_at,
        DECLINED: invitation.declined_at,
        REVOKED: invitation.revoked_at,
        EXPIRED: invitation.expires_at <= timezone.now(),
    }
    return next((state for state, when in ended.items() if when), OPEN)


def key_of_link(token: str) -> InvitationKey | None:
    """What the link finds, before any tenant is known (one query)."""
    rows = InvitationKey.objects.filter(token_digest=digests.of_token(token))
    return rows.select_related("organization").first()


def key_for(person: User, key_id: UUID) -> InvitationKey | None:
    """One of the keys that lead to an address the person has proved to be theirs (two queries)."""
    return keys_for(person).filter(pk=key_id).first()


def keys_for(person: User) -> QuerySet[InvitationKey]:
    """Keys of invitations to the addresses that the person has proved to be theirs (a query for the addresses)."""
    proved = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    rows = InvitationKey.objects.filter(email_digest__in=[digests.of_email(email) for email in proved])
    return rows.select_related("organization").order_by("-id")


def offers_for(person: User) -> tuple[Offer[Invitation], ...]:
    """Invitations that the person can accept now, newest first (two queries, and one for each)."""
    found = [offer for key in keys_for(person) if (offer := offer_behind(key))]
    return tuple(offer for offer in found if not offer.is_expired)


def offer_behind(key: InvitationKey) -> Offer[Invitation] | None:
    """The unanswered invitation that a key finds, of an organization that is open, read in its tenant."""
    if key.organization.closed_at:
        return None
    with tenancy.declared(key.organization_id):
        rows = Invitation.objects.of(key.organization).unanswered().select_related("invited_by", "organization")
        invitation = rows.filter(pk=key.invitation_id).first()
    if invitation is None:
        return None
    role = str(Role(invitation.role).label)
    return Offer(key.pk, invitation, key.organization, invitation.email, role, invitation.expires_at)


def _line(row: Invitation) -> InvitationLine:
    return InvitationLine(
        id=row.pk,
        email=row.email,
        role_label=str(capfirst(Role(row.role).label)),
        state=state_of(row),
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        sendings=row.sendings,
        invited_by=row.invited_by.name,
    )
