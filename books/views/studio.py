"""The editor of a chapter."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from books.models import BookAct
from books.queries.studio import studio_page
from books.views.fetching import fetch_chapter
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def studio(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter in the editor, for who may at least comment on it."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    return render(request, "books/studio.html", {"page": studio_page(chapter, request.member.person, request.acts)})
