"""Saved cards, and the provider's own page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.actions import cards as actions
from billing.errors import PaymentRefused
from billing.models import Errand, SavedCard
from billing.queries.home import cards_of
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view(needs="billing.see")
def cards(request: TenantRequest) -> HttpResponse:
    """The saved cards, the one that is paid with first."""
    return render(request, "billing/cards.html", {"cards": cards_of(request.member.organization)})


@require_POST
@tenant_view(needs="billing.manage")
def card_add(request: TenantRequest) -> HttpResponse:
    """Ask for the provider's page where a card is added, and wait for its address."""
    member = request.member
    return follow(request, actions.add_card(organization=member.organization, by=member.person), going=True)


@require_POST
@tenant_view(needs="billing.manage")
def portal(request: TenantRequest) -> HttpResponse:
    """Ask for the provider's own page, and wait for its address."""
    member = request.member
    return follow(request, actions.open_portal(organization=member.organization, by=member.person), going=True)


@require_POST
@tenant_view(needs="billing.manage")
def card_default(request: TenantRequest, card_id: UUID) -> HttpResponse:
    """Pay with this card from now on."""
    return follow(request, actions.set_default(card=own(request, card_id), by=request.member.person))


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.manage")
def card_remove(request: TenantRequest, card_id: UUID) -> HttpResponse:
    """Ask, then have a card forgotten."""
    card, refusal = own(request, card_id), ""
    if request.method == "POST":
        try:
            return follow(request, actions.remove_card(card=card, by=request.member.person))
        except PaymentRefused as refused:
            refusal = refused.message
    return render(
        request, "billing/card_remove.html", {"card": card, "refusal": refusal}, status=422 if refusal else 200
    )


def own(request: TenantRequest, card_id: UUID) -> SavedCard:
    """A card of the organization."""
    rows = SavedCard.objects.of(request.member.organization).filter(removed_at=None)
    return get_object_or_404(rows.select_related("organization", "customer"), pk=card_id)


def follow(request: TenantRequest, errand: Errand, *, going: bool = False) -> HttpResponse:
    """To the page that waits for the errand, and goes on to the provider's when that is what was asked for."""
    url = reverse("billing:errand", args=[request.member.organization.slug, errand.pk])
    return redirect(f"{url}?going=1" if going else url)
