"""The pages of an offered place: behind the link that was mailed, and on the way back from signing up or in.

The link is the right (ruling 12): whoever holds it may join with whatever account they have. Opening it is remembered
in the session, so that the way through sign-up or sign-in leads back without the link in any other address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import to_sign_in, to_sign_up
from accounts.models import User
from core import tenancy
from core.errors import DomainError
from organizations.queries.offers import Offer

Key = TypeVar("Key", bound=Model)
AnyOffer = Offer[Any]


@dataclass(frozen=True)
class OfferPages(Generic[Key]):
    """What is shown and done about one kind of offer.

    `accept` and `decline` call the action, in the offer's tenant, and say what was done; a refusal of accepting is
    shown beside the offer.
    """

    held: str  # in the session: the key behind the link that was opened last
    behind: Callable[[Key], AnyOffer | None]  # the open offer that a key finds
    template: str  # extends organizations/offer.html
    gone: str  # extends organizations/offer_gone.html; `offer` is one that has expired, or None
    way_back: str  # name of the address, with the key's id, where the offer waits for who has an account by then
    accept: Callable[[AnyOffer, User], str]
    decline: Callable[[AnyOffer, User | None], str]
    entrance: Callable[[AnyOffer], str]  # address that is open to who has accepted

    def opened(self, request: HttpRequest, key: Key | None) -> HttpResponse:
        """Remember that its link was opened, then answer."""
        if key is not None and not self.is_held(request, key.pk):
            request.session[self.held] = str(key.pk)
        return self.answer(request, key)

    def is_held(self, request: HttpRequest, key_id: UUID) -> bool:
        """Whether the link of that key was opened last."""
        return bool(request.session.get(self.held) == str(key_id))

    def answer(self, request: HttpRequest, key: Key | None) -> HttpResponse:
        """Show the offer, or do what was chosen; 404 with what to do now for a key that finds nothing (any more)."""
        offer = self.behind(key) if key else None
        if offer is None or offer.is_expired:
            return render(request, self.gone, {"offer": offer}, status=404)
        choices = {
            "accept": self._accept,
            "decline": self._decline,
            "sign_up": self._sign_up,
            "sign_in": self._sign_in,
        }
        chosen = choices.get(request.POST.get("do", ""), self._show)
        return chosen(request, offer)

    def _show(self, request: HttpRequest, offer: AnyOffer, refusal: str = "") -> HttpResponse:
        """The page, perhaps with why it could not be done."""
        proved = EmailAddress.objects.filter(verified=True, email=offer.email)
        context = {
            "offer": offer,
            "is_mine": bool(request.user.pk) and proved.filter(user=request.user.pk).exists(),
            "is_closed_beta": settings.CLOSED_BETA,
            "refusal": refusal,
        }
        return render(request, self.template, context, status=422 if refusal else 200)

    def _accept(self, request: HttpRequest, offer: AnyOffer) -> HttpResponse:
        """Take the place, and enter."""
        if not isinstance(request.user, User):
            return self._sign_in(request, offer)
        try:
            with tenancy.declared(offer.organization.pk):
                said = self.accept(offer, request.user)
        except DomainError as refusal:
            return self._show(request, offer, refusal.message)
        return self._done(request, said, self.entrance(offer))

    def _decline(self, request: HttpRequest, offer: AnyOffer) -> HttpResponse:
        """Turn it down."""
        person = request.user if isinstance(request.user, User) else None
        with tenancy.declared(offer.organization.pk):
            said = self.decline(offer, person)
        return self._done(request, said, "organizations:landing" if person else "front")

    def _done(self, request: HttpRequest, said: str, to: str) -> HttpResponse:
        request.session.pop(self.held, None)
        messages.success(request, said)
        return redirect(to)

    def _sign_up(self, request: HttpRequest, offer: AnyOffer) -> HttpResponse:
        """To the sign-up page: the link has proved the address, so no code is asked for."""
        return to_sign_up(request, email=offer.email, back=reverse(self.way_back, args=[offer.key_id]))

    def _sign_in(self, request: HttpRequest, offer: AnyOffer) -> HttpResponse:
        """To the sign-in page; somebody signed in with another account is signed out first."""
        request.session[self.held] = str(offer.key_id)
        return to_sign_in(request, held=self.held, back=reverse(self.way_back, args=[offer.key_id]))
