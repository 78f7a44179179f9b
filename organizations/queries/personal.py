"""What organizations keep about a person or an address, for the copy of their data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import tenancy
from organizations.models import Invitation, Membership

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export


def add_person(export: "Export", person: User) -> None:
    """Memberships, and invitations they sent or got."""
    with transaction.atomic():
        rows = Membership.objects.filter(person=person).select_related("organization").order_by("pk")
        columns = {"organization": _("Organization"), "role": _("Role"), "since": _("Since")}
        export.records("memberships", _("Your organizations"), columns, (_membership(one) for one in rows))
    about = Q(accepted_by=person) | Q(email=person.email)
    _add_invitations(export, "invitations_received", _("Invitations you got"), about)
    _add_invitations(export, "invitations_sent", _("Invitations you sent"), Q(invited_by=person))


def add_address(export: "Export", email: str) -> None:
    """Invitations to an address that has no account."""
    _add_invitations(export, "invitations_received", _("Invitations you got"), Q(email=email))


def _membership(one: Membership) -> dict[str, Any]:
    return {
        "organization": one.organization.name,
        "role": one.role,
        "also_may": one.granted,
        "since": one.created_at,
        "suspended_at": one.suspended_at,
    }


def _add_invitations(export: "Export", name: str, title: Any, which: Q) -> None:
    columns = {"organization": _("Organization"), "email": _("E-mail"), "role": _("Role"), "at": _("Time")}
    export.records(name, title, columns, _invitations(which))


def _invitations(which: Q) -> Iterator[dict[str, Any]]:
    with tenancy.system("a person's own data is put together"):
        for one in Invitation.objects.filter(which).select_related("organization").order_by("pk"):
            yield {
                "organization": one.organization.name,
                "email": one.email,
                "role": one.role,
                "message": one.message,
                "at": one.created_at,
                "accepted_at": one.accepted_at,
            }
