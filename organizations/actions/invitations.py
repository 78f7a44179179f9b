"""Invitations by e-mail: sending, sending again, withdrawing, accepting, declining."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core import digests, rate_limits
from core.errors import Forbidden
from organizations.actions import limits
from organizations.errors import LimitReached, NotPermitted, OrganizationClosed, OrganizationRefused
from organizations.models import PERMISSIONS, RANKS, Invitation, InvitationKey, Membership, Organization, Role
from organizations.queries import usage
from organizations.transitions import member_letters as letters
from organizations.transitions.locking import lock

LIFETIME = timedelta(days=7)
REST = timedelta(minutes=1)  # between two sendings of one invitation


@transaction.atomic
def invite(
    *, organization: Organization, by: User, emails: Sequence[str], role: Role, message: str = "", language: str = "en"
) -> list[Invitation]:
    """Offer each address a place and mail it a link; an address with an open invitation gets a new link in its place.

    All or none. Raises Forbidden for a role above one's own, OrganizationRefused for members, LimitReached where
    members and open invitations would be more than the seats, TooMany when invited too often.
    """
    lock(organization)
    _refuse_without_right(organization, by, role)
    asked = list(dict.fromkeys(email.strip().lower() for email in emails))
    _refuse_members(organization, asked)
    rows = Invitation.objects.of(organization).unanswered().filter(email__in=asked).select_related("organization")
    known = {one.email: one for one in rows}
    if role != Role.GUEST:
        _refuse_without_seats(organization, asked)
    made = []
    for email in asked:
        offer = known.get(email) or Invitation(organization=organization, email=email, sendings=0)
        offer.role, offer.message, offer.language, offer.invited_by = role, message, language, by
        _send(offer)
        _write_down("invitation.sent", by, offer)
        made.append(offer)
    return made


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> None:
    """Mail a new link, good for seven days more; the old one is dead. Raises OrganizationRefused within a minute."""
    offer = _open_for_change(invitation, by)
    if timezone.now() - offer.sent_at < REST:
        raise OrganizationRefused(_("It was sent a moment ago. Wait a minute before sending it again."), code="rest")
    if offer.expires_at <= timezone.now() and offer.role != Role.GUEST:
        _refuse_without_seats(offer.organization, [offer.email])
    _send(offer)
    _write_down("invitation.resent", by, offer)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> None:
    """Withdraw an offer: its link is dead at once."""
    offer = _open_for_change(invitation, by)
    offer.revoked_at = timezone.now()
    _end(offer, "revoked_at")
    _write_down("invitation.revoked", by, offer)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: User) -> Membership:
    """Give the person the offered place; of many who accept at once, one does.

    Raises OrganizationRefused when the offer is over or the person a member already, LimitReached when no seat is left:
    then it stays open.
    """
    lock(invitation.organization)
    offer = _lock(invitation)
    _refuse_answered(offer)
    if offer.expires_at <= timezone.now():
        raise OrganizationRefused(_("This invitation has expired: ask for a new one."), code="expired")
    organization = offer.organization
    if organization.closed_at:
        raise OrganizationClosed
    if Membership.objects.filter(organization=organization, person=person).exists():
        raise OrganizationRefused(_("You are a member of %(name)s already.") % {"name": organization}, code="member")
    if offer.role != Role.GUEST:
        limits.take(organization=organization, members=1)
    member = Membership.objects.create(organization=organization, person=person, role=offer.role)
    offer.accepted_at, offer.accepted_by = timezone.now(), person
    _end(offer, "accepted_at", "accepted_by")
    _write_down("invitation.accepted", person, offer)
    letters.tell_joined(member)
    return member


@transaction.atomic
def decline_invitation(*, invitation: Invitation, person: User | None) -> None:
    """Turn an offer down: its link is dead. None is somebody without an account who holds the link."""
    lock(invitation.organization)
    offer = _lock(invitation)
    _refuse_answered(offer)
    offer.declined_at = timezone.now()
    _end(offer, "declined_at")
    _write_down("invitation.declined", person, offer)


def _send(offer: Invitation) -> None:
    """Save the offer with a new link and mail it. Raises TooMany."""
    rate_limits.hit("invitation", account=offer.email, organization=offer.organization_id)
    now = timezone.now()
    offer.sent_at, offer.expires_at, offer.sendings = now, now + LIFETIME, offer.sendings + 1
    offer.save()
    token = digests.new_token()
    InvitationKey.objects.update_or_create(
        invitation_id=offer.pk,
        defaults={
            "organization": offer.organization,
            "token_digest": digests.of_token(token),
            "email_digest": digests.of_email(offer.email),
        },
    )
    letters.send_invitation(offer, token)


def _end(offer: Invitation, *fields: str) -> None:
    """Save how an offer ended; its link and its address find nothing any more."""
    offer.save(update_fields=[*fields, "updated_at"])
    InvitationKey.objects.filter(invitation_id=offer.pk).delete()


def _lock(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.of(invitation.organization).select_for_update(of=("self",))
    return rows.select_related("organization", "invited_by").get(pk=invitation.pk)


def _open_for_change(invitation: Invitation, by: User) -> Invitation:
    lock(invitation.organization)
    offer = _lock(invitation)
    _refuse_without_right(offer.organization, by, Role(offer.role))
    _refuse_answered(offer)
    return offer


def _refuse_answered(offer: Invitation) -> None:
    """Raises OrganizationRefused for an offer that came to its end."""
    if offer.accepted_at:
        raise OrganizationRefused(_("This invitation was accepted already."), code="accepted")
    if offer.declined_at or offer.revoked_at:
        raise OrganizationRefused(_("This invitation does not hold any more: ask for a new one."), code="over")


def _refuse_without_right(organization: Organization, by: User, role: Role) -> None:
    """Raises Forbidden for who may not invite, or not to that role."""
    actor = Membership.objects.filter(organization=organization, person=by).first()
    if actor is None or "members.manage" not in actor.permissions:
        raise NotPermitted(PERMISSIONS["members.manage"].label)
    if RANKS[role] > RANKS[Role(actor.role)]:
        raise Forbidden(_("Nobody gives a role above their own."))


def _refuse_members(organization: Organization, emails: Sequence[str]) -> None:
    """Raises OrganizationRefused, naming them, when some are members: whoever invites sees the members anyway."""
    rows = Membership.objects.filter(organization=organization, person__email__in=emails)
    if found := sorted(rows.values_list("person__email", flat=True)):
        said = {"emails": ", ".join(found)}
        raise OrganizationRefused(_("Already a member here: %(emails)s.") % said, code="member")


def _refuse_without_seats(organization: Organization, emails: Sequence[str]) -> None:
    """Raises LimitReached when members, open invitations and these would be more than the seats."""
    level = usage.level_of(usage.limits_of(organization), "members")
    if level.limit is None:
        return
    open_offers = Invitation.objects.of(organization).open().exclude(role=Role.GUEST).exclude(email__in=emails)
    waiting = open_offers.count()
    if not level.plus(waiting).has_room(len(emails)):
        said = {"used": level.used, "waiting": waiting, "limit": level.limit, "more": len(emails)}
        raise LimitReached(
            _(
                "There is not room for %(more)d more: of %(limit)d seats %(used)d are taken and %(waiting)d promised by"
                " open invitations. Withdraw one, invite as a guest, or choose a larger plan."
            )
            % said
        )


def _write_down(action: str, by: User | None, offer: Invitation) -> None:
    audit.record(
        action,
        actor=by,
        target=offer,
        details={"role": offer.role},
        personal={"email": offer.email},
        severity=Severity.MEDIUM,
    )
