"""All organizations of one person, for the page on which they choose one."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import transaction

from accounts.models import User
from core import tenancy
from organizations.models import Membership, Role
from organizations.queries import branding
from organizations.queries.shell import plan_of

PAGE = 20
SEARCHED_FROM = 9  # fewer are seen at a glance


@dataclass(frozen=True)
class Line:
    """One organization: where it leads, what the person is there, and why not, if it is closed to them."""

    name: str
    slug: str
    logo: str
    role: str
    plan: str
    personal: bool
    suspended: bool
    closed: bool
    erase_at: datetime | None
    may_undo: bool


@dataclass(frozen=True)
class MinePage:
    """One page of a person's organizations; `total` counts them all, whatever was searched."""

    lines: tuple[Line, ...]
    total: int
    number: int
    previous: int | None
    next: int | None

    @property
    def searchable(self) -> bool:
        """Whether there are so many that one looks for a name."""
        return self.total >= SEARCHED_FROM


def mine_page(person: User, *, search: str = "", number: int = 1) -> MinePage:
    """The person's organizations by name, those whose name or address holds `search`, PAGE at a time."""
    memberships = Membership.objects.filter(person=person).select_related("organization")
    found = memberships.order_by("organization__name", "id")
    if search:
        found = found.filter(organization__name__icontains=search) | found.filter(organization__slug__icontains=search)
    page: Page[Membership] = Paginator(found, PAGE).get_page(number)
    return MinePage(
        lines=tuple(_line(row) for row in page),
        total=memberships.count(),
        number=page.number,
        previous=page.previous_page_number() if page.has_previous() else None,
        next=page.next_page_number() if page.has_next() else None,
    )


def _line(row: Membership) -> Line:
    organization = row.organization
    digest = branding.logo_digest(organization)
    may_enter = row.suspended_at is None and organization.closed_at is None
    return Line(
        name=organization.name,
        slug=organization.slug,
        logo=digest if may_enter else "",
        role=row.get_role_display(),
        plan=_plan(row) if may_enter else "",
        personal=organization.personal_of_id is not None,
        suspended=row.suspended_at is not None,
        closed=organization.closed_at is not None,
        erase_at=organization.erase_at,
        may_undo=row.role == Role.OWNER,
    )


def _plan(row: Membership) -> str:
    """Read as each tenant, for no query sees two of them: some statements a line, of PAGE lines at most."""
    with transaction.atomic(savepoint=False), tenancy.declared(row.organization_id):
        return plan_of(row.organization)
