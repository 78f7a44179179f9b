"""What an organization is called, where it is found, and what it says of itself."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import tenancy
from core.models import Changes
from organizations.errors import OrganizationRefused
from organizations.models import FormerSlug, Organization
from organizations.transitions.locking import lock

# What a name or an address says may name a person: it goes where it can be erased. The rest are plain facts.
NAMING = ("name", "slug", "website")
PLAIN = ("time_zone", "language")
FORMER_KEPT = 10
ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Words that addresses of ours begin with, or that would pass for us.
RESERVED = frozenset(
    {
        "about", "accounts", "admin", "api", "app", "assets", "auth", "beta", "billing", "blog", "closed", "data",
        "demo", "docs", "events", "faq", "files", "front", "help", "home", "invitations", "language", "legal",
        "livez", "login", "logout", "mail", "me", "members", "metrics", "new", "null", "o", "official",
        "organizations", "pricing", "privacy", "public", "readyz", "root", "scriptorium", "search", "security",
        "settings", "signin", "signup", "staff", "static", "status", "support", "system", "team", "terms", "test",
        "undefined", "webhooks", "www",
    }
)  # fmt: skip


@transaction.atomic
def change_settings(
    *,
    organization: Organization,
    by: User,
    name: str,
    slug: str,
    description: str,
    website: str,
    time_zone: str,
    language: str,
) -> Organization:
    """Replace the general settings; a changed address leads on from the former one. Returns the row as it is now."""
    organization = lock(organization)
    said = {
        "name": name, "slug": slug, "description": description, "website": website, "time_zone": time_zone,
        "language": language,
    }  # fmt: skip
    if slug != organization.slug:
        _move(organization, slug)
    changed = _replace(organization, said)
    if not changed:
        return organization
    with tenancy.declared(organization.pk):
        audit.record(
            "organization.settings_changed",
            actor=by,
            target=organization,
            details={"fields": sorted(changed)},
            changes={field: changed[field] for field in PLAIN if field in changed},
            personal={field: list(changed[field]) for field in NAMING if field in changed},
            severity=Severity.MEDIUM,
        )
    return organization


def refuse_address(slug: str, organization: Organization | None = None) -> None:
    """Raises OrganizationRefused unless this address has a good shape and is free, or was this organization's own.

    Organizations are asked before former addresses: one that moves away meanwhile is found in one of the two.
    """
    if not ADDRESS.fullmatch(slug) or not 3 <= len(slug) <= 60:
        shape = _("An address has 3 to 60 small letters, digits and single hyphens between them.")
        raise OrganizationRefused(shape, code="address")
    if slug in RESERVED:
        raise OrganizationRefused(_("This address is reserved. Choose another one."), code="address")
    present, former = Organization.objects.filter(slug=slug), FormerSlug.objects.filter(slug=slug)
    if organization is not None:
        present, former = present.exclude(pk=organization.pk), former.exclude(organization=organization)
    if present.exists() or former.exists():
        raise taken()


def _move(organization: Organization, slug: str) -> None:
    """Keep the address it leaves, give back the one it takes again, forget those of long ago."""
    refuse_address(slug, organization)
    former = FormerSlug.objects.filter(organization=organization)
    former.filter(slug=slug).delete()
    FormerSlug.objects.create(organization=organization, slug=organization.slug)
    kept = former.order_by("-id").values_list("pk", flat=True)[:FORMER_KEPT]
    former.exclude(pk__in=list(kept)).delete()


def _replace(organization: Organization, said: dict[str, str]) -> Changes:
    try:
        with transaction.atomic():
            return organization.replace(**said)
    except IntegrityError as error:  # somebody took the address between our question and our answer
        raise taken() from error


def taken() -> OrganizationRefused:
    """The refusal of an address that is somebody else's."""
    return OrganizationRefused(_("This address is taken. Choose another one."), code="address")
