"""What members do to members: roles, further permissions, suspending, removing, leaving, handing over."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core.errors import Forbidden
from organizations.actions import limits
from organizations.errors import NotPermitted, OrganizationRefused
from organizations.models import PERMISSIONS, RANKS, Membership, Organization, Role
from organizations.transitions import member_letters as letters
from organizations.transitions.locking import lock


@transaction.atomic
def change_member(*, membership: Membership, by: User, role: Role, granted: Collection[str]) -> bool:
    """Give a member another role and other permissions besides; whether anything was different.

    `granted` are codenames; what the role has anyway is not stored. Raises Forbidden or OrganizationRefused by the
    rules of docs/decisions/permissions.md, LimitReached when a guest becomes a member and no seat is left.
    """
    actor, member = _begin(membership, by)
    kept = sorted(name for name in granted if PERMISSIONS[name].grantable and role not in PERMISSIONS[name].roles)
    if (role, kept) == (member.role, member.granted):
        return False
    _refuse_to_raise(actor, member, role, kept)
    _refuse_personal(member)
    if member.role == Role.GUEST and role != Role.GUEST:
        limits.take(organization=member.organization, members=1)
    changes = {
        field: (before, after)
        for field, before, after in [("role", member.role, role), ("granted", member.granted, kept)]
        if before != after
    }
    member.role, member.granted = role, kept
    member.save(update_fields=["role", "granted", "updated_at"])
    _write_down("member.changed", by, member, changes=changes)
    letters.tell_changed(member, by)
    return True


@transaction.atomic
def suspend_member(*, membership: Membership, by: User) -> None:
    """Let a member in no more, for as long as nobody gives them back their access; they keep their seat and role."""
    _actor, member = _begin(membership, by)
    if member.suspended_at:
        return
    _refuse_personal(member)
    if member.role == Role.OWNER:
        raise OrganizationRefused(_("An owner is not suspended: give them another role first."), code="owner")
    member.suspended_at = timezone.now()
    member.save(update_fields=["suspended_at", "updated_at"])
    _write_down("member.suspended", by, member)
    letters.tell_suspended(member, by)


@transaction.atomic
def restore_member(*, membership: Membership, by: User) -> None:
    """Give a suspended member back what they had."""
    _actor, member = _begin(membership, by)
    if not member.suspended_at:
        return
    member.suspended_at = None
    member.save(update_fields=["suspended_at", "updated_at"])
    _write_down("member.restored", by, member)
    letters.tell_restored(member, by)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """End a membership. Their books stay in the organization, under their name; private ones stay private."""
    _actor, member = _begin(membership, by)
    _refuse_personal(member)
    _write_down("member.removed", by, member)
    letters.tell_removed(member, by)
    member.delete()


@transaction.atomic
def leave(*, organization: Organization, person: User) -> None:
    """End one's own membership. Raises OrganizationRefused for the last owner: somebody has to answer for it."""
    lock(organization)
    member = _member(organization, person)
    _refuse_personal(member)
    if member.role == Role.OWNER and not _other_owners(member):
        raise OrganizationRefused(
            _("You are its last owner: hand over the ownership first, or close the organization."), code="last_owner"
        )
    _write_down("member.left", person, member)
    letters.tell_left(member)
    member.delete()


