"""The tenant gate: who may enter an organization's pages, and the declaration that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, overload

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import tenancy
from core.errors import Forbidden
from organizations.errors import NotPermitted, OrganizationClosed
from organizations.models import PERMISSIONS, FormerSlug, Membership, Organization, Role

SAFE = {"GET", "HEAD", "OPTIONS"}
NEVER = datetime.max.replace(tzinfo=UTC)


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
    since: datetime = NEVER  # when this membership began

    def may(self, codename: str) -> bool:
        """Whether this member has that permission. Raises KeyError for a codename that does not exist."""
        return PERMISSIONS[codename].codename in self.permissions

    def require(self, codename: str) -> None:
        """Raises Forbidden, with what is missing in words, unless the member has that permission."""
        if not self.may(codename):
            raise NotPermitted(PERMISSIONS[codename].label)


class TenantRequest(HttpRequest):
    """A request that has passed the gate."""

    member: Member
    acts: frozenset[Any]  # what the member may do with the book at hand, where there is one (books.views.fetching)


View = Callable[Concatenate[Any, ...], HttpResponseBase]


class Moved(Http404):
    """The organization, one of the person's own, has another address now: `slug`."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug


def resolve(person: User, slug: str, *, closed: bool = False) -> Member:
    """Find the person's membership by the organization's slug; Http404 for outsiders.

    One query reads all memberships, in the order they were made, because the shell of every page names them all. Raises
    Moved at a former address, Forbidden for the suspended and, unless `closed`, OrganizationClosed.
    """
    rows = _memberships(person)
    membership = next((row for row in rows if row.organization.slug == slug), None)
    if membership is None:
        raise _moved(rows, slug)
    if membership.suspended_at is not None:
        raise Forbidden(_("Your access to this organization is suspended. Its owners and admins can give it back."))
    if membership.organization.closed_at is not None and not closed:
        raise OrganizationClosed
    return _member(person, membership, rows)


def last_entered(person: User, slug: str) -> Member | None:
    """The person as a member of the open organization at that address, else of the first one; None when in none."""
    rows = _memberships(person)
    open_to_them = [row for row in rows if _is_open(row)]
    membership = next((row for row in open_to_them if row.organization.slug == slug), next(iter(open_to_them), None))
    return _member(person, membership, rows) if membership else None


def _memberships(person: User) -> list[Membership]:
    return list(Membership.objects.filter(person=person).select_related("organization").order_by("id"))


def _is_open(row: Membership) -> bool:
    return row.suspended_at is None and row.organization.closed_at is None


def _member(person: User, membership: Membership, rows: list[Membership]) -> Member:
    mine = tuple(row.organization for row in rows if _is_open(row))
    role = Role(membership.role)
    return Member(person, membership.organization, role, mine, membership.permissions, membership.created_at)


def _moved(rows: list[Membership], slug: str) -> Http404:
    """Where a former address of one of these leads; for everybody else it is as unknown as any other."""
    organizations = [row.organization_id for row in rows]
    former = FormerSlug.objects.filter(slug=slug, organization__in=organizations).select_related("organization").first()
    return Moved(former.organization.slug) if former else Http404()


@overload
def tenant_view(view: View) -> Callable[..., HttpResponseBase]: ...
@overload
def tenant_view(*, needs: str = "", closed: bool = False) -> Callable[[View], Callable[..., HttpResponseBase]]: ...
def tenant_view(view: View | None = None, *, needs: str = "", closed: bool = False) -> Any:
    """Gate a `/o/<slug>/…` view: members only, with the organization declared to the database while it runs.

    `@tenant_view(needs="members.see")` lets in only who has that permission; others of the organization get 403. The
    session remembers the last one entered, only to know where to land next time. A closed organization has no pages but
    those for which it is `closed=True`.
    """
    if view is None:
        return lambda actual: _gated(actual, needs, closed)
    return _gated(view, needs, closed)


def _gated(view: View, needs: str, closed: bool) -> Callable[..., HttpResponseBase]:
    if needs:
        PERMISSIONS[needs]  # a misspelt codename fails when the module is loaded

    @wraps(view)
    def gated(request: TenantRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.member = resolve(request.user, slug, closed=closed)  # type: ignore[arg-type]  # SignInRequired saw
        except Moved as moved:
            return _led_on(request, slug, moved.slug)
        except OrganizationClosed:
            if request.method not in SAFE or request.headers.get("HX-Request"):
                raise
            return HttpResponseRedirect(reverse("tenant:closed", args=[slug]))
        if request.session.get("organization") != slug:
            request.session["organization"] = slug
        with tenancy.declared(request.member.organization.pk):
            if needs:
                request.member.require(needs)
            return view(request, *args, **kwargs)

    gated.needs = needs  # type: ignore[attr-defined]  # what tests/contracts compares with the matrix
    return gated


def _led_on(request: HttpRequest, slug: str, present: str) -> HttpResponseRedirect:
    """The same page at the present address. Never for ever: the organization may take a former address back."""
    url = request.get_full_path().replace(f"/o/{slug}/", f"/o/{present}/", 1)
    return HttpResponseRedirect(url, preserve_request=request.method not in SAFE)
