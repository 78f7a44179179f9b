"""Saving a chapter, and what became of it meanwhile: for the editor as JSON, for a plain form as pages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books.actions.saving import Saved, save_text
from books.forms.saving import ManuscriptForm, SeenForm
from books.models import BookAct, Chapter
from books.queries.saving import Meeting, UnsavedPage, writers_since
from books.views.fetching import fetch_chapter
from core.errors import DomainError
from core.views import wants_json
from organizations.access import TenantRequest, tenant_view


@require_POST
@tenant_view
def save(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Store the text (200), or show what it meets (409) and what is wrong with it (422); nothing typed is dropped."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.EDIT)
    form = ManuscriptForm(request.POST)
    if not form.is_valid():
        return _unusable(request, chapter, form)
    try:
        outcome = save_text(chapter=chapter, by=request.member.person, **form.cleaned_data)
    except DomainError as refusal:
        if wants_json(request):
            raise
        page = UnsavedPage(chapter.book, chapter, form.cleaned_data["markdown"], problems=(refusal.message,))
        return render(request, "books/conflict.html", {"page": page}, status=refusal.status)
    if isinstance(outcome, Meeting):
        return _met(request, chapter, outcome)
    if wants_json(request):
        return JsonResponse(_stored(outcome, form))
    messages.success(request, _("Saved."))
    return redirect("books:studio", request.member.organization.slug, book_id, chapter_id)


@require_safe
@tenant_view
def text(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The chapter's version; its text, and who wrote it, for who has another one; and who is signed in here now."""
    chapter = fetch_chapter(request, book_id, chapter_id)
    form = SeenForm(request.GET)
    seen = form.cleaned_data["version"] if form.is_valid() else None
    # A page whose person signed in again in another tab has an old token: here it gets the present one.
    answer = {"version": chapter.version, "person": str(request.member.person.pk), "token": get_token(request)}
    if seen != chapter.version:
        people = writers_since(chapter, seen, request.member.person) if seen else ()
        answer |= {"markdown": chapter.markdown, "people": ", ".join(people)}
    return JsonResponse(answer)


def _stored(saved: Saved, form: ManuscriptForm) -> dict[str, object]:
    """The number the text has now; the text itself where other characters were stored than were sent."""
    answer: dict[str, object] = {"version": saved.version, "present": saved.present}
    return answer | ({"markdown": form.cleaned_data["markdown"]} if form.is_folded else {})


def _met(request: TenantRequest, chapter: Chapter, met: Meeting) -> HttpResponse:
    page = UnsavedPage(chapter.book, chapter, met.merged.text, meeting=met)
    if not wants_json(request):
        return render(request, "books/conflict.html", {"page": page}, status=409)
    answer = {
        "version": met.version,
        "base": met.base,
        "mine": met.mine,
        "theirs": met.theirs,
        "people": ", ".join(met.people),
        "parts": [{"mine": part.mine, "theirs": part.theirs} for part in met.merged.parts],
        "tail": met.merged.tail,
        "conflicts": len(met.choices),
        "html": render_to_string("books/conflict.html#choices", {"page": page}, request) if met.choices else "",
    }
    return JsonResponse(answer, status=409)


def _unusable(request: TenantRequest, chapter: Chapter, form: ManuscriptForm) -> HttpResponse:
    problems = tuple(str(error) for errors in form.errors.values() for error in errors)
    if wants_json(request):
        return JsonResponse({"error": {"code": "invalid", "message": " ".join(problems)}}, status=422)
    page = UnsavedPage(chapter.book, chapter, request.POST.get("markdown", ""), problems=problems)
    return render(request, "books/conflict.html", {"page": page}, status=422)
