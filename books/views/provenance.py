"""Who wrote what: a chapter's paragraphs, the marks of who reviewed them, and the sums of a book."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from books.actions.provenance import review_paragraphs
from books.forms.provenance import ReviewForm
from books.models import BookAct
from books.queries import provenance as queries
from books.views.fetching import fetch_book, fetch_chapter
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def origins(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Words of a book by who wrote them."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    return render(request, "books/origins.html", {"page": queries.origins_page(book)})


@require_safe
@tenant_view
def origin(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Paragraphs of a chapter by who wrote them: a page, of which the studio shows `#panel` beside the text."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    return render(request, "books/origin.html", {"page": queries.origin_panel(chapter, request.acts)})


@require_POST
@tenant_view
def review(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Paragraphs marked as reviewed, or no longer."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.DECIDE)
    form = ReviewForm(request.POST, len(queries.origin_panel(chapter, request.acts).paragraphs))
    refusal = "" if form.is_valid() else _("Choose paragraphs of this chapter.")
    if not refusal:
        said, reviewed = form.cleaned_data, form.cleaned_data["act"] != "none"
        try:
            number = review_paragraphs(
                chapter=chapter, by=request.member.person, version=said["version"], places=form.places(),
                reviewed=reviewed,
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused.message
    if refusal or request.headers.get("HX-Request"):
        chapter = fetch_chapter(request, book_id, chapter_id, BookAct.DECIDE)
        context = {"page": queries.origin_panel(chapter, request.acts), "refusal": refusal}
        return render(request, "books/origin.html", context, status=422 if refusal else 200)
    told = ngettext("%(number)d paragraph marked.", "%(number)d paragraphs marked.", number) % {"number": number}
    messages.success(request, told)
    return redirect("books:origin", request.member.organization.slug, book_id, chapter_id)
