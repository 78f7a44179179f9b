"""One after another: what changes an organization, its members or what counts against its limits."""

from organizations.models import Organization


def lock(organization: Organization) -> Organization:
    """The organization as it is now, locked: of two who want the last room, one waits, then counts the other's.

    `no_key`: every new row refers to the organization, and none of them has to wait. Whoever locks rows of it too
    calls this, inside its transaction, either before all of them or after, as the last of its locks.
    """
    return Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
