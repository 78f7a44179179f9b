"""How organizations begin."""

import re

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import tenancy
from core.ids import new_id
from organizations import signals
from organizations.actions.settings import refuse_address, taken
from organizations.errors import OrganizationRefused
from organizations.models import Limits, Membership, Organization, Role
from organizations.transitions.locking import lock


@transaction.atomic
def ensure_personal_organization(*, person: User) -> Organization:
    """Return the person's own organization, made with FREE limits when there is none yet; safe to repeat."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    existing = Organization.objects.filter(personal_of=person).first()
    if existing:
        return existing
    with override(person.language):
        name = _("%(name)s’s books") % {"name": person.name}
    return _open(by=person, name=name[:100], slug="", personal_of=person)


@transaction.atomic
def open_organization(*, by: User, name: str, slug: str = "") -> Organization:
    """Open a further organization with FREE limits, of which `by` is the owner; without `slug` its name makes one.

    Raises OrganizationRefused for an address that cannot be, and for one more than ORGANIZATIONS_A_PERSON.
    """
    _refuse_one_more(by)
    if slug:
        refuse_address(slug)
    try:
        with transaction.atomic():
            return _open(by=by, name=name, slug=slug)
    except IntegrityError as error:  # somebody took the address between our question and our answer
        raise taken() from error


@transaction.atomic
def make_ordinary(*, organization: Organization, by: User) -> None:
    """Let a personal organization be one like others, which can be handed over and closed by itself.

    Its person gets another personal one when they next need it; so this one counts among those they opened.
    """
    _refuse_one_more(by)
    organization = lock(organization)
    if organization.personal_of_id is None:
        return
    if organization.personal_of_id != by.pk:
        raise OrganizationRefused(_("Only the person it was made for can do this."), code="not_theirs")
    organization.personal_of = None
    organization.save(update_fields=["personal_of", "updated_at"])
    with tenancy.declared(organization.pk):
        audit.record(
            "organization.made_ordinary",
            actor=by,
            target=organization,
            severity=Severity.MEDIUM,
        )


def stem_of(name: str) -> str:
    """What an address can take from a name: small letters, digits, single hyphens; `books` when nothing is left."""
    return re.sub("[-_]+", "-", slugify(name)[:40]).strip("-") or "books"


def _refuse_one_more(person: User) -> None:
    """Raises OrganizationRefused when the person owns as many as one may; under the person's lock, so counted once."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    theirs = Membership.objects.filter(person=person, role=Role.OWNER, organization__personal_of__isnull=True)
    most = settings.ORGANIZATIONS_A_PERSON
    if theirs.count() >= most:
        said = _("You own %(number)s organizations, as many as one person can. Close or hand over one of them first.")
        raise OrganizationRefused(said % {"number": most}, code="too_many")


def _open(*, by: User, name: str, slug: str, personal_of: User | None = None) -> Organization:
    identifier = new_id()
    # The tail of a UUIDv7 is random: two of one name never race for an address.
    made = f"{stem_of(by.name if personal_of else name)}-{identifier.hex[-6:]}"
    organization = Organization.objects.create(
        id=identifier,
        name=name,
        slug=slug or made,
        personal_of=personal_of,
        language=by.language,
        time_zone=by.time_zone,
    )
    with tenancy.declared(organization.pk):
        Membership.objects.create(organization=organization, person=by, role=Role.OWNER)
        Limits.objects.create(organization=organization)
        audit.record("organization.opened", actor=by, target=organization)
        signals.organization_opened.send(sender=Organization, organization=organization)
    return organization
