"""The end of closed organizations: 30 days later, piece by piece, so that whoever is killed half-way loses nothing."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import actions as audit
from audit.models import Severity
from core import leases, tenancy
from core.leases import Claim
from core.models import Lease
from organizations import signals
from organizations.jobs import logos
from organizations.models import (
    FormerSlug,
    Invitation,
    InvitationKey,
    LimitWarning,
    Membership,
    Organization,
    Typeface,
)

TASK = "organizations.tasks.erase_organization"
NOTHING = "—"
BATCH = 500


def offer_due() -> int:
    """Put every organization whose 30 days are over on offer to be erased, once; returns how many."""
    over = Organization.objects.filter(erase_at__lte=timezone.now(), erased_at__isnull=True)
    waiting = over.exclude(pk__in=Lease.objects.filter(task=TASK).values("pk"))
    due = list(waiting.order_by("erase_at").values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        for organization_id in due:
            leases.offer(organization_id, TASK, organization=organization_id)
    return len(due)


def erase(organization_id: UUID) -> None:
    """Erase one organization, if nobody else does and its days are over."""
    leases.carry_out(organization_id, _erase)


def _erase(held: Claim) -> None:
    while not held.lost.is_set():
        with transaction.atomic(), tenancy.declared(held.subject):
            organization = _lock(held)
            if organization is None:
                leases.finish(held)
                return
            # Each room erases a few hundred of its rows and says whether more are left.
            told = signals.organization_erased.send(sender=Organization, organization=organization)
            if not any(left for _receiver, left in told):
                break
    else:
        raise leases.LeaseLost(str(held.subject))
    logos.discard_all(held.subject)
    with transaction.atomic(), tenancy.declared(held.subject):
        organization = _lock(held)
        if organization is not None:
            _end(organization)
        leases.finish(held)


def _lock(held: Claim) -> Organization | None:
    """The organization and our lease, both locked; None when it was opened again or is erased already."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = rows.get(pk=held.subject)
    leases.confirm(held)
    over = organization.erase_at is not None and organization.erase_at <= timezone.now()
    return organization if over and organization.erased_at is None else None


def _end(organization: Organization) -> None:
    """Nobody belongs to it, nothing names it, its addresses are free; the row stays for what law keeps."""
    members = Membership.objects.filter(organization=organization).delete()[0]
    InvitationKey.objects.filter(organization=organization).delete()
    Invitation.objects.of(organization).delete()
    LimitWarning.objects.of(organization).delete()
    FormerSlug.objects.filter(organization=organization).delete()
    organization.name, organization.slug, organization.personal_of = NOTHING, f"erased-{organization.pk.hex}", None
    organization.description = organization.website = organization.logo = ""
    organization.accent = organization.accent_dark = ""
    organization.typeface, organization.erased_at = Typeface.SERIF, timezone.now()
    organization.save(
        update_fields=[
            "name", "slug", "personal_of", "description", "website", "logo", "accent", "accent_dark", "typeface",
            "erased_at", "updated_at",
        ]
    )  # fmt: skip
    audit.forget_organization(organization_id=organization.pk)
    audit.record(
        "organization.erased", target=organization, details={"memberships": members}, severity=Severity.CRITICAL
    )
