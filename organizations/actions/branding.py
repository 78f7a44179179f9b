"""An organization's looks: its colours, its headings, its logo."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import tenancy
from organizations.errors import OrganizationRefused
from organizations.models import Organization
from organizations.queries.branding import DARK, LIGHT, Verdict, verdict
from organizations.transitions.locking import lock


class ColorsRefused(OrganizationRefused):
    """One or both colours cannot be read; each verdict says why, and which one could."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        super().__init__(_("Choose colours that can be read."), code="contrast")
        self.verdicts = tuple(verdicts)


@transaction.atomic
def change_looks(*, organization: Organization, by: User, accent: str, accent_dark: str, typeface: str) -> None:
    """Replace colours (`#rrggbb`, for light and dark pages) and typeface. Raises ColorsRefused for what is too pale."""
    verdicts = [verdict(accent, LIGHT), verdict(accent_dark, DARK)]
    if refused := [one for one in verdicts if one]:
        raise ColorsRefused(refused)
    organization = lock(organization)
    changes = organization.replace(
        accent=LIGHT.stored(accent), accent_dark=DARK.stored(accent_dark), typeface=str(typeface)
    )
    if changes:
        _record("organization.looks_changed", organization, by, changes=changes)


@transaction.atomic
def change_logo(*, organization: Organization, by: User, logo: str) -> str:
    """Name the stored picture that is the logo from now on, none when empty; returns the name of the one before."""
    organization = lock(organization)
    before = organization.logo
    if not organization.replace(logo=logo):
        return ""
    _record("organization.logo_changed" if logo else "organization.logo_removed", organization, by)
    return before


def _record(
    action: str, organization: Organization, by: User, *, changes: dict[str, tuple[str, str]] | None = None
) -> None:
    with tenancy.declared(organization.pk):
        audit.record(
            action,
            actor=by,
            target=organization,
            changes=changes,
            severity=Severity.MEDIUM,
        )
