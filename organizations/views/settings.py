"""An organization's settings: general ones."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.access import TenantRequest, tenant_view
from organizations.actions.settings import change_settings, refuse_address
from organizations.errors import OrganizationRefused
from organizations.forms.settings import SettingsForm
from organizations.models import FormerSlug


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="settings.manage")
def general(request: TenantRequest) -> HttpResponse:
    """Name, address, description, website, language, time zone. Another address is asked about once more."""
    organization = request.member.organization
    initial = {field: getattr(organization, field) for field in SettingsForm.base_fields}
    form = SettingsForm(request.POST or None, initial=initial)
    moves_to = ""
    if form.is_valid():
        try:
            moves_to = unconfirmed_address(request, form)
            if not moves_to:
                changed = change_settings(organization=organization, by=request.member.person, **form.cleaned_data)
                messages.success(request, _("The settings are saved."))
                return redirect("tenant:settings", changed.slug)
        except OrganizationRefused as refusal:
            form.add_error("slug", refusal.message)
    context = {"form": form, "moves_to": moves_to, "former": former_addresses(request)}
    return render(request, "tenant/settings.html", context, status=422 if form.is_bound else 200)


def unconfirmed_address(request: TenantRequest, form: SettingsForm) -> str:
    """The new address, as long as nobody has said yes to it. Raises OrganizationRefused for one that cannot be."""
    slug: str = form.cleaned_data["slug"]
    if slug in {request.member.organization.slug, request.POST.get("confirmed", "")}:
        return ""
    refuse_address(slug, request.member.organization)
    return slug


def former_addresses(request: TenantRequest) -> list[str]:
    """Addresses that lead on to the present one, newest first."""
    former = FormerSlug.objects.filter(organization=request.member.organization)
    return list(former.order_by("-id").values_list("slug", flat=True))
