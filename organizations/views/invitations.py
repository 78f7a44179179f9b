"""Invitations as an organization sees them: sending, looking through, sending again, withdrawing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import TenantRequest, tenant_view
from organizations.actions import invitations as actions
from organizations.errors import LimitReached, OrganizationRefused
from organizations.forms.invitations import InvitationsForm, InviteForm
from organizations.models import Invitation, Role
from organizations.queries import invitations as queries
from organizations.queries import usage


@require_safe
@tenant_view(needs="members.see")
def invitations(request: TenantRequest) -> HttpResponse:
    """Every invitation, what was made last on top, with search, a filter and a cursor."""
    form = InvitationsForm(request.GET)
    page = queries.invitations_page(request.member.organization, form.wanted(), form.cursor())
    return render(request, "tenant/invitations.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="members.manage")
def invite(request: TenantRequest) -> HttpResponse:
    """Invite one person or several."""
    member = request.member
    initial = {"language": member.organization.language, "role": Role.MEMBER}
    form = InviteForm(request.POST if request.method == "POST" else None, initial=initial, giver_role=member.role)
    if form.is_valid():
        offer = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            made = actions.invite(organization=member.organization, by=member.person, **offer)
        except (LimitReached, OrganizationRefused) as refusal:
            form.add_error(None, refusal.message)
        else:
            said = ngettext("One invitation is on its way.", "%(number)d invitations are on their way.", len(made))
            messages.success(request, said % {"number": len(made)})
            return redirect("tenant:invitations", member.organization.slug)
    context = {"form": form, "levels": usage.near(member.organization, "members")}
    return render(request, "tenant/invite.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view(needs="members.manage")
def invitation_resend(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Send a new link; the one before is dead."""
    offer = fetch(request, invitation_id)
    try:
        actions.resend_invitation(invitation=offer, by=request.member.person)
    except (LimitReached, OrganizationRefused) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": offer.email})
    return redirect("tenant:invitations", request.member.organization.slug)


@require_POST
@tenant_view(needs="members.manage")
def invitation_revoke(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    offer = fetch(request, invitation_id)
    try:
        actions.revoke_invitation(invitation=offer, by=request.member.person)
    except (LimitReached, OrganizationRefused) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": offer.email})
    return redirect("tenant:invitations", request.member.organization.slug)


def fetch(request: TenantRequest, invitation_id: UUID) -> Invitation:
    """An invitation of this organization; Http404 for any other."""
    rows = Invitation.objects.of(request.member.organization).select_related("organization")
    return get_object_or_404(rows, pk=invitation_id)
