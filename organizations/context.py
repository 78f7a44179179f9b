"""Context processor of the signed-in shell."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import tenancy
from organizations.access import Member
from organizations.queries import shell as queries


@dataclass(frozen=True)
class Place:
    """One line of the sidebar or of its switcher: its words, its address, whether one is there now."""

    label: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `person`, and inside an organization: `organization`, `memberships`, `navigation`."""
    person = getattr(request, "user", None)
    signed_in = person is not None and person.is_authenticated
    context: dict[str, Any] = {
        "person": person if signed_in else None,
        "theme": person.theme if signed_in else request.COOKIES.get("theme", "auto"),  # type: ignore[union-attr]
        "request_id": getattr(request, "request_id", ""),
    }
    member = getattr(request, "member", None)
    if member is None:
        return context
    organization = member.organization
    # Error pages are rendered after the gate's declaration and the view's transaction have ended: both are made here.
    with transaction.atomic(savepoint=False), tenancy.declared(organization.pk):
        plan_label = queries.plan_of(organization)
    return context | {
        "organization": organization,
        "plan_label": plan_label,
        "memberships": switcher(member),
        "navigation": navigation(request, member),
    }


def switcher(member: Member) -> tuple[Place, ...]:
    """The person's organizations in the order they joined."""
    return tuple(
        Place(one.name, f"/o/{one.slug}/", current=one.pk == member.organization.pk) for one in member.organizations
    )


def navigation(request: HttpRequest, member: Member) -> tuple[Place, ...]:
    """The sidebar, of what the member may see (a run or a chapter is a place among the books)."""
    root = f"/o/{member.organization.slug}/"
    offered = (
        (_("Spending"), "spending/", "billing.see"),
        (_("Members"), "members/", "members.see"),
        (_("Activity"), "activity/", "audit.read"),
        (_("Usage"), "usage/", "billing.see_usage"),
        (_("Settings"), "settings/", "settings.manage"),
    )
    places = [
        Place(label, root + path, current=request.path.startswith(root + path))
        for label, path, codename in offered
        if member.may(codename)
    ]
    home = Place(_("Home"), root, current=request.path == root)
    elsewhere = home.current or any(place.current for place in places)
    return (home, Place(_("Books"), f"{root}books/", current=not elsewhere), *places)
