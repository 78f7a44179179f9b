"""What becomes of a person's places and invitations when their account, or what is kept of their address, is erased."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import digests, tenancy
from organizations.errors import OrganizationRefused
from organizations.models import Invitation, InvitationKey, Membership, Organization
from organizations.queries.leaving import obstacles

if TYPE_CHECKING:
    from accounts.transitions.erasing import Record

WHY = "an account is erased"


def refuse_to_leave_alone(person: User) -> None:
    """Raises OrganizationRefused when nobody would answer for others any more, asked under the organizations' locks.

    What stood in the way was asked before anything was locked; another owner may have gone since then.
    """
    theirs = Organization.objects.with_member(person).order_by("id")
    list(theirs.select_for_update(of=("self",), no_key=True))
    for obstacle in obstacles(person):
        raise OrganizationRefused(f"{obstacle.title}: {obstacle.reason}", code="obstacle")


def erase_person(person: User, email: str, record: "Record") -> list[Organization]:
    """End every membership; those organizations that were the person's alone are returned, to be erased now."""
    with tenancy.system(WHY):
        theirs = _left_alone(person)
        for one in theirs:
            one.erase_at = timezone.now()
            one.save(update_fields=["erase_at", "updated_at"])
        for place in Membership.objects.filter(person=person).exclude(organization__in=theirs):
            audit.record("member.erased", target=place, organization=place.organization_id, severity=Severity.MEDIUM)
            place.delete()
        _erase_invitations(email, Q(accepted_by=person))
        Invitation.objects.filter(invited_by=person).update(message="")
    record.erase(_("Your organization, with everything in it, if nobody else answers for it"))
    record.erase(_("Memberships and roles in organizations"))
    record.erase(_("Messages in invitations you sent"))
    record.erase(_("Invitations to organizations"))
    record.keep(
        _("The other people’s e-mail addresses in invitations you sent"),
        _("They belong to the organization that invited."),
    )
    return theirs


def erase_address(email: str, record: "Record") -> None:
    """Nothing of an address in any invitation."""
    with tenancy.system("an address is erased"):
        _erase_invitations(email, Q())
    record.erase(_("Invitations to organizations"))


def _left_alone(person: User) -> list[Organization]:
    """Closed organizations in which nobody else is, and the personal one; locked."""
    mine = Organization.objects.filter(membership__person=person, closed_at__isnull=False, erased_at__isnull=True)
    others = Membership.objects.filter(organization__in=mine).exclude(person=person).values("organization")
    alone = mine.filter(Q(personal_of=person) | ~Q(pk__in=others)).order_by("id")
    return list(alone.select_for_update(of=("self",), no_key=True))


def _erase_invitations(email: str, also: Q) -> None:
    """Open ones go whole, with the key that finds them; those that were answered stay as facts without an address."""
    InvitationKey.objects.filter(email_digest=digests.of_email(email)).delete()
    found = Invitation.objects.filter(Q(email=email) | also) if also else Invitation.objects.filter(email=email)
    for one in found:
        one.email, one.message = f"erased-{one.pk.hex}@erased.invalid", ""
        one.revoked_at = one.revoked_at if one.accepted_at or one.declined_at else one.revoked_at or timezone.now()
        one.save(update_fields=["email", "message", "revoked_at", "updated_at"])
