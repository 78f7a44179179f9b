"""The texts a book follows: given, listed, taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from books.actions import sources as actions
from books.forms.sources import SourcesForm, messages_of
from books.models import ACTIVE_RUN_STATES, Book, BookAct, Run, RunKind, Source
from books.queries.sources import SourcesPage, sources_page
from books.views.fetching import allow, fetch_book
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def sources(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """The list, and the form that adds to it."""
    found = fetch_book(request, book_id, BookAct.EDIT)
    form = SourcesForm(request.POST, request.FILES) if request.method == "POST" else SourcesForm()
    if form.is_valid():
        try:
            added = actions.add_sources(book=found, by=request.member.person, drafts=form.drafts)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, messages_of(added, form.drafts))
            return redirect("books:sources", request.member.organization.slug, found.pk)
    context = {"form": form, "page": read_page(found)}
    return render(request, "books/sources.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def source_remove(request: TenantRequest, source_id: UUID) -> HttpResponse:
    """Ask, then take a source away."""
    books = Book.objects.visible_to(request.member)
    rows = Source.objects.of(request.member.organization).select_related("book__organization").defer("text")
    found = get_object_or_404(rows, pk=source_id, book__in=books)
    allow(request, found.book, BookAct.EDIT)
    if request.method != "POST":
        return render(request, "books/source_remove.html", {"source": found})
    actions.remove_source(source=found, by=request.member.person)
    messages.success(request, _("Removed: %(title)s.") % {"title": found.title})
    return redirect("books:sources", request.member.organization.slug, found.book_id)


def read_page(book: Book) -> SourcesPage:
    """The list with what may be done now (two queries)."""
    runs = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES)
    return sources_page(book, runs.first())
