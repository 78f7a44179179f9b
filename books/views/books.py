"""A new book, a book."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import queries as prices
from books import actions
from books.actions import sources as source_actions
from books.actions.sources import SourceDraft
from books.forms import BookForm
from books.forms.sources import SourcesForm
from books.models import BookAct, Run
from books.queries import books as book_queries
from books.queries.collaborators import own_grant
from books.queries.purses import purse
from books.queries.rights import sees_downloads
from books.queries.sources import sources_of
from books.views.fetching import fetch_book
from books.views.purses import UNPAID, unpaid
from core.ids import new_id
from core.views import page_or_part
from organizations.access import Member, TenantRequest, tenant_view
from organizations.errors import LimitReached
from organizations.queries import usage


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="books.create")
def book_new(request: TenantRequest) -> HttpResponse:
    """The brief of a new book; the second submit of one form leads to the run of the first."""
    person = request.member.person
    defaults = {
        "request_key": new_id(), "language": person.language, "chapter_count": 6, "words_per_chapter": 1500,
        "genre": "guide", "audience": "general", "difficulty": "beginner", "tone": "warm", "palette": "garnet",
        "byline": person.name,
    }  # fmt: skip
    form = BookForm(request.POST or None, initial=defaults)
    sources = SourcesForm(request.POST or None, request.FILES or None, optional=True)
    if request.method == "POST" and all([form.is_valid(), sources.is_valid()]):
        try:
            run = begin(request.member, form.cleaned_data, sources.drafts)
        except (LimitReached, *UNPAID) as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("books:run", request.member.organization.slug, run.pk)
    levels = () if form.is_bound else usage.near(request.member.organization, "books", "books_a_month")
    context = {"form": form, "sources": sources, "tariff": prices.book_tariff(), "levels": levels}
    context["purse"] = purse(request.member, 0)
    return render(request, "books/book_new.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def begin(member: Member, answers: Mapping[str, Any], sources: Sequence[SourceDraft]) -> Run:
    """Make the book with its sources and start its run; a form sent twice gives the run of the first time."""
    brief = dict(answers)
    key, approves_itself = brief.pop("request_key"), brief.pop("approves_itself")
    made, is_new = actions.create_book(
        organization=member.organization, author=member.person, brief=brief, request_key=key
    )
    if not is_new:
        return made.runs.of(member.organization).latest("created_at")
    source_actions.add_sources(book=made, by=member.person, drafts=sources)
    return actions.start_run(book=made, by=member.person, approves_itself=approves_itself)


@require_safe
@tenant_view
def book(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """A book: contents, files, what it used; HTMX asks for its `downloads` part until no file is being made.

    `?exporting=N` says how many files the asking page shows as being made: 204 while that is still so.
    """
    found = fetch_book(request, book_id)
    page = book_queries.book_page(found, request.member)
    if request.GET.get("exporting") == str(page.exporting):
        return HttpResponse(status=204)
    levels = usage.near(found.organization, "storage_bytes") if request.member.may("billing.see_usage") else ()
    context = {
        "page": page,
        "purse": purse(request.member, prices.book_tariff().quote(found.planned_words)) if page.can_start else None,
        "levels": levels,
        "may_order": BookAct.ORDER in request.acts,
        "has_part": found.author_id != request.member.person.pk and own_grant(found, request.member.person) is not None,
        "may_see_downloads": sees_downloads(request.member, found),
        "sources": sources_of(found) if BookAct.EDIT in request.acts else (),
    }
    return page_or_part(request, "books/book.html#downloads", context)


@require_POST
@tenant_view
def book_write(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Start (or go back to) the run of a book that has no text yet."""
    found = fetch_book(request, book_id, BookAct.ORDER)
    try:
        run = actions.start_run(book=found, by=request.member.person)
    except UNPAID as refusal:
        price = prices.book_tariff().quote(found.planned_words)
        page = reverse("books:book", args=[request.member.organization.slug, found.pk])
        return unpaid(request, refusal, price=price, back=page)
    return redirect("books:run", request.member.organization.slug, run.pk)
