"""How an organization ends: closed at once, for 30 days only asleep, then erased (organizations.jobs.erasing)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import tenancy
from organizations import signals
from organizations.errors import OrganizationRefused
from organizations.models import Organization
from organizations.transitions import closing_letters
from organizations.transitions.locking import lock

KEPT = timedelta(days=30)


@transaction.atomic
def close_organization(*, organization: Organization, by: User, with_account: bool = False) -> Organization:
    """Close it for everybody; an owner can undo it for 30 days. Closing a closed one changes nothing.

    Rooms above stop their work, or veto with a DomainError (signals.organization_closing). A personal organization
    closes with its person's account alone (`with_account`), whose action calls this one.
    """
    organization = lock(organization)
    if organization.closed_at is not None:
        return organization
    if organization.personal_of_id is not None and not with_account:
        said = _("This is your personal organization: it closes with your account.")
        raise OrganizationRefused(said, code="personal")
    with tenancy.declared(organization.pk):
        signals.organization_closing.send(sender=Organization, organization=organization, by=by)
        organization.closed_at = timezone.now()
        organization.erase_at = organization.closed_at + KEPT
        organization.save(update_fields=["closed_at", "erase_at", "updated_at"])
        audit.record(
            "organization.closed",
            actor=by,
            target=organization,
            details={"erase_at": organization.erase_at.isoformat(), "with_account": with_account},
            severity=Severity.CRITICAL,
        )
        closing_letters.tell(organization, "organization_closed", by=by)
    return organization


@transaction.atomic
def reopen_organization(*, organization: Organization, by: User) -> Organization:
    """Undo the closing: everything is where it was; what was being written stays paused. Refused once 30 days are over.

    The erasing asks the clock under the same lock, so the two never both happen.
    """
    organization = lock(organization)
    if organization.closed_at is None:
        return organization
    if organization.erased_at is not None or organization.erase_at is None or organization.erase_at <= timezone.now():
        raise OrganizationRefused(_("The 30 days are over: it is being erased."), code="too_late")
    organization.closed_at = organization.erase_at = None
    organization.save(update_fields=["closed_at", "erase_at", "updated_at"])
    with tenancy.declared(organization.pk):
        audit.record("organization.reopened", actor=by, target=organization, severity=Severity.HIGH)
        closing_letters.tell(organization, "organization_reopened", by=by)
    return organization
