"""What billing does when an organization ends, and when a person asks for their data or is erased."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import User
from billing.queries import personal
from billing.transitions import forgetting, leaving, ledger
from core import tenancy
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export
    from accounts.transitions.erasing import Record


def organization_opened(*, organization: Organization, **_: Any) -> None:
    """Its account is opened, with the free plan's credits where it is somebody's personal one."""
    ledger.lock(organization)


def organization_closing(*, organization: Organization, by: User, **_: Any) -> None:
    """Nothing more is charged; nothing that is paid is lost by an undo."""
    leaving.stop_paying(organization, by=by)


def organization_erased(*, organization: Organization, **_: Any) -> bool:
    """Forget what law does not keep; whether more is left."""
    return leaving.erase_organization(organization)


def person_exported(*, person: User, export: "Export", **_: Any) -> None:
    """What they bought and asked for."""
    personal.add_person(export, person)


def person_erased(*, person: User, email: str, record: "Record", **_: Any) -> bool:
    """Forget what pages showed of their purchases, and what providers sent about them; whether more is left."""
    leaving.say(record)
    organizations = personal.organizations_of(person)
    for organization in organizations:
        with transaction.atomic(), tenancy.declared(organization.pk):
            leaving.erase_person(person, organization)
    return forgetting.bodies_of([one.pk for one in organizations])
