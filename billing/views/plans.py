"""Choosing, changing, ending and resuming a plan."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from billing.actions import plans as actions
from billing.errors import PaymentRefused
from billing.forms.pricing import OfferForm
from billing.models import Currency, Price
from billing.queries import plans as queries
from billing.queries.access import subscription_of
from billing.views.pricing import guessed_currency
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view(needs="billing.see")
def plans(request: TenantRequest) -> HttpResponse:
    """Every plan with its price, and which one is had: currency and interval stand in the address."""
    organization = request.member.organization
    usual = queries.usual_currency(organization) or guessed_currency(request)
    page = queries.plans_page(organization, *OfferForm(request.GET).asked(usual))
    return page_or_part(request, "billing/plans.html#offers", {"page": page, "currencies": Currency})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def change(request: TenantRequest, price_id: UUID) -> HttpResponse:
    """What changing the plan means; POST has the provider reckon what is due. Without a plan it is a purchase."""
    organization = request.member.organization
    price = get_object_or_404(Price.objects.filter(plan__isnull=False).select_related("plan"), pk=price_id)
    held = subscription_of(organization)
    if held is None:
        return redirect("billing:checkout", organization.slug, price.pk)
    refusal = ""
    if request.method == "POST":
        try:
            asked = actions.preview_change(organization=organization, price=price, by=request.member.person)
        except PaymentRefused as refused:
            refusal = refused.message
        else:
            return redirect("billing:errand", organization.slug, asked.pk)
    context = {"page": queries.change_page(organization, held, price), "refusal": refusal}
    return render(request, "billing/change.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def cancel(request: TenantRequest) -> HttpResponse:
    """Ask, with what it means, then end the plan with the period that is paid."""
    organization = request.member.organization
    held = subscription_of(organization)
    if request.method == "POST":
        asked = actions.cancel(organization=organization, by=request.member.person)
        return redirect("billing:errand", organization.slug, asked.pk)
    if held is None or held.cancel_at_period_end:
        return redirect("billing:home", organization.slug)
    return render(request, "billing/cancel.html", {"page": queries.end_page(organization, held)})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def resume(request: TenantRequest) -> HttpResponse:
    """Ask, then go on with a plan that was to end."""
    organization = request.member.organization
    held = subscription_of(organization)
    if request.method == "POST":
        asked = actions.resume(organization=organization, by=request.member.person)
        return redirect("billing:errand", organization.slug, asked.pk)
    if held is None or not held.cancel_at_period_end:
        return redirect("billing:home", organization.slug)
    return render(request, "billing/resume.html", {"subscription": held})
