"""What is done to organizations."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import actions as audit
from core import tenancy
from core.ids import new_id
from organizations.models import Limits, Membership, Organization, Role


@transaction.atomic
def ensure_personal_organization(*, person: User) -> Organization:
    """Return the person's own organization, made with FREE limits when there is none yet; safe to repeat."""
    User.objects.select_for_update().get(pk=person.pk)
    existing = Organization.objects.filter(personal_of=person).first()
    if existing:
        return existing
    with override(person.language):
        name = _("%(name)s’s books") % {"name": person.name}
    identifier = new_id()
    # The tail of a UUIDv7 is random: two people of one name never race for a slug.
    slug = f"{slugify(person.name)[:40] or 'books'}-{identifier.hex[-6:]}"
    organization = Organization.objects.create(id=identifier, name=name[:100], slug=slug, personal_of=person)
    with tenancy.declared(organization.pk):
        Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
        Limits.objects.create(organization=organization)
        audit.record("organization.opened", actor=person, target=organization)
    return organization
