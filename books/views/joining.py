"""An offered part in a book as the invited person sees it, behind the link that was mailed."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from books.actions import collaborators as actions
from books.models import BookKey, BookKeyKind, Collaborator
from books.queries import collaborators as queries
from organizations.access.offers import OfferPages
from organizations.queries.offers import Offer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to which book, for whoever holds the link, with an account or without."""
    return PAGES.opened(request, queries.key_of_link(token))


@require_http_methods(["GET", "HEAD", "POST"])
def join_held(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """The same for who came here from the link through sign-up or sign-in."""
    keys = BookKey.objects.filter(kind=BookKeyKind.COLLABORATOR, pk=key_id).select_related("organization")
    return PAGES.answer(request, keys.first() if PAGES.is_held(request, key_id) else None)


def accept(offer: Offer[Collaborator], person: User) -> str:
    """Take the part."""
    actions.accept_collaboration(grant=offer.row, person=person)
    return _("Welcome to “%(title)s”.") % {"title": offer.row.book.title}


def decline(offer: Offer[Collaborator], person: User | None) -> str:
    """Turn it down."""
    actions.decline_collaboration(grant=offer.row, person=person)
    return _("The invitation to “%(title)s” is declined.") % {"title": offer.row.book.title}


def entrance(offer: Offer[Collaborator]) -> str:
    """The book, for who has a part in it."""
    return reverse("books:book", args=[offer.organization.slug, offer.row.book_id])


PAGES = OfferPages(
    held="book_invitation",
    behind=queries.offer_behind,
    template="books/join.html",
    gone="books/join_gone.html",
    way_back="book_join_held",
    accept=accept,
    decline=decline,
    entrance=entrance,
)
