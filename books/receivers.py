"""What books do when an organization ends, and when a person asks for their data or is erased."""

from typing import TYPE_CHECKING, Any

from accounts.models import User
from books.queries import parts as shared_parts
from books.queries import personal
from books.transitions import closing, leaving, parts
from core import tenancy
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export
    from accounts.transitions.erasing import Record


def organization_closing(*, organization: Organization, by: User, **_: Any) -> None:
    """Closing is not refused for work under way: it is paused, and waits there for an undo."""
    closing.pause_work(organization, by=by)


def organization_erased(*, organization: Organization, **_: Any) -> bool:
    """Erase some books; whether more are left."""
    return closing.erase_some(organization)


def person_exported(*, person: User, export: "Export", **_: Any) -> None:
    """Their books whole, and what they did with others'."""
    personal.add_person(export, person)
    shared_parts.add_person(export, person)


def address_exported(*, email: str, export: "Export", **_: Any) -> None:
    """Invitations of the address to books."""
    shared_parts.add_address(export, email)


def address_erased(*, email: str, record: "Record", **_: Any) -> None:
    """Invitations of the address to books."""
    parts.erase_address(email, record)


def person_erased(*, person: User, email: str, record: "Record", **_: Any) -> bool:
    """Erase some of their private books, or, when none is left, what else is theirs; whether more are left."""
    leaving.say(record)
    parts.erase_person(person, email, record)
    for organization in personal.organizations_of(person):
        with tenancy.declared(organization.pk):
            if leaving.erase_some(person, organization):
                return True
    return False
