"""Context processor of the signed-in shell."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

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
    return context | {
        "organization": organization,
        "plan_label": queries.plan_of(organization),
        "memberships": queries.switcher(member.person, organization.pk),
        "navigation": navigation(request, organization.slug),
    }


def navigation(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The sidebar: label, address, whether it is the current place."""
    entries = [(_("Home"), f"/o/{slug}/"), (_("Books"), f"/o/{slug}/books/")]
    best = max((url for _label, url in entries if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == best} for label, url in entries]
