"""E-mails about members: to whom it concerns, and to the owners who want to know. Part of the act they tell of."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from accounts.queries import unsubscribing
from core import mail
from organizations.models import Invitation, Membership, Organization, Role


def tell_changed(member: Membership, by: User) -> None:
    """To the member: what they are and may from now on."""
    _write("changed", member.person, member, by=by)


def tell_suspended(member: Membership, by: User) -> None:
    """To the member: that they are not let in."""
    _write("suspended", member.person, member, by=by)


def tell_restored(member: Membership, by: User) -> None:
    """To the member: that they are let in again."""
    _write("restored", member.person, member, by=by)


def tell_removed(member: Membership, by: User) -> None:
    """To the member: that their membership has ended, and what becomes of their books."""
    _write("removed", member.person, member, by=by)


def tell_left(member: Membership) -> None:
    """To the other owners: that somebody left."""
    for owner in _owners(member.organization, but=member.person):
        _write("left", owner, member)


def tell_joined(member: Membership) -> None:
    """To the owners: that an invitation was accepted."""
    for owner in _owners(member.organization, but=member.person):
        _write("joined", owner, member)


def tell_handed_over(old: Membership, new: Membership) -> None:
    """To both: who owns the organization now."""
    _write("received", new.person, new, by=old.person)
    _write("handed_over", old.person, new, by=old.person)


def send_invitation(invitation: Invitation, token: str) -> None:
    """The link, to the invited address, in the invitation's language."""
    with override(invitation.language):
        facts = {
            "invitation": invitation,
            "organization": invitation.organization,
            "url": settings.SITE_URL + reverse("organizations:invitation", args=[token]),
        }
        mail.write("invitation", facts, to=invitation.email)


def _owners(organization: Organization, *, but: User) -> list[User]:
    rows = Membership.objects.filter(
        organization=organization, role=Role.OWNER, person__is_active=True, person__mails_about_members=True
    )
    return [row.person for row in rows.exclude(person=but).select_related("person")]


def _write(what: str, to: User, member: Membership, *, by: User | None = None) -> None:
    """One mail of emails/membership.* in the reader's language; `what` chooses its words."""
    if not to.is_active:
        return
    with override(to.language):
        facts = {
            "what": what,
            "person": to,
            "member": member,
            "organization": member.organization,
            "by": by,
            "url": settings.SITE_URL + reverse("organizations:landing"),
            "members_url": settings.SITE_URL + reverse("tenant:members", args=[member.organization.slug]),
            "end_url": unsubscribing.link(to, "mails_about_members"),
        }
        headers = unsubscribing.headers(to, "mails_about_members") if what in {"joined", "left"} else None
        mail.write("membership", facts, to=to.email, headers=headers)
