"""E-mails to everybody of an organization that it is closed, or open again: part of the move they tell of."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from accounts.models import User
from core import mail
from organizations.models import Membership, Organization, Role


def tell(organization: Organization, letter: str, *, by: User) -> None:
    """Write emails/`letter` to each active member, in their language; owners learn where to undo a closing."""
    members = Membership.objects.filter(organization=organization, suspended_at__isnull=True, person__is_active=True)
    for membership in members.select_related("person").order_by("id").iterator(chunk_size=500):
        person = membership.person
        with override(person.language):
            mail.write(
                letter, _facts(organization, person, by=by, owner=membership.role == Role.OWNER), to=person.email
            )


def _facts(organization: Organization, person: User, *, by: User, owner: bool) -> dict[str, Any]:
    """What the templates of both mails say."""
    root = f"{settings.SITE_URL}/o/{organization.slug}/"
    return {"organization": organization, "person": person, "by": by, "owner": owner, "url": root}
