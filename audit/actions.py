"""Writing to the trail, and erasing from it what names a person."""

from uuid import UUID

from django.db import connection, transaction

from audit.models import Severity
from audit.transitions import record
from core import tenancy

__all__ = ["forget", "forget_email", "forget_organization", "record"]


@transaction.atomic
def forget(*, person_id: UUID) -> int:
    """Erase what names or locates a person wherever they acted or were acted upon; of how many entries.

    The facts stay, and so does the chain: what it holds of the rest is a digest whose salt is erased too.
    """
    with tenancy.system("a person is erased from the trail"):
        forgotten = _forgotten("SELECT audit_forget(%s)", person_id)
        record("trail.forgotten", details={"person": str(person_id), "entries": forgotten}, severity=Severity.HIGH)
    return forgotten


@transaction.atomic
def forget_email(*, email: str) -> int:
    """The same for whom only an address is known of: every entry whose labels or personal details have it, as a whole.

    Raises ValueError for what is no address: nothing at all would stand everywhere.
    """
    if "@" not in email:
        raise ValueError("no address")
    with tenancy.system("an address is erased from the trail"):
        forgotten = _forgotten("SELECT audit_forget_email(%s)", email)
        record("trail.forgotten", details={"entries": forgotten}, severity=Severity.HIGH)
    return forgotten


@transaction.atomic
def forget_organization(*, organization_id: UUID) -> int:
    """The same for all that happened in an organization, or to it: names, titles, and where its people came from."""
    with tenancy.system("an organization is erased from the trail"):
        forgotten = _forgotten("SELECT audit_forget_organization(%s)", organization_id)
        details = {"organization": str(organization_id), "entries": forgotten}
        record("trail.forgotten", details=details, severity=Severity.HIGH)
    return forgotten


def _forgotten(query: str, whom: UUID | str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, [whom])
        return int(cursor.fetchone()[0])
