"""Buying: what it is, for whom and for how much, before the page where it is paid."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing.actions import checkout as actions
from billing.errors import PaymentRefused
from billing.forms.lists import QuantityForm
from billing.models import Price
from billing.queries.access import subscription_of
from billing.queries.plans import checkout_page
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def checkout(request: TenantRequest, price_id: UUID) -> HttpResponse:
    """What is bought, with what is due; POST is the order, and leads to the page that waits for its payment."""
    organization = request.member.organization
    price = get_object_or_404(Price.objects.filter(service=None).select_related("plan", "pack"), pk=price_id)
    if price.plan_id and subscription_of(organization):
        return redirect("billing:change", organization.slug, price.pk)
    quantity = QuantityForm(request.POST or request.GET).number() if price.pack_id else 1
    refusal = ""
    if request.method == "POST":
        try:
            made = actions.start_checkout(
                organization=organization, price=price, quantity=quantity, by=request.member.person
            )
        except PaymentRefused as refused:
            refusal = refused.message
        else:
            return redirect(reverse("billing:purchase", args=[organization.slug, made.pk]) + "?going=1")
    context = {"page": checkout_page(organization, price, quantity), "refusal": refusal}
    return render(request, "billing/checkout.html", context, status=422 if refusal else 200)
