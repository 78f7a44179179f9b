"""The texts a chapter had: listed, read, compared, gone back to, whole or paragraph by paragraph."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books.actions import history as actions
from books.forms.history import CompareVersionsForm, OlderForm, ParagraphForm
from books.models import BookAct, Chapter, ChapterVersion
from books.queries import chapter_history as queries
from books.views.fetching import fetch_chapter
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


def fetch_version(chapter: Chapter, number: int) -> ChapterVersion:
    """A version of the chapter; 404 without."""
    version = get_object_or_404(ChapterVersion.objects.of(chapter.organization), chapter=chapter, number=number)
    version.chapter = chapter
    return version


@require_safe
@tenant_view
def versions(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The texts a chapter had, and proposals that were not taken; the studio asks for the last ones as its panel."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    if request.headers.get("HX-Request"):
        page = queries.versions_page(chapter.book, chapter, size=queries.IN_PANEL)
        return render(request, "books/versions.html#panel", {"page": page, "in_studio": True})
    below = OlderForm(request.GET).understood("below") or 0
    return render(request, "books/versions.html", {"page": queries.versions_page(chapter.book, chapter, below=below)})


@require_safe
@tenant_view
def version(request: TenantRequest, book_id: UUID, chapter_id: UUID, number: int) -> HttpResponse:
    """One of them, to read."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    page = queries.version_page(chapter.book, chapter, fetch_version(chapter, number))
    return render(request, "books/version.html", {"page": page})


@require_safe
@tenant_view
def versions_compare(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Two of them, or one and the text that stands."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    form = CompareVersionsForm(request.GET)
    page = queries.compare_versions(chapter, form.understood("old") or 0, form.understood("new") or 0)
    if page is None:
        raise Http404
    return render(request, "books/versions_compare.html", {"page": page, "view": form.understood("view") or "beside"})


@require_POST
@tenant_view
def version_restore(request: TenantRequest, book_id: UUID, chapter_id: UUID, number: int) -> HttpResponse:
    """Go back to one of them."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.REVISE)
    before = actions.restore_version(version=fetch_version(chapter, number), by=request.member.person)
    said = _("Version %(number)d stands again.") % {"number": number}
    return _back(request, chapter, said, before)


@require_POST
@tenant_view
def paragraph_restore(request: TenantRequest, book_id: UUID, chapter_id: UUID, number: int) -> HttpResponse:
    """Put one paragraph back; when the chapter has changed meanwhile, show both texts again (409)."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.REVISE)
    found, form = fetch_version(chapter, number), ParagraphForm(request.POST)
    form.is_valid()
    chosen = {"number": form.cleaned_data.get("number", 0), "present": form.cleaned_data.get("present", "")}
    try:
        before = actions.restore_paragraph(version=found, by=request.member.person, **chosen)
    except DomainError as refused:
        page = queries.compare_versions(chapter, number, 0)
        context = {"page": page, "view": "beside", "refusal": refused.message}
        return render(request, "books/versions_compare.html", context, status=refused.status)
    said = _("The paragraph is as it was in version %(number)d.") % {"number": number}
    return _back(request, chapter, said, before)


def _back(request: TenantRequest, chapter: Chapter, said: str, before: int) -> HttpResponse:
    """To the page the button stood on, with what was done and the button that undoes it."""
    slug = request.member.organization.slug
    place = [slug, chapter.book_id, chapter.pk]
    undo = reverse("books:version_restore", args=[*place, before]) if before else ""
    messages.success(request, said, undo)
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return HttpResponseRedirect(wanted)
    return redirect("books:versions", *place)
