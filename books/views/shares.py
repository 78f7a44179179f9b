"""Who reads a book: who in the organization sees it, links for others, and how often it is opened from outside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import shares as actions
from books.forms.shares import LinkForm, VisibilityForm, VisitsForm
from books.models import Book, BookAct, ShareLink, Visibility
from books.queries import shares as queries
from books.queries.visits import visits_page
from books.views.fetching import fetch_book
from core.errors import DomainError
from core.forms import ListForm
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def shares(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Who sees the book, and the links to it; POST makes one."""
    book = fetch_book(request, book_id, BookAct.SHARE)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.make_link(book=book, by=request.member.person, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made: copy it from the list and send it to your readers."))
            return to_shares(request, book_id)
    return sharing(request, book, form)


def sharing(request: TenantRequest, book: Book, form: LinkForm) -> HttpResponse:
    """The page with the form as it is."""
    context = {
        "book": book,
        "form": form,
        "page": queries.shares_page(book, ListForm(request.GET).cursor()),
        "is_author": book.author_id == request.member.person.pk,
        "visibility": VisibilityForm(initial={"visibility": book.visibility}),
    }
    return render(request, "books/shares.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view
def share_visibility(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Say who in the organization sees the book."""
    book = fetch_book(request, book_id, BookAct.SHARE)
    form = VisibilityForm(request.POST or request.GET)
    if not form.is_valid():
        messages.error(request, _("Choose who sees the book."))
    elif actions.show_to(book=book, by=request.member.person, visibility=Visibility(form.cleaned_data["visibility"])):
        undo = f"{request.path}?visibility={book.visibility}"
        messages.success(request, _("It is set who sees the book."), extra_tags=undo)
    return to_shares(request, book_id)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def share_revoke(request: TenantRequest, book_id: UUID, link_id: UUID) -> HttpResponse:
    """Ask, then let a link lead nowhere."""
    book = fetch_book(request, book_id, BookAct.SHARE)
    links = ShareLink.objects.of(book.organization).select_related("organization")
    link = get_object_or_404(links, pk=link_id, book=book)
    if request.method != "POST":
        return render(request, "books/share_revoke.html", {"book": book, "link": link})
    if actions.revoke_link(link=link, by=request.member.person):
        messages.success(request, _("The link leads nowhere any more."))
    return to_shares(request, book_id)


@require_safe
@tenant_view
def visits(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """How often the book was opened from outside, by day."""
    book = fetch_book(request, book_id, BookAct.SHARE)
    form = VisitsForm(request.GET)
    page = visits_page(book, link=form.understood("link"), public=bool(form.understood("public")))
    return render(request, "books/visits.html", {"book": book, "page": page})


def to_shares(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Back to who reads it."""
    return redirect("books:shares", request.member.organization.slug, book_id)
