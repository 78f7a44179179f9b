"""What models are asked to do with a chapter."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from books.actions import reviews, rewrites
from books.forms.assistant import AssistantForm
from books.models import BookAct, Chapter, Review, Rewrite
from books.queries.assistant import assistant_page
from books.queries.purses import purse
from books.views import reviews as review_views
from books.views import rewrites as rewrite_views
from books.views.fetching import fetch_chapter
from core.errors import DomainError
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def assistant(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The orders of a chapter and the form for the next; the second submit of one leads to the order of the first."""
    ordering = request.method == "POST"
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.ORDER if ordering else BookAct.EDIT)
    form = AssistantForm(chapter, request.POST if ordering else None, initial=beginning(request, chapter))
    refusal, status = "", 422 if ordering else 200
    if form.is_valid():
        try:
            return followed(request, order(request, chapter, form))
        except DomainError as refused:
            refusal, status = refused.message, refused.status
    page = assistant_page(chapter)
    wallet = purse(request.member, page.least_credits)
    context = {"page": page, "form": form, "refusal": refusal, "purse": wallet}
    return page_or_part(request, "books/assistant.html#panel", context, status=status)


def order(request: TenantRequest, chapter: Chapter, form: AssistantForm) -> Rewrite | Review:
    """Place the order of a valid form."""
    by, accepted = request.member.person, form.cleaned_data["accepted_credits"]
    if not form.is_review:
        return rewrites.order_rewrite(chapter=chapter, by=by, wanted=form.wanted, accepted_credits=accepted)
    kinds, chosen = form.cleaned_data["kinds"], form.cleaned_data["chosen"]
    return reviews.order_review(chapter=chapter, by=by, kinds=kinds, chosen=chosen, accepted_credits=accepted)


def followed(request: TenantRequest, made: Rewrite | Review) -> HttpResponse:
    """The page of an order; in the studio its panel, at once."""
    name = "review" if isinstance(made, Review) else "rewrite"
    if request.headers.get("HX-Target") != "panel":
        return redirect(f"books:{name}", request.member.organization.slug, made.pk)
    if isinstance(made, Review):
        return review_views.shown(request, review_views.fetch(request, made.pk))
    return rewrite_views.shown(request, rewrite_views.fetch(request, made.pk))


def beginning(request: TenantRequest, chapter: Chapter) -> dict[str, object]:
    """What the form begins with: a rewrite; a translation into the other language of the site."""
    other = "fr" if chapter.book.language == "en" else "en"
    return {"task": request.GET.get("task", "rewrite"), "into": other, "kinds": ["style", "coherence"]}
