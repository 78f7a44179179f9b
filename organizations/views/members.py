"""Members of an organization: the list, and what is done about one of them."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Forbidden
from organizations.access import TenantRequest, tenant_view
from organizations.actions import members as actions
from organizations.errors import LimitReached, OrganizationRefused
from organizations.forms.members import HandOverForm, MemberForm, MembersForm
from organizations.models import Membership, Role
from organizations.queries import members as queries
from organizations.queries import usage


@require_safe
@tenant_view(needs="members.see")
def members(request: TenantRequest) -> HttpResponse:
    """Everybody who belongs here, with search, filters, order and a cursor: each of them in the address."""
    form = MembersForm(request.GET)
    page = queries.members_page(request.member, form.wanted(), form.cursor())
    levels = usage.near(request.member.organization, "members")
    context = {"page": page, "form": form, "most": queries.COUNTED, "levels": levels}
    return render(request, "tenant/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="members.see")
def member(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """One member: role and further permissions, to be changed by whoever may."""
    row = fetch(request, membership_id)
    line = queries.line_of(row, request.member)
    initial = {"role": row.role, "granted": row.granted}
    form = MemberForm(request.POST if request.method == "POST" else None, initial=initial, giver=request.member)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        granted = form.cleaned_data["granted"]
        try:
            actions.change_member(membership=row, by=request.member.person, role=role, granted=granted)
        except (LimitReached, OrganizationRefused) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("What %(name)s may do here is saved.") % {"name": row.person.name})
            return redirect("tenant:members", request.member.organization.slug)
    context = {"line": line, "form": form}
    return render(request, "tenant/member.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="members.manage")
def member_suspend(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """Ask, then let a member in no more."""
    row = changeable(request, membership_id)
    if request.method == "POST":
        actions.suspend_member(membership=row, by=request.member.person)
        messages.success(request, _("%(name)s is not let in any more.") % {"name": row.person.name})
        return redirect("tenant:members", request.member.organization.slug)
    return render(request, "tenant/member_suspend.html", {"line": queries.line_of(row, request.member)})


@require_POST
@tenant_view(needs="members.manage")
def member_restore(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """Let a suspended member in again."""
    row = changeable(request, membership_id)
    actions.restore_member(membership=row, by=request.member.person)
    messages.success(request, _("%(name)s is let in again.") % {"name": row.person.name})
    return redirect("tenant:members", request.member.organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="members.manage")
def member_remove(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """Ask, then end a membership."""
    row = changeable(request, membership_id)
    if request.method == "POST":
        actions.remove_member(membership=row, by=request.member.person)
        messages.success(request, _("%(name)s is not a member any more.") % {"name": row.person.name})
        return redirect("tenant:members", request.member.organization.slug)
    return render(request, "tenant/member_remove.html", {"line": queries.line_of(row, request.member)})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="members.hand_over")
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def hand_over(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """Make a member an owner, once the password or a second factor was asked again."""
    row, member = fetch(request, membership_id), request.member
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        stays = form.cleaned_data["afterwards"] == "owner"
        try:
            actions.hand_over(organization=member.organization, by=member.person, to=row, stays_owner=stays)
        except (LimitReached, OrganizationRefused) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(name)s is an owner now.") % {"name": row.person.name})
            return redirect("tenant:members", member.organization.slug)
    context = {"line": queries.line_of(row, member), "form": form}
    return render(request, "tenant/hand_over.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def leave(request: TenantRequest) -> HttpResponse:
    """Ask, then end one's own membership."""
    member = request.member
    if request.method == "POST":
        actions.leave(organization=member.organization, person=member.person)
        messages.success(request, _("You have left %(name)s.") % {"name": member.organization.name})
        return redirect("organizations:landing")
    is_last = member.role == Role.OWNER and queries.owners(member.organization) == 1
    is_own = member.organization.personal_of_id == member.person.pk
    return render(request, "tenant/leave.html", {"is_last_owner": is_last, "is_own": is_own})


def fetch(request: TenantRequest, membership_id: UUID) -> Membership:
    """A member of this organization; Http404 for any other."""
    rows = Membership.objects.filter(organization=request.member.organization)
    return get_object_or_404(rows.select_related("person", "organization"), pk=membership_id)


def changeable(request: TenantRequest, membership_id: UUID) -> Membership:
    """A member whom the reader may change. Raises Forbidden, as the action would."""
    row = fetch(request, membership_id)
    if not queries.line_of(row, request.member).may_change:
        raise Forbidden(_("Only somebody else, of the same role or a higher one, can change this member."))
    return row
