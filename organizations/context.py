"""Context processor of the signed-in shell."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User
from core import tenancy
from organizations.access import Member, last_entered
from organizations.queries import branding
from organizations.queries import shell as queries

MOST_IN_SWITCHER = 8  # the rest is on the page with all of them


@dataclass(frozen=True)
class Place:
    """One line of the sidebar or of its switcher: its words, its address, whether one is there now."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Places:
    """The sidebar: the organization one works in, the others there are, and where one can go in this one."""

    name: str
    plan: str
    logo: str
    memberships: tuple[Place, ...]
    navigation: tuple[Place, ...]


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `person`, `places` (None for who is in no organization), and inside of one: `organization`, `brand`.

    `places` is asked for by what shows the sidebar alone: a fragment or a public page does not pay for it.
    """
    person = getattr(request, "user", None)
    signed_in = person is not None and person.is_authenticated
    context: dict[str, Any] = {
        "person": person if signed_in else None,
        "theme": person.theme if signed_in else request.COOKIES.get("theme", "auto"),  # type: ignore[union-attr]
        "request_id": getattr(request, "request_id", ""),
        "places": SimpleLazyObject(lambda: places(request)) if signed_in else None,
    }
    member = getattr(request, "member", None)
    if member is None:
        return context
    return context | {"organization": member.organization, "brand": brand_address(member)}


def places(request: HttpRequest) -> Places | None:
    """The sidebar of the organization in the address; on one's own pages, of the one entered last."""
    member = getattr(request, "member", None)
    if member is None and isinstance(request.user, User):
        member = last_entered(request.user, request.session.get("organization", ""))
    if member is None:
        return None
    organization = member.organization
    # Error pages are rendered after the gate's declaration and the view's transaction have ended: both are made here.
    with transaction.atomic(savepoint=False), tenancy.declared(organization.pk):
        plan = queries.plan_of(organization)
    return Places(organization.name, plan, logo_address(member), switcher(member), navigation(request, member))


def switcher(member: Member) -> tuple[Place, ...]:
    """The person's organizations in the order they joined; of very many the first, and always the one they are in."""
    here = member.organization
    shown = member.organizations[:MOST_IN_SWITCHER]
    if here not in shown:
        shown = (here, *shown[:-1])
    return tuple(Place(one.name, f"/o/{one.slug}/", current=one == here) for one in shown)


def navigation(request: HttpRequest, member: Member) -> tuple[Place, ...]:
    """The sidebar, of what the member may see (a run or a chapter is a place among the books)."""
    root = f"/o/{member.organization.slug}/"
    offered = (
        (_("Billing"), "billing/", "billing.see"),
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
    there = request.resolver_match
    # Pages about the organization itself stand beside the books, also those without a line of their own.
    elsewhere = home.current or any(place.current for place in places) or there is None or there.namespace != "books"
    return (home, Place(_("Books"), f"{root}books/", current=not elsewhere), *places)


def brand_address(member: Member) -> str:
    """Where the style sheet with the organization's own colours and headings is; empty for our own."""
    sheet = branding.sheet_of(member.organization)
    return reverse("tenant:brand", args=[member.organization.slug, sheet.digest]) if sheet else ""


def logo_address(member: Member) -> str:
    """Where the organization's logo is; empty without one."""
    digest = branding.logo_digest(member.organization)
    return reverse("tenant:logo", args=[member.organization.slug, digest]) if digest else ""