@transaction.atomic
def hand_over(*, organization: Organization, by: User, to: Membership, stays_owner: bool) -> None:
    """Make a member an owner; whoever hands over becomes an admin, or stays an owner beside them.

    Whether it is really them at the keyboard the view has asked. Raises Forbidden unless `by` is an owner.
    """
    actor, member = _begin(to, by, needs="members.hand_over")
    if member.role == Role.OWNER:
        raise OrganizationRefused(_("%(name)s is an owner already.") % {"name": member.person.name}, code="owner")
    if member.suspended_at:
        said = _("%(name)s is suspended: give their access back first.") % {"name": member.person.name}
        raise OrganizationRefused(said, code="suspended")
    if not member.person.is_active:
        raise OrganizationRefused(_("The account of %(name)s is closed.") % {"name": member.person.name}, code="closed")
    if not stays_owner:
        _refuse_personal(actor)
    if member.role == Role.GUEST:
        limits.take(organization=organization, members=1)
    before = member.role
    member.role, member.granted = Role.OWNER, []
    member.save(update_fields=["role", "granted", "updated_at"])
    if not stays_owner:
        actor.role = Role.ADMIN
        actor.save(update_fields=["role", "updated_at"])
    details = {"stays_owner": stays_owner}
    changes = {"role": (before, Role.OWNER)}
    _write_down("ownership.handed_over", by, member, changes=changes, details=details, severity=Severity.CRITICAL)
    letters.tell_handed_over(actor, member)


def _begin(membership: Membership, by: User, needs: str = "members.manage") -> tuple[Membership, Membership]:
    """Lock the organization; who acts and on whom, as they are now. Raises Forbidden or OrganizationRefused."""
    lock(membership.organization)
    actor = _member(membership.organization, by)
    rows = Membership.objects.filter(organization=membership.organization).select_related("person", "organization")
    member = rows.filter(pk=membership.pk).first()
    if needs not in actor.permissions:
        raise NotPermitted(PERMISSIONS[needs].label)
    if member is None:
        raise OrganizationRefused(_("This person is not a member any more."), code="gone")
    if member.person_id == by.pk:
        raise OrganizationRefused(_("Nobody changes their own place: ask another owner or admin."), code="oneself")
    if RANKS[Role(member.role)] > RANKS[Role(actor.role)]:
        raise Forbidden(_("Only somebody of the same role or a higher one can change this member."))
    return actor, member


def _member(organization: Organization, person: User) -> Membership:
    """The person's place. Raises Forbidden when it ended meanwhile."""
    rows = Membership.objects.filter(organization=organization, person=person)
    member = rows.select_related("person", "organization").first()
    if member is None:
        raise Forbidden(_("You are not a member of this organization any more."))
    return member


def _refuse_to_raise(actor: Membership, member: Membership, role: Role, granted: Collection[str]) -> None:
    """Raises Forbidden when somebody is given what the giver does not have, or ownership without being asked again."""
    if RANKS[role] > RANKS[Role(actor.role)]:
        raise Forbidden(_("Nobody gives a role above their own."))
    if role == Role.OWNER:
        raise Forbidden(_("Ownership is handed over, with the password or a second factor asked again."))
    for name in sorted(set(granted) - set(member.granted) - actor.permissions):
        raise Forbidden(_("You cannot give what you do not have: %(permission)s.") % {"permission": _label(name)})


def _refuse_personal(member: Membership) -> None:
    """Raises OrganizationRefused where a person would lose their own personal organization."""
    if member.organization.personal_of_id == member.person_id:
        raise OrganizationRefused(
            _("This is the personal organization of %(name)s, who stays its owner.") % {"name": member.person.name},
            code="personal",
        )


def _other_owners(member: Membership) -> bool:
    owners = Membership.objects.filter(organization=member.organization_id).answering()
    return owners.exclude(pk=member.pk).exists()


def _label(codename: str) -> str:
    return str(PERMISSIONS[codename].label)


def _write_down(
    action: str,
    by: User,
    member: Membership,
    *,
    changes: Mapping[str, tuple[object, object]] | None = None,
    details: Mapping[str, object] | None = None,
    severity: Severity = Severity.MEDIUM,
) -> None:
    """One entry about the person: their role is a fact and stays, their name goes with them."""
    audit.record(
        action,
        actor=by,
        target=member.person,
        details={"role": member.role, **(details or {})},
        changes=changes,
        personal={"member": member.person.name, "email": member.person.email},
        severity=severity,
    )
