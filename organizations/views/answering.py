"""Invitations as the invited person sees them: behind the link that was mailed, and among their own pages."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import me
from accounts.models import User
from organizations.access.offers import OfferPages
from organizations.actions import invitations as actions
from organizations.models import Invitation, InvitationKey
from organizations.queries import invitations as queries
from organizations.queries.offers import Offer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, for whoever holds the link, with an account or without."""
    return PAGES.opened(request, queries.key_of_link(token))


@require_http_methods(["GET", "HEAD", "POST"])
def own_invitation(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """The same for a person it was sent to, or who came here from the link through sign-up or sign-in."""
    held = InvitationKey.objects.filter(pk=key_id).select_related("organization")
    return PAGES.answer(
        request, held.first() if PAGES.is_held(request, key_id) else queries.key_for(me(request), key_id)
    )


@require_safe
def own_invitations(request: HttpRequest) -> HttpResponse:
    """Invitations to addresses that the person has proved to be theirs."""
    return render(request, "organizations/own_invitations.html", {"offers": queries.offers_for(me(request))})


def accept(offer: Offer[Invitation], person: User) -> str:
    """Join the organization."""
    actions.accept_invitation(invitation=offer.row, person=person)
    return _("Welcome to %(name)s.") % {"name": offer.organization.name}


def decline(offer: Offer[Invitation], person: User | None) -> str:
    """Turn it down."""
    actions.decline_invitation(invitation=offer.row, person=person)
    return _("The invitation to %(name)s is declined.") % {"name": offer.organization.name}


PAGES = OfferPages(
    held="invitation",
    behind=queries.offer_behind,
    template="organizations/invitation.html",
    gone="organizations/invitation_gone.html",
    way_back="organizations:own_invitation",
    accept=accept,
    decline=decline,
    entrance=lambda offer: f"/o/{offer.organization.slug}/",
)
