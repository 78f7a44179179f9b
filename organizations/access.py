"""The tenant gate: who may enter an organization's pages, and the declaration that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User
from core import tenancy
from organizations.models import Membership, Organization, Role


@dataclass(frozen=True)
class Member:
    """The signed-in person as a member of the organization in the address; `organizations` are all of theirs."""

    person: User
    organization: Organization
    role: Role
    organizations: tuple[Organization, ...] = ()

    @property
    def leads(self) -> bool:
        """Owner or admin."""
        return self.role in {Role.OWNER, Role.ADMIN}

    @property
    def may_create_books(self) -> bool:
        """Everybody but guests, who see granted books alone (ruling 22)."""
        return self.role != Role.GUEST


class TenantRequest(HttpRequest):
    """A request that has passed the gate."""

    member: Member


View = Callable[Concatenate[Any, ...], HttpResponseBase]


def resolve(person: User, slug: str) -> Member:
    """Find the person's membership by the organization's slug; Http404 for outsiders.

    One query reads all memberships, in the order they were made, because the shell of every page names them all.
    """
    rows = list(Membership.objects.filter(person=person).select_related("organization").order_by("id"))
    membership = next((row for row in rows if row.organization.slug == slug), None)
    if membership is None:
        raise Http404
    return Member(person, membership.organization, Role(membership.role), tuple(row.organization for row in rows))


def tenant_view(view: View) -> Callable[..., HttpResponseBase]:
    """Gate a `/o/<slug>/…` view: members only, with the organization declared to the database while it runs.

    The session remembers the last one entered, only to know where to land next time.
    """

    @wraps(view)
    def gated(request: TenantRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.member = resolve(request.user, slug)  # type: ignore[arg-type]  # LoginRequiredMiddleware saw to it
        if request.session.get("organization") != slug:
            request.session["organization"] = slug
        with tenancy.declared(request.member.organization.pk):
            return view(request, *args, **kwargs)

    return gated
