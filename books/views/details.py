"""What a book is called and how it looks; another book like it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from books import actions
from books.forms import CopyForm, DetailsForm
from books.models import BookAct, Visibility
from books.views.fetching import fetch_book
from core.ids import new_id
from organizations.access import TenantRequest, tenant_view

FIELDS = ["title", "subtitle", "byline", "blurb", "palette", "visibility"]


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def book_edit(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Title, subtitle, name on the cover, back-cover text, colour.

    Who sees it is the author's alone to change, and not here while everyone does: it is taken back first.
    """
    found = fetch_book(request, book_id, BookAct.EDIT)
    says_who_sees = found.author_id == request.member.person.pk and found.visibility != Visibility.PUBLIC
    initial = {name: getattr(found, name) for name in FIELDS}
    form = DetailsForm(request.POST or None, initial=initial, says_who_sees=says_who_sees)
    if form.is_valid():
        if actions.save_details(book=found, by=request.member.person, details=form.details):
            messages.success(request, _("The book’s details are saved. Files made before are older than the book now."))
        return redirect("books:book", request.member.organization.slug, found.pk)
    return render(request, "books/book_edit.html", {"book": found, "form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="books.create")
def book_copy(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Make a private draft like this book; the second submit of one form leads to the copy of the first."""
    found = fetch_book(request, book_id)
    form = CopyForm(request.POST or None, initial={"request_key": new_id(), "with_text": "yes"})
    if form.is_valid():
        made = actions.duplicate_book(book=found, by=request.member.person, **form.cleaned_data)
        messages.success(request, _("This is the copy. It is private: you alone see it."))
        return redirect("books:book", request.member.organization.slug, made.pk)
    return render(request, "books/book_copy.html", {"book": found, "form": form}, status=422 if form.is_bound else 200)
