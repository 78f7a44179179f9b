"""What organizations do when a person appears, leaves, asks for their data, and is erased."""

from typing import TYPE_CHECKING, Any

from accounts.models import User
from accounts.queries.closing import Obstacle
from core import leases
from organizations import actions
from organizations.actions.closing import close_organization, reopen_organization
from organizations.jobs.erasing import TASK as ERASE_TASK
from organizations.queries import leaving, personal
from organizations.transitions.leaving import erase_address, erase_person, refuse_to_leave_alone

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export
    from accounts.transitions.erasing import Record


def person_opened(*, person: User, **_: Any) -> None:
    """Every person has a personal organization from the start (rulings 3)."""
    actions.ensure_personal_organization(person=person)


def person_closing(*, person: User, **_: Any) -> list[Obstacle]:
    """Nobody leaves an organization of several people without an owner."""
    return leaving.obstacles(person)


def person_closed(*, person: User, **_: Any) -> None:
    """What is the person's alone is closed with the account; what is not keeps an owner."""
    refuse_to_leave_alone(person)
    for organization in leaving.only_theirs(person).filter(closed_at__isnull=True):
        close_organization(organization=organization, by=person, with_account=True)


def person_reopened(*, person: User, **_: Any) -> None:
    """What was closed with the account is open again."""
    closing = person.closings.order_by("-pk").first()
    for organization in leaving.closed_with(person, closing.created_at) if closing else []:
        reopen_organization(organization=organization, by=person)


def person_exported(*, person: User, export: "Export", **_: Any) -> None:
    """Memberships and invitations."""
    personal.add_person(export, person)


def address_exported(*, email: str, export: "Export", **_: Any) -> None:
    """Invitations to the address."""
    personal.add_address(export, email)


def person_erased(*, person: User, email: str, record: "Record", **_: Any) -> bool:
    """Memberships and invitations at once; what was theirs alone is erased by its own work."""
    for organization in erase_person(person, email, record):
        leases.offer(organization.pk, ERASE_TASK, organization=organization.pk)
    return False


def address_erased(*, email: str, record: "Record", **_: Any) -> None:
    """Invitations to the address."""
    erase_address(email, record)
