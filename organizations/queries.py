"""What the shell of every signed-in page shows."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from organizations.models import Limits, Membership, Organization


@dataclass(frozen=True)
class SwitcherEntry:
    """One of a person's organizations, as a link."""

    name: str
    slug: str
    url: str
    current: bool


def switcher(person: User, current: UUID) -> tuple[SwitcherEntry, ...]:
    """The person's organizations in the order they joined (one query)."""
    rows = Membership.objects.filter(person=person).order_by("id")
    fields = rows.values_list("organization_id", "organization__name", "organization__slug")
    return tuple(SwitcherEntry(name, slug, f"/o/{slug}/", identifier == current) for identifier, name, slug in fields)


def plan_of(organization: Organization) -> str:
    """The plan's name, for the switcher (one query)."""
    return Limits.objects.of(organization).values_list("plan", flat=True).get()
