"""Suggestions ordered from a model: how far they are, and what came of them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from books.models import Book, BookAct, Review
from books.queries.reviews import review_page
from books.views.fetching import allow
from organizations.access import TenantRequest, tenant_view


def fetch(request: TenantRequest, review_id: UUID) -> Review:
    """The order, for who may change its book; 404 for who may not read it, 403 for who may do no more."""
    books = Book.objects.visible_to(request.member)
    reviews = Review.objects.of(request.member.organization)
    reviews = reviews.select_related("run", "chapter__book", "chapter__organization", "organization")
    found = get_object_or_404(reviews, pk=review_id, chapter__book__in=books, chapter__trashed_at__isnull=True)
    allow(request, found.chapter.book, BookAct.EDIT)
    return found


def shown(request: TenantRequest, found: Review) -> HttpResponse:
    """The page; of it the studio asks for `panel`, and the page itself for `progress` when something changed."""
    target = request.headers.get("HX-Target", "")
    part = f"#{target}" if target in {"panel", "progress"} else ""
    context = {"page": review_page(found), "in_panel": target == "panel"}
    return render(request, f"books/review.html{part}", context)


@require_safe
@tenant_view
def review(request: TenantRequest, review_id: UUID) -> HttpResponse:
    """How many parts are read; at the end how many suggestions stand in the text, and how many were left out."""
    return shown(request, fetch(request, review_id))
