"""Pages that wait for a provider: how a purchase stands, how an errand does; both look again by themselves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from billing.actions import checkout as actions
from billing.actions import plans
from billing.errors import PaymentRefused
from billing.forms.lists import LookForm
from billing.models import Errand, ErrandKind, Purchase
from billing.queries.waiting import ErrandPage, PurchasePage, errand_page, purchase_page
from organizations.access import TenantRequest, tenant_view

PRICED = ["price__plan", "price__pack", "price__service"]


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.see")
def purchase(request: TenantRequest, purchase_id: UUID) -> HttpResponse:
    """How a purchase stands: the page a provider leads back to. It grants nothing; POST asks the provider again."""
    rows = Purchase.objects.of(request.member.organization).select_related(*PRICED)
    found = get_object_or_404(rows, pk=purchase_id)
    if request.method == "POST":
        request.member.require("billing.manage")
        actions.look_again(purchase=found)
        return redirect("billing:purchase", request.member.organization.slug, found.pk)
    page = purchase_page(found)
    elsewhere = found.url if page.is_payable and request.member.may("billing.manage") else ""
    return waited(request, "billing/purchase.html", page, elsewhere)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def errand(request: TenantRequest, errand_id: UUID) -> HttpResponse:
    """What became of something asked of the provider; POST, of a change whose cost is shown, makes the change."""
    organization = request.member.organization
    rows = Errand.objects.of(organization).select_related("organization")
    if request.method == "POST":
        found = get_object_or_404(rows, pk=errand_id, kind=ErrandKind.PREVIEW)
        try:
            change = plans.change_plan(preview=found, by=request.member.person)
        except PaymentRefused as refusal:
            messages.error(request, refusal.message)
            return redirect("billing:plans", organization.slug)
        return redirect("billing:errand", organization.slug, change.pk)
    page = errand_page(organization, get_object_or_404(rows, pk=errand_id))
    return waited(request, "billing/errand.html", page, page.elsewhere)


def waited(request: TenantRequest, template: str, page: PurchasePage | ErrandPage, elsewhere: str) -> HttpResponse:
    """The page; for HTMX its `again` part while nothing has changed, else its `state`. On to `elsewhere` when asked."""
    form = LookForm(request.GET)
    going = form.understood("going")
    swapped = bool(request.headers.get("HX-Request"))
    if elsewhere and going == 2:
        return HttpResponse(headers={"HX-Redirect": elsewhere}) if swapped else redirect(elsewhere)
    context: dict[str, Any] = {"page": page, "look": form.asked(), "going": going}
    if not swapped:
        return render(request, template, context)
    if page.is_waiting and form.understood("stage") == page.stage:
        return render(request, f"{template}#again", context)
    response = render(request, f"{template}#state", context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#waiting", "innerHTML"
    return response
