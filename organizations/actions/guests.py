"""Places that come with something shared: whoever accepts a part in a book is a guest of its organization."""

from django.db import transaction

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from organizations.errors import OrganizationClosed
from organizations.models import Membership, Organization, Role
from organizations.transitions.locking import lock


@transaction.atomic
def admit_guest(*, organization: Organization, person: User) -> Membership:
    """Make the person a guest, without a seat, unless they are a member already; their place.

    Raises OrganizationClosed. Who is suspended stays so.
    """
    organization = lock(organization)
    if organization.closed_at:
        raise OrganizationClosed
    place = Membership.objects.filter(organization=organization, person=person).first()
    if place:
        return place
    place = Membership.objects.create(organization=organization, person=person, role=Role.GUEST)
    audit.record(
        "member.admitted",
        actor=person,
        target=person,
        organization=organization.pk,
        details={"role": place.role},
        personal={"member": person.name, "email": person.email},
        severity=Severity.MEDIUM,
    )
    return place
