"""Context processor of the signed-in shell."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import tenancy
from organizations import queries


@dataclass(frozen=True)
class Place:
    """One line of the sidebar: its words, its address, whether one is there now."""

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
        "memberships": queries.switcher(member.person, organization.pk),
        "navigation": navigation(request, organization.slug),
    }


def navigation(request: HttpRequest, slug: str) -> tuple[Place, ...]:
    """The sidebar (a run or a chapter is a place among the books)."""
    at_home = request.path == f"/o/{slug}/"
    return (
        Place(_("Home"), f"/o/{slug}/", current=at_home),
        Place(_("Books"), f"/o/{slug}/books/", current=not at_home),
    )
