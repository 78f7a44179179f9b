"""A chapter written anew: ordered, followed, taken or discarded; and its earlier texts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import rewrites as actions
from books.forms.rewrites import InstructionForm, TakeForm
from books.models import Book, BookAct, ChapterVersion, Rewrite
from books.queries import rewrites as queries
from books.views.fetching import allow, fetch_chapter
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


def fetch(request: TenantRequest, rewrite_id: UUID) -> Rewrite:
    """The rewrite, if the member may change its book; 404 for who may not read it, 403 for who may do no more."""
    books = Book.objects.visible_to(request.member)
    rewrites = Rewrite.objects.of(request.member.organization)
    rewrites = rewrites.select_related("run", "chapter__book", "chapter__organization", "organization")
    found = get_object_or_404(rewrites, pk=rewrite_id, chapter__book__in=books)
    allow(request, found.chapter.book, BookAct.EDIT)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def rewrite_new(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The instruction and its price; the second submit of one order leads to the rewrite of the first."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.ORDER)
    page = queries.rewrite_form(chapter.book, chapter)
    form = InstructionForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = actions.order_rewrite(chapter=chapter, by=request.member.person, **form.cleaned_data)
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            return redirect("books:rewrite", request.member.organization.slug, made.pk)
    return render(request, "books/rewrite_new.html", {"form": form, "page": page, "refusal": refusal}, status=status)


@require_safe
@tenant_view
def rewrite(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """The proposal beside the present text; HTMX asks for its `progress` part again whenever something changed."""
    page = queries.rewrite_page(fetch(request, rewrite_id))
    template = "books/rewrite.html#progress" if request.headers.get("HX-Request") else "books/rewrite.html"
    return render(request, template, {"page": page})


@require_POST
@tenant_view
def rewrite_take(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """Put the proposal in the chapter's place; when the chapter has changed meanwhile, show both again (409)."""
    found = fetch(request, rewrite_id)
    form = TakeForm(request.POST)
    present = form.cleaned_data["present"] if form.is_valid() else ""
    try:
        actions.take_rewrite(rewrite=found, by=request.member.person, present=present)
    except DomainError as refusal:
        context = {"page": queries.rewrite_page(found), "refusal": refusal.message}
        return render(request, "books/rewrite.html", context, status=refusal.status)
    messages.success(request, _("The new text stands. The one before is kept as a version: you can go back to it."))
    return redirect("books:versions", request.member.organization.slug, found.chapter.book_id, found.chapter_id)


@require_POST
@tenant_view
def rewrite_discard(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """Leave the chapter as it is; what was written already can still be looked at and taken."""
    found = fetch(request, rewrite_id)
    actions.discard_rewrite(rewrite=found, by=request.member.person)
    if found.markdown:
        messages.success(request, _("Discarded. The chapter is as it was; the proposal can still be taken from here."))
    else:
        messages.success(request, _("Cancelled. The chapter is as it was."))
    return redirect("books:versions", request.member.organization.slug, found.chapter.book_id, found.chapter_id)


@require_safe
@tenant_view
def versions(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The texts a chapter had, and proposals that were not taken."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.EDIT)
    return render(request, "books/versions.html", {"page": queries.versions_page(chapter.book, chapter)})


@require_safe
@tenant_view
def version(request: TenantRequest, book_id: UUID, chapter_id: UUID, number: int) -> HttpResponse:
    """One of them, to read."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.EDIT)
    found = get_object_or_404(ChapterVersion.objects.of(chapter.organization), chapter=chapter, number=number)
    return render(request, "books/version.html", {"page": queries.version_page(chapter.book, chapter, found)})


@require_POST
@tenant_view
def version_restore(request: TenantRequest, book_id: UUID, chapter_id: UUID, number: int) -> HttpResponse:
    """Go back to one of them."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.EDIT)
    versions = ChapterVersion.objects.of(chapter.organization).select_related("chapter", "chapter__organization")
    found = get_object_or_404(versions, chapter=chapter, number=number)
    actions.restore_version(version=found, by=request.member.person)
    messages.success(request, _("Version %(number)d stands again.") % {"number": number})
    return redirect("books:versions", request.member.organization.slug, book_id, chapter_id)
