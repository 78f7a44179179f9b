"""An organization's looks, and the files that make its pages look so: cached for ever by what they hold."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pictures import PictureRefused
from core.views import FOR_EVER, drawn_picture
from organizations.access import TenantRequest, tenant_view
from organizations.actions import branding as actions
from organizations.forms.branding import LogoForm, LooksForm
from organizations.jobs import logos
from organizations.queries.branding import DARK, LIGHT, NEEDED, logo_digest, sheet_of


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="settings.manage")
def looks(request: TenantRequest) -> HttpResponse:
    """Colours and headings, tried on before one's eyes; a colour nobody could read is refused with one that works."""
    form = LooksForm(request.POST or None, initial=now(request))
    offers: tuple[object, ...] = ()
    if form.is_valid():
        organization, chosen = request.member.organization, chosen_colors(request, form)
        try:
            actions.change_looks(organization=organization, by=request.member.person, **chosen)
        except actions.ColorsRefused as refusal:
            offers = refusal.verdicts
            for verdict in refusal.verdicts:
                form.add_error(verdict.field, verdict.sentence)
        else:
            messages.success(request, _("Your pages look like this now."))
            return redirect("tenant:looks", organization.slug)
    return looks_page(request, form=form, offers=offers, status=422 if form.is_bound else 200)


@require_POST
@tenant_view(needs="settings.manage")
def logo_change(request: TenantRequest) -> HttpResponse:
    """Another logo, or none."""
    organization = request.member.organization
    form = LogoForm(request.POST, request.FILES)
    removes = "remove" in request.POST
    if not removes and not form.is_valid():
        return looks_page(request, logo_form=form, status=422)
    try:
        name = "" if removes else logos.keep(organization.pk, form.cleaned_data["logo"])
    except PictureRefused as refusal:
        form.add_error("logo", refusal.message)
        return looks_page(request, logo_form=form, status=422)
    before = actions.change_logo(organization=organization, by=request.member.person, logo=name)
    transaction.on_commit(lambda: logos.discard(before), robust=True)
    messages.success(request, _("The logo is removed.") if removes else _("This is your logo now."))
    return redirect("tenant:looks", organization.slug)


@require_safe
@tenant_view
def brand(request: TenantRequest, digest: str) -> HttpResponse:
    """The style sheet of the organization's own pages."""
    sheet = sheet_of(request.member.organization)
    if sheet is None or sheet.digest != digest:
        raise Http404
    return HttpResponse(sheet.css, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


@require_safe
@tenant_view
def logo(request: TenantRequest, digest: str) -> HttpResponse:
    """The organization's logo: a picture we drew ourselves, of one fixed type."""
    organization = request.member.organization
    if not organization.logo or logo_digest(organization) != digest:
        raise Http404
    return drawn_picture(organization.logo)


def chosen_colors(request: TenantRequest, form: LooksForm) -> dict[str, str]:
    """What the form says; with the button for it, the dark colour that goes with the light one, or our own colours."""
    said: dict[str, str] = dict(form.cleaned_data)
    if "match" in request.POST:
        said["accent_dark"] = DARK.nearest(said["accent"])
    if "ours" in request.POST:
        said |= {"accent": LIGHT.own, "accent_dark": DARK.own}
    return said


def now(request: TenantRequest) -> dict[str, str]:
    """What is in force, our own colours where nothing was chosen."""
    organization = request.member.organization
    light, dark = organization.accent or LIGHT.own, organization.accent_dark or DARK.own
    return {"accent": light, "accent_dark": dark, "typeface": organization.typeface}


def looks_page(request: TenantRequest, *, status: int, **given: Any) -> HttpResponse:
    """The page with both of its forms; `given` are those that were sent, and the colours to offer instead."""
    context = {
        "form": LooksForm(initial=now(request)),
        "logo_form": LogoForm(),
        "logo_digest": logo_digest(request.member.organization),
        "themes": (LIGHT, DARK),
        "needed": NEEDED,
    }
    return render(request, "tenant/settings_looks.html", context | given, status=status)
