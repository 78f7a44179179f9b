"""Context processor of the signed-in shell."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import tenancy
from organizations import queries


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


def navigation(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The sidebar: label, address, whether it is the current place (a run or a chapter is a place among the books)."""
    at_home = request.path == f"/o/{slug}/"
    return [
        {"label": _("Home"), "url": f"/o/{slug}/", "current": at_home},
        {"label": _("Books"), "url": f"/o/{slug}/books/", "current": not at_home},
    ]
