"""The tenant gate: who may enter an organization's pages, and the declaration that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, overload

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import User
from core import tenancy
from core.errors import Forbidden
from organizations.models import PERMISSIONS, Membership, Organization, Role


@dataclass(frozen=True)
class Member:
    """The signed-in person as a member of the organization in the address; `organizations` are all of theirs.

    `permissions` are codenames of the registry (organizations.models.permissions), read once with the membership: views
    and actions ask `may` or `require`, templates `"books.create" in request.member.permissions`, without a query.
    """

    person: User
    organization: Organization
    role: Role
    organizations: tuple[Organization, ...] = ()
    permissions: frozenset[str] = frozenset()

    def may(self, codename: str) -> bool:
        """Whether this member has that permission. Raises KeyError for a codename that does not exist."""
        return PERMISSIONS[codename].codename in self.permissions

    def require(self, codename: str) -> None:
        """Raises Forbidden, with what is missing in words, unless the member has that permission."""
        if not self.may(codename):
            label = PERMISSIONS[codename].label
            raise Forbidden(_("Your role here does not let you do this: %(permission)s.") % {"permission": label})

    @property
    def leads(self) -> bool:
        """Owner or admin."""
        return self.role in {Role.OWNER, Role.ADMIN}

    @property
    def may_create_books(self) -> bool:
        """Everybody but guests, who see granted books alone (ruling 22)."""
        return self.may("books.create")


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
    if membership.suspended_at is not None:
        raise Forbidden(_("Your access to this organization is suspended. Its owners and admins can give it back."))
    mine = tuple(row.organization for row in rows if row.suspended_at is None)
    return Member(person, membership.organization, Role(membership.role), mine, membership.permissions)


@overload
def tenant_view(view: View) -> Callable[..., HttpResponseBase]: ...
@overload
def tenant_view(*, needs: str) -> Callable[[View], Callable[..., HttpResponseBase]]: ...
def tenant_view(view: View | None = None, *, needs: str = "") -> Any:
    """Gate a `/o/<slug>/…` view: members only, with the organization declared to the database while it runs.

    `@tenant_view(needs="members.see")` lets in only who has that permission; others of the organization get 403. The
    session remembers the last one entered, only to know where to land next time.
    """
    if view is None:
        return lambda actual: _gated(actual, needs)
    return _gated(view, needs)


def _gated(view: View, needs: str) -> Callable[..., HttpResponseBase]:
    if needs:
        PERMISSIONS[needs]  # a misspelt codename fails when the module is loaded

    @wraps(view)
    def gated(request: TenantRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.member = resolve(request.user, slug)  # type: ignore[arg-type]  # LoginRequiredMiddleware saw to it
        if request.session.get("organization") != slug:
            request.session["organization"] = slug
        with tenancy.declared(request.member.organization.pk):
            if needs:
                request.member.require(needs)
            return view(request, *args, **kwargs)

    gated.needs = needs  # type: ignore[attr-defined]  # what tests/contracts compares with the matrix
    return gated
