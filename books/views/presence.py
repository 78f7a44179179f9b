"""Who is in a book now."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books.actions import presence as actions
from books.errors import BookRefused
from books.forms.presence import HereForm
from books.queries import presence
from books.views.fetching import fetch_book
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def people(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Everybody who is in the book, and in which chapter."""
    page = presence.people_page(fetch_book(request, book_id), request.member.person)
    return render(request, "books/studio_people.html", {"page": page})


@require_POST
@tenant_view
def here(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """An open page says every few seconds that it is; the answer is who else is there."""
    book, person = fetch_book(request, book_id), request.member.person
    form = HereForm(request.POST)
    if not form.is_valid():
        raise BookRefused(_("This is no place in a book."), code="no_place")
    if form.cleaned_data.pop("leaving"):
        actions.leave(book=book, by=person, **form.cleaned_data)
        return HttpResponse(status=204)
    actions.stay(book=book, by=person, **form.cleaned_data)
    return render(request, "books/studio_people.html#people", {"page": presence.people_page(book, person)})
