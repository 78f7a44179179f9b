"""Who belongs to an organization: the page of members, and what one member may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.lookups import Contains
from django.utils.text import capfirst

from accounts.models import User
from accounts.querysets import called
from core import keyset
from core.folding import folded
from organizations.models import PERMISSIONS, RANKS, Membership, Organization, Role
from organizations.querysets import MembershipQuerySet

if TYPE_CHECKING:
    from organizations.access import Member

PAGE = 50
COUNTED = 1000  # beyond it, "more than": counting costs what it counts
NEWEST = "newest"
ORDERS = {
    NEWEST: keyset.Order("id"),
    "oldest": keyset.Order("id", descending=False),
    "name": keyset.Order("called", descending=False, tie="person_id"),
}
STATES = ("active", "suspended")


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which members, in which order: exactly what stands in the page's address. Empty is everybody."""

    q: str = ""
    role: str = ""
    state: str = ""
    sort: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether some members only are asked for."""
        return bool(self.q or self.role or self.state)


@dataclass(frozen=True)
class MemberLine:
    """One member, and whether the reader may do something about them."""

    id: UUID
    person: User
    role: Role
    also: tuple[str, ...]
    suspended_at: datetime | None
    joined_at: datetime
    is_reader: bool
    may_change: bool

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(capfirst(self.role.label))

    @property
    def tone(self) -> str:
        """Which tag colour the role has."""
        return {Role.OWNER: "warn", Role.ADMIN: "run", Role.MEMBER: "ok"}.get(self.role, "wait")


@dataclass(frozen=True)
class MembersPage(keyset.Paged):
    """One page of members with cursors to those beside it; `number` is counted to COUNTED and one more."""

    lines: tuple[MemberLine, ...]
    wanted: Wanted
    number: int
    before: UUID | None
    after: UUID | None


def members_page(
    member: Member, wanted: Wanted, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> MembersPage:
    """A page of the organization's members (three queries, four beside a cursor), however many they are."""
    found = selection(member.organization, wanted)
    order = ORDERS.get(wanted.sort, ORDERS[NEWEST])
    everybody = _rows(member.organization).annotate(called=called("person__"))
    page = keyset.cut(found, among=everybody, order=order, columns=["id"], size=size, cursor=cursor)
    ids = [row["id"] for row in page.rows]
    rows = {row.pk: row for row in Membership.objects.filter(pk__in=ids).select_related("person")}
    lines = tuple(line_of(rows[one], member) for one in ids if one in rows)
    return MembersPage(lines, wanted, found[: COUNTED + 1].count(), page.before, page.after)


def selection(organization: Organization, wanted: Wanted) -> QuerySet[Membership]:
    """The members that are asked for; each word of the search stands in their name or e-mail."""
    rows: QuerySet[Membership] = _rows(organization).alias(called=called("person__"))
    for word in wanted.q.split():
        rows = rows.filter(Contains(F("called"), folded(Value(word))))
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.state:
        rows = rows.filter(suspended_at__isnull=wanted.state == "active")
    return rows


def line_of(row: Membership, reader: Member) -> MemberLine:
    """A member as the reader sees them (no query)."""
    role = Role(row.role)
    is_reader = row.person_id == reader.person.pk
    return MemberLine(
        id=row.pk,
        person=row.person,
        role=role,
        also=tuple(str(PERMISSIONS[name].label) for name in row.granted if name in PERMISSIONS),
        suspended_at=row.suspended_at,
        joined_at=row.created_at,
        is_reader=is_reader,
        may_change=not is_reader and reader.may("members.manage") and RANKS[role] <= RANKS[reader.role],
    )


def owners(organization: Organization) -> int:
    """How many owners there are who can act (one query)."""
    return _rows(organization).answering().count()


def _rows(organization: Organization) -> MembershipQuerySet:
    return Membership.objects.filter(organization=organization)
