"""Addresses and rows that tests about members share."""

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.urls import reverse

from accounts.models import User
from core import tenancy
from organizations.models import Invitation, Membership, Organization

LINK = re.compile(r"https?://[^\s]+(/invitations/[\w-]+/)")


def address(name: str, organization: Organization, *ids: object) -> str:
    """Of a page of the organization's own."""
    return reverse(f"tenant:{name}", args=[organization.slug, *ids])


def place_of(person: User, organization: Organization) -> Membership:
    """The person's membership as it is now."""
    return Membership.objects.select_related("person", "organization").get(person=person, organization=organization)


def is_member(person: User, organization: Organization) -> bool:
    """Whether the person belongs to the organization."""
    return Membership.objects.filter(person=person, organization=organization).exists()


def invitations(organization: Organization) -> list[Invitation]:
    """All of the organization's, oldest first."""
    with tenancy.declared(organization.pk):
        return list(Invitation.objects.of(organization).order_by("id"))


def told(run_queue: Callable[[], int]) -> list[tuple[str, str]]:
    """(to, subject) of every mail so far, once the queue has sent it."""
    run_queue()
    return [(one.to[0], str(one.subject)) for one in mail.outbox]


def link_to(email: str, run_queue: Callable[[], int]) -> str:
    """The address in the newest mail to somebody."""
    run_queue()
    bodies = [text(one) for one in mail.outbox if one.to == [email]]
    found = LINK.search(bodies[-1]) if bodies else None
    assert found, f"no invitation was mailed to {email}"
    return found.group(1)


def text(message: Any) -> str:
    """The plain text of a sent mail."""
    body = message.message().get_body(("plain",))
    return str(body.get_content()) if body else ""
