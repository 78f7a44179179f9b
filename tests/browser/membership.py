"""Members and invitations for a browser to look at: part of tests.browser.population."""

from typing import Any


def peopled(organization: Any, person: Any) -> dict[str, str]:
    """Members of every role, one of them suspended, and invitations in every state, one of them to the person."""
    from django.utils import timezone

    from organizations.models import InvitationKey, Membership
    from tests import builders

    now = timezone.now()
    for role in ("owner", "admin", "guest"):
        builders.make_member(organization, role, display_name=f"Théodora van den {role.capitalize()}")
    late = builders.make_member(
        organization, "member", display_name="", email=f"{'very-' * 9}long-{organization.pk}@example.org"
    )
    Membership.objects.filter(person=late).update(suspended_at=now, granted=["audit.read", "billing.see"])
    states: list[dict[str, Any]] = [{}, *({f"{end}_at": now} for end in ("expires", "accepted", "declined", "revoked"))]
    for state in states:
        builders.make_invitation(organization, person, **state)
    elsewhere = builders.make_organization(name="The Press by the River")
    host = builders.make_member(elsewhere, "owner", display_name="Hanna Host")
    token = "" if InvitationKey.objects.filter(organization__name=elsewhere.name).exists() else "look-at-me"
    message = "We need somebody who knows bees."
    builders.make_invitation(elsewhere, host, token=token, email=person.email, message=message)
    place = late.memberships.get().pk
    root = f"members/{place}/"
    return {
        "member": root,
        "member suspend": f"{root}suspend/",
        "member remove": f"{root}remove/",
        "hand over": f"{root}hand-over/",
    }
