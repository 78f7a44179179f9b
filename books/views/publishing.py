"""Publishing a book and taking it back."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from books.actions import publishing as actions
from books.forms.shares import PublishForm, TakeBackForm
from books.models import Book, BookAct, BookStatus, Visibility
from books.queries import editions
from books.queries.shares import slug_of
from books.views.fetching import fetch_book
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def publishing(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Whether the book is published, for whom and where; POST publishes it as it stands now."""
    book = fetch_book(request, book_id, BookAct.PUBLISH)
    asked = request.GET if "again" in request.GET else request.POST
    form = PublishForm(asked if request.method == "POST" else None, initial=chosen_before(book))
    if form.is_valid():
        try:
            actions.publish_book(
                book=book, by=request.member.person, visibility=Visibility(form.cleaned_data["visibility"])
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            said = _("“%(title)s” is published.") % {"title": book.title}
            messages.success(request, said, extra_tags=undo_publishing(request, book))
            return redirect("books:publishing", request.member.organization.slug, book_id)
    return shown(request, book, form)


def shown(request: TenantRequest, book: Book, form: PublishForm) -> HttpResponse:
    """The page with the form as it is."""
    is_out = book.status == BookStatus.PUBLISHED
    revision = editions.published_revision(book) if is_out else None
    slug = slug_of(book)
    context = {
        "book": book,
        "form": form,
        "is_out": is_out,
        "is_public": is_out and book.visibility == Visibility.PUBLIC,
        "revision": revision,
        "is_behind": revision is not None and editions.is_behind(book, revision),
        "public_url": settings.SITE_URL + reverse("public_book", args=[slug]) if slug else "",
    }
    return render(request, "books/publishing.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view
def take_back(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """End the publication; the notice's Undo publishes the book again, as it stands then."""
    book = fetch_book(request, book_id, BookAct.PUBLISH)
    form = TakeBackForm(request.POST if "visibility" in request.POST else request.GET)
    chosen = form.chosen if form.is_valid() else Visibility.INTERNAL
    if actions.take_back_book(book=book, by=request.member.person, visibility=chosen):
        page = reverse("books:publishing", args=[request.member.organization.slug, book_id])
        undo = f"{page}?{urlencode({'again': 1, 'visibility': book.visibility})}"
        said = _("“%(title)s” is taken back: nobody reads it from outside any more.") % {"title": book.title}
        messages.success(request, said, extra_tags=undo)
    return redirect("books:publishing", request.member.organization.slug, book_id)


def chosen_before(book: Book) -> dict[str, str]:
    """For whom it is published now, where it is."""
    return {"visibility": book.visibility} if book.status == BookStatus.PUBLISHED else {}


def undo_publishing(request: TenantRequest, book: Book) -> str:
    """Where the notice's Undo posts to; nothing where the book was published before, only with another text."""
    if book.status == BookStatus.PUBLISHED:
        return ""
    address = reverse("books:take_back", args=[request.member.organization.slug, book.pk])
    return f"{address}?{urlencode({'visibility': book.visibility})}"
