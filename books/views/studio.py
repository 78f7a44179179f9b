"""The editor of a chapter, and its text as it will look."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from books.forms.studio import PreviewForm
from books.models import BookAct
from books.queries.studio import PreviewPage, preview_page, studio_page
from books.views.fetching import fetch_chapter
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def studio(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter in the editor, for who may at least comment on it."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    return render(request, "books/studio.html", {"page": studio_page(chapter, request.member.person, request.acts)})


@require_POST
@tenant_view
def preview(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The text that was sent, as the book will show it; nothing is stored. 422 with what is wrong with it."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    form = PreviewForm(request.POST)
    if form.is_valid():
        page = preview_page(chapter, form.cleaned_data["markdown"])
    else:
        page = PreviewPage(chapter.book, chapter, "", tuple(map(str, form.errors["markdown"])))
    return page_or_part(request, "books/preview.html#page", {"page": page}, status=422 if page.problems else 200)
