"""A new book, a book."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import queries as prices
from books import actions
from books.forms import BookForm
from books.models import Book, Run
from books.queries import books as book_queries
from core.errors import Forbidden
from core.ids import new_id
from organizations.access import Member, TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def book_new(request: TenantRequest) -> HttpResponse:
    """The brief of a new book; the second submit of one form leads to the run of the first."""
    if not request.member.may_create_books:
        raise Forbidden(_("Guests work on the books they were given: they cannot begin new ones."))
    person = request.member.person
    defaults = {
        "request_key": new_id(), "language": person.language, "chapter_count": 6, "words_per_chapter": 1500,
        "genre": "guide", "audience": "general", "difficulty": "beginner", "tone": "warm", "palette": "garnet",
        "byline": person.name,
    }  # fmt: skip
    form = BookForm(request.POST or None, initial=defaults)
    if request.method == "POST" and form.is_valid():
        return redirect("books:run", request.member.organization.slug, begin(request.member, form.cleaned_data).pk)
    context = {"form": form, "tariff": prices.book_tariff()}
    return render(request, "books/book_new.html", context, status=422 if form.is_bound else 200)


def begin(member: Member, answers: Mapping[str, Any]) -> Run:
    """Make the book and start its run; a form sent twice gives the run of the first time, over or not."""
    brief = dict(answers)
    key, approves_itself = brief.pop("request_key"), brief.pop("approves_itself")
    made, is_new = actions.create_book(
        organization=member.organization, author=member.person, brief=brief, request_key=key
    )
    if not is_new:
        return made.runs.of(member.organization).latest("created_at")
    return actions.start_run(book=made, by=member.person, approves_itself=approves_itself)


@require_safe
@tenant_view
def book(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """A book: contents, files, what it used; HTMX asks for its `downloads` part until no file is being made.

    `?exporting=N` says how many files the asking page shows as being made: 204 while that is still so.
    """
    found = get_object_or_404(
        Book.objects.visible_to(request.member).select_related("organization", "author"), pk=book_id
    )
    page = book_queries.book_page(found, request.member.person)
    if request.GET.get("exporting") == str(page.exporting):
        return HttpResponse(status=204)
    may_edit = Book.objects.editable_by(request.member).filter(pk=book_id).exists()
    template = "books/book.html#downloads" if request.headers.get("HX-Request") else "books/book.html"
    return render(request, template, {"page": page, "may_edit": may_edit})


@require_POST
@tenant_view
def book_write(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Start (or go back to) the run of a book that has no text yet."""
    found = get_object_or_404(Book.objects.editable_by(request.member), pk=book_id)
    run = actions.start_run(book=found, by=request.member.person)
    return redirect("books:run", request.member.organization.slug, run.pk)
