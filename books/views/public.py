"""Books for readers from outside: the public page of a published one, and what a share link leads to.

Neither needs an account, and nothing of the organization behind the book is on these pages. A public page is the same
for everybody; it may be stored and is asked for again each time, so that a book that was taken back is gone at once.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from books.actions import shares as actions
from books.forms.shares import LinkPasswordForm
from books.jobs import visits
from books.jobs.cards import card_of
from books.models import Book, Picture, ShareLink
from books.queries import editions
from books.queries.editions import Edition
from books.queries.public import Addresses, described
from books.queries.shares import link_behind, published_at
from books.views.pictures import answer
from core import digests, origin, tenancy

GONE = 404


@login_not_required
@require_safe
@conditional_page
def public_book(request: HttpRequest, name: str) -> HttpResponse:
    """The front of a published book: cover, back-cover text, contents."""
    return public(request, published(name), name, None)


@login_not_required
@require_safe
@conditional_page
def public_chapter(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One chapter of it."""
    return public(request, published(name), name, number)


@login_not_required
@require_safe
def public_card(request: HttpRequest, name: str) -> HttpResponse:
    """The picture that messengers and networks show of it: 1200 × 630 pixels."""
    response = HttpResponse(card_of(published(name)), content_type="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=3600)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The front of a shared book; with a password, whoever does not have it yet is asked first."""
    link = link_behind(token)
    if link is None:
        return gone(request)
    if not is_open(request, link):
        return ask(request, link, token)
    return private(request, link, token, None)


@login_not_required
@require_safe
def shared_chapter(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One chapter of it, for who is past the password."""
    link = link_behind(token)
    if link is None:
        return gone(request)
    if not is_open(request, link):
        return redirect("shared", token)
    return private(request, link, token, number)


@login_not_required
@require_safe
def public_picture(request: HttpRequest, name: str, picture_id: UUID, size: str) -> HttpResponseBase:
    """A picture in a published book."""
    return picture_of(request, published(name), picture_id, size)


@login_not_required
@require_safe
def shared_picture(request: HttpRequest, token: str, picture_id: UUID, size: str) -> HttpResponseBase:
    """A picture in a shared book, for who is past the password."""
    link = link_behind(token)
    if link is None or not is_open(request, link):
        raise Http404
    return picture_of(request, link.book, picture_id, size)


def picture_of(request: HttpRequest, book: Book, picture_id: UUID, size: str) -> HttpResponseBase:
    """The file of one of the book's pictures; Http404 for any other."""
    with tenancy.declared(book.organization_id):
        picture = get_object_or_404(Picture.objects.of(book.organization), pk=picture_id, book=book)
        return answer(request, picture, small=size == "small")


def published(slug: str) -> Book:
    """The book everyone reads at that address; Http404 for any other."""
    book = published_at(slug)
    if book is None:
        raise Http404
    return book


def public(request: HttpRequest, book: Book, slug: str, number: int | None) -> HttpResponse:
    """A page of a published book, counted, and kept by nobody without asking again."""
    with tenancy.declared(book.organization_id):
        edition = editions.published(book)
        addresses = Addresses(reverse("public_book", args=[slug]), reverse("public_card", args=[slug]))
        response = read(request, edition, addresses, number)
    patch_vary_headers(response, ["Accept-Language"])
    if request.user.pk is None:
        patch_cache_control(response, public=True, no_cache=True)
    count(request, visits.Place(book.organization_id, book.pk))
    return response


def private(request: HttpRequest, link: ShareLink, token: str, number: int | None) -> HttpResponse:
    """A page of a shared book, counted, for nobody's index and nobody's store."""
    with tenancy.declared(link.organization_id):
        edition = editions.standing(link.book)
        response = read(request, edition, Addresses(reverse("shared", args=[token])), number)
    count(request, visits.Place(link.organization_id, link.book_id, link.pk))
    return unlisted(response)


def read(request: HttpRequest, edition: Edition | None, addresses: Addresses, number: int | None) -> HttpResponse:
    """The front, or one chapter; Http404 for a number that has no chapter."""
    if edition is None:
        raise Http404
    context: dict[str, Any] = {
        "edition": edition,
        "book": edition.book,
        "addresses": addresses,
        "site": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path if addresses.card else "",
    }
    if number is None:
        described_as = described(edition, settings.SITE_URL, addresses) if addresses.card else ""
        return render(request, "books/public.html", context | {"described": described_as})
    page = editions.edition_page(edition, number, addresses.picture)
    if page is None:
        raise Http404
    return render(request, "books/public_chapter.html", context | {"page": page})


def ask(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Ask for the link's password; who has given it is known by a signed cookie of this link's pages alone."""
    form = LinkPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and actions.open_link(link=link, password=form.cleaned_data["password"]):
        response = redirect("shared", token)
        response.set_signed_cookie(
            cookie_of(link), seal(link), salt="books.share", path=reverse("shared", args=[token]), httponly=True,
            samesite="Lax", max_age=None,
        )  # fmt: skip
        return unlisted(response)
    wrong = form.is_valid()
    status = 422 if form.is_bound else 200
    return unlisted(render(request, "books/public_password.html", {"form": form, "wrong": wrong}, status=status))


def is_open(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the link has no password, or this browser gave the one it has now."""
    known = request.get_signed_cookie(cookie_of(link), default="", salt="books.share")
    return not link.password or known == seal(link)


def cookie_of(link: ShareLink) -> str:
    """What the cookie of a link is called."""
    return f"share-{link.pk.hex[-12:]}"


def seal(link: ShareLink) -> str:
    """Stands for the link and the password it has now."""
    return digests.of_token(f"{link.pk}:{link.password}")


def gone(request: HttpRequest) -> HttpResponse:
    """One answer for a link that was revoked, has expired or never was."""
    return unlisted(render(request, "books/public_gone.html", status=GONE))


def unlisted(response: HttpResponse) -> HttpResponse:
    """For no search engine, and stored by nobody: the address is the right to read."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_store=True)
    return response


def count(request: HttpRequest, place: visits.Place) -> None:
    """Count the page, where somebody asked for it with their eyes on it."""
    if request.method == "GET":
        visits.count(
            place,
            address=origin.current().address or "",
            browser=request.headers.get("User-Agent", ""),
            purpose=request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", ""),
        )
