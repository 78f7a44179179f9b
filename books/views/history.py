"""The history of a book: its revisions, any two of them compared, one to read and to go back to."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import history as actions
from books.forms.history import CompareForm, HistoryForm, KeepForm
from books.models import Book, BookAct, Chapter, Revision, RevisionKind
from books.queries import history as queries
from books.queries.history import RevisionPage
from books.views.fetching import fetch_book
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


def fetch_revision(book: Book, revision_id: UUID | None) -> Revision:
    """A revision of the book; 404 without."""
    revision = get_object_or_404(Revision.objects.of(book.organization), pk=revision_id, book=book)
    revision.book = book
    return revision


@require_safe
@tenant_view
def history(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """The revisions with search, filters and a cursor: each of them in the address."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    form = HistoryForm(request.GET)
    page = queries.history(book, form.wanted(), form.cursor())
    return render(request, "books/history.html", {"page": page, "kinds": RevisionKind.choices, "form": KeepForm()})


@require_POST
@tenant_view
def revision_keep(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Keep the book as it stands."""
    book = fetch_book(request, book_id, BookAct.REVISE)
    form = KeepForm(request.POST)
    if not form.is_valid():
        page = queries.history(book)
        context = {"page": page, "kinds": RevisionKind.choices, "form": form}
        return render(request, "books/history.html", context, status=422)
    kept = actions.keep_revision(book=book, by=request.member.person, message=form.cleaned_data["message"])
    messages.success(request, _("Kept as %(number)s. You can go back to it at any time.") % {"number": kept.number})
    return redirect("books:history", request.member.organization.slug, book.pk)


@require_safe
@tenant_view
def compare(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Which chapters differ between two revisions, or one and the book as it is; HTMX asks for one chapter's text."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    form = CompareForm(request.GET)
    ids = {form.understood("old"), form.understood("new")}
    opened = form.understood("chapter")
    page = queries.compare_revisions(book, *(fetch_revision(book, one) for one in ids - {None}), opened=opened)
    context = {"page": page, "view": form.understood("view") or "beside"}
    if request.headers.get("HX-Request") and opened:
        changed = {one.id: one for one in page.changes}
        if opened not in changed:
            raise Http404
        return render(request, "books/comparison.html#chapter", context | {"change": changed[opened]})
    return render(request, "books/comparison.html", context)


@require_safe
@tenant_view
def revision(request: TenantRequest, book_id: UUID, revision_id: UUID) -> HttpResponse:
    """A revision with its first chapter."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    return show(request, queries.revision_page(book, fetch_revision(book, revision_id)))


@require_safe
@tenant_view
def revision_chapter(request: TenantRequest, book_id: UUID, revision_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A revision with one of its chapters."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    return show(request, queries.revision_page(book, fetch_revision(book, revision_id), chapter_id))


def show(request: TenantRequest, page: RevisionPage | None, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page of a revision."""
    if page is None:
        raise Http404
    return render(request, "books/revision.html", {"page": page, "refusal": refusal}, status=status)


@require_POST
@tenant_view
def revision_chapter_restore(
    request: TenantRequest, book_id: UUID, revision_id: UUID, chapter_id: UUID
) -> HttpResponse:
    """Give a chapter the text and title it has in a revision."""
    book = fetch_book(request, book_id, BookAct.REVISE)
    found, organization = fetch_revision(book, revision_id), request.member.organization
    page = queries.revision_page(book, found, chapter_id)
    chapter = get_object_or_404(Chapter.everything.of(organization), pk=chapter_id, book=book)
    if page is None:
        raise Http404
    try:
        undo = actions.restore_chapter(revision=found, chapter=chapter, by=request.member.person)
    except DomainError as refused:
        return show(request, page, refused.message, refused.status)
    address = reverse("books:version_restore", args=[organization.slug, book.pk, chapter.pk, undo]) if undo else ""
    messages.success(request, _("The chapter is again as it was in %(number)s.") % {"number": found.number}, address)
    return redirect("books:versions", organization.slug, book.pk, chapter.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def revision_restore(request: TenantRequest, book_id: UUID, revision_id: UUID) -> HttpResponse:
    """What going back would change, and its button; the second submit changes nothing."""
    book = fetch_book(request, book_id, BookAct.REVISE)
    found, slug = fetch_revision(book, revision_id), request.member.organization.slug
    refusal, status = "", 200
    if request.method == "POST":
        try:
            before = actions.restore_book(revision=found, by=request.member.person)
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            undo = reverse("books:revision_restore", args=[slug, book.pk, before.pk]) if before else ""
            messages.success(request, _("The book is as it was in %(number)s.") % {"number": found.number}, undo)
            return redirect("books:history", slug, book.pk)
    page = queries.compare_revisions(book, found)
    context = {"page": page, "revision": found, "refusal": refusal}
    return render(request, "books/revision_restore.html", context, status=status)
