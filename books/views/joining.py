"""An offered part in a book as the invited person sees it, behind the link that was mailed.

The link is the right (ruling 12), as with invitations to organizations. Opening it is remembered in the session, so
that the way through sign-up or sign-in leads back without the link in any other address.
"""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import to_sign_in, to_sign_up
from accounts.models import User
from books.actions import collaborators as actions
from books.models import BookKey, BookKeyKind
from books.queries import collaborators as queries
from books.queries.collaborators import Offer
from core import tenancy
from core.errors import DomainError

HELD = "book_invitation"  # in the session: the key behind the link that was opened last


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to which book, for whoever holds the link, with an account or without."""
    key = queries.key_of_link(token)
    if key is not None and request.session.get(HELD) != str(key.pk):
        request.session[HELD] = str(key.pk)
    return answer(request, key)


@require_http_methods(["GET", "HEAD", "POST"])
def join_held(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """The same for who came here from the link through sign-up or sign-in."""
    keys = BookKey.objects.filter(kind=BookKeyKind.COLLABORATOR, pk=key_id).select_related("organization")
    return answer(request, keys.first() if request.session.get(HELD) == str(key_id) else None)


def answer(request: HttpRequest, key: BookKey | None) -> HttpResponse:
    """Show the offer, or do what was chosen; 404 with what to do now for a link that finds nothing (any more)."""
    offer = queries.offer_behind(key) if key else None
    if offer is None or offer.is_expired:
        return render(request, "books/join_gone.html", {"offer": offer}, status=404)
    if request.method == "POST" and (chosen := CHOICES.get(request.POST.get("do", ""))):
        return chosen(request, offer)
    return shown(request, offer)


def shown(request: HttpRequest, offer: Offer, refusal: str = "") -> HttpResponse:
    """The page, perhaps with why it could not be done."""
    mine = request.user.pk and EmailAddress.objects.filter(
        user_id=request.user.pk, verified=True, email=offer.grant.email
    )
    context = {
        "offer": offer,
        "is_mine": bool(mine and mine.exists()),
        "is_closed_beta": settings.CLOSED_BETA,
        "refusal": refusal,
    }
    return render(request, "books/join.html", context, status=422 if refusal else 200)


def accept(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Take the part, and open the book."""
    if not isinstance(request.user, User):
        return sign_in(request, offer)
    try:
        with tenancy.declared(offer.organization.pk):
            actions.accept_collaboration(grant=offer.grant, person=request.user)
    except DomainError as refusal:
        return shown(request, offer, refusal.message)
    request.session.pop(HELD, None)
    messages.success(request, _("Welcome to “%(title)s”.") % {"title": offer.book.title})
    return redirect("books:book", offer.organization.slug, offer.book.pk)


def decline(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Turn it down."""
    person = request.user if isinstance(request.user, User) else None
    with tenancy.declared(offer.organization.pk):
        actions.decline_collaboration(grant=offer.grant, person=person)
    request.session.pop(HELD, None)
    messages.success(request, _("The invitation to “%(title)s” is declined.") % {"title": offer.book.title})
    return redirect("organizations:landing" if person else "front")


def sign_up(request: HttpRequest, offer: Offer) -> HttpResponse:
    """To the sign-up page: the link has proved the address, so no code is asked for."""
    return to_sign_up(request, email=offer.grant.email, back=way_back(offer))


def sign_in(request: HttpRequest, offer: Offer) -> HttpResponse:
    """To the sign-in page; somebody signed in with another account is signed out first."""
    request.session[HELD] = str(offer.key_id)
    return to_sign_in(request, held=HELD, back=way_back(offer))


def way_back(offer: Offer) -> str:
    """Where the offer waits for who has an account by then."""
    return reverse("book_join_held", args=[offer.key_id])


CHOICES = {"accept": accept, "decline": decline, "sign_up": sign_up, "sign_in": sign_in}
