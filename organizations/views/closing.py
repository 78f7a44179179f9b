"""The end of an organization, and the way back within 30 days."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from organizations import actions
from organizations.access import TenantRequest, tenant_view
from organizations.actions.opening import make_ordinary
from organizations.forms.closing import CloseForm
from organizations.models import Membership


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="settings.close")
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth ships no types
def close(request: TenantRequest) -> HttpResponse:
    """What closing means, and the closing itself: with the name typed and oneself proved once more."""
    organization = request.member.organization
    form = CloseForm(request.POST or None, name=organization.name)
    if form.is_valid():
        try:
            actions.close_organization(organization=organization, by=request.member.person)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("tenant:closed", organization.slug)
    members = Membership.objects.filter(organization=organization).count()
    context = {"form": form, "members": members, "others": members - 1}
    return render(request, "tenant/settings_close.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view(needs="settings.close")
def ordinary(request: TenantRequest) -> HttpResponse:
    """A personal organization becomes one like others."""
    organization = request.member.organization
    make_ordinary(organization=organization, by=request.member.person)
    said = _("“%(name)s” is an organization like any other now: it can be handed over, and closed by itself.")
    messages.success(request, said % {"name": organization.name})
    return redirect("tenant:close", organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(closed=True)
def closed(request: TenantRequest) -> HttpResponse:
    """All that members see of a closed organization; owners can undo it."""
    organization = request.member.organization
    if request.method == "POST":
        request.member.require("settings.close")
        actions.reopen_organization(organization=organization, by=request.member.person)
        messages.success(request, _("“%(name)s” is open again.") % {"name": organization.name})
    elif organization.closed_at is not None:
        return render(request, "tenant/closed.html")
    return redirect("books:home", organization.slug)
