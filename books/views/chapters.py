"""The chapters of a book: their order, names and goals; one cut in two, two made one; their trash."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import chapters as actions
from books.actions import cutting
from books.errors import BookRefused
from books.forms.chapters import AddForm, ChapterForm, CursorForm, MergeForm, MoveForm, SplitForm
from books.models import Book, BookAct, Chapter
from books.queries import chapters as queries
from books.views.fetching import fetch_book, fetch_chapter
from core.errors import DomainError
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view

ARRANGE = BookAct.ARRANGE


@require_safe
@tenant_view
def chapters(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """The chapters in order; what HTMX and the module ask for again is the list."""
    return show(request, fetch_book(request, book_id))


@require_POST
@tenant_view
def chapter_add(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """A new chapter, where it is wanted."""
    book = fetch_book(request, book_id, ARRANGE)
    form = AddForm(request.POST)
    if not form.is_valid():
        return show(request, book, form)
    actions.add_chapter(book=book, by=request.member.person, **form.cleaned_data)
    messages.success(request, _("“%(title)s” is a chapter now.") % form.cleaned_data)
    return back(request, book)


@require_POST
@tenant_view
def chapter_move(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """A chapter to another place: by its number, or one up or down."""
    book = fetch_book(request, book_id, ARRANGE)
    form = MoveForm(request.POST if request.POST.keys() - {"csrfmiddlewaretoken", "next"} else request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = next((chosen[name] for name in ("chapter", "up", "down") if chosen.get(name)), None)
    if found is None:
        raise BookRefused(_("Say which chapter shall move, and where to."), code="no_place")
    chapter = fetch_chapter(request, book_id, found, ARRANGE)
    by_one = {chosen.get("up"): -1, chosen.get("down"): 1}.get(found, 0)
    to = chapter.position + by_one if by_one else chosen["to"] or chapter.position
    before = actions.move_chapter(chapter=chapter, by=request.member.person, to=to)
    if request.headers.get("HX-Request"):
        return show(request, book)
    undo = f"{address(request, 'chapter_move', book.pk)}?{urlencode({'chapter': found, 'to': before})}"
    messages.success(request, _("“%(title)s” has another place.") % {"title": chapter.title}, extra_tags=undo)
    return back(request, book)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_edit(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter's title, goal and place, in its line of the list or on a page of its own."""
    chapter = fetch_chapter(request, book_id, chapter_id, ARRANGE)
    form = ChapterForm(request.POST) if request.method == "POST" else ChapterForm.of(chapter)
    if form.is_valid():
        change(request, chapter, form)
        return show(request, chapter.book) if request.headers.get("HX-Request") else back(request, chapter.book)
    context = {"chapter": chapter, "row": queries.chapter_row(chapter), "form": form}
    return page_or_part(request, "books/chapter_edit.html#line", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_split(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Where to cut a chapter: before a paragraph, or at the cursor of the editor."""
    chapter = fetch_chapter(request, book_id, chapter_id, ARRANGE)
    asked = CursorForm(request.POST or request.GET).understood("at")
    page = queries.split_page(chapter, asked)
    form = SplitForm(request.POST if request.method == "POST" else None, page)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        try:
            cut = cutting.split_chapter(chapter=chapter, by=request.member.person, **form.cleaned_data)
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            said = _("The text behind the cut is the chapter “%(title)s” now.") % form.cleaned_data
            return tell(request, chapter.book, said, cut)
    context = {"page": page, "chapter": chapter, "form": form, "refusal": refusal}
    return render(request, "books/chapter_split.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_merge(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter and the next one, and what shall stand between their texts."""
    chapter = fetch_chapter(request, book_id, chapter_id, ARRANGE)
    page = queries.merge_page(chapter)
    form = MergeForm(request.POST if request.method == "POST" else None, page)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        scene_break = form.cleaned_data.pop("between") == "scene"
        try:
            cut = cutting.merge_chapter(
                chapter=chapter, by=request.member.person, scene_break=scene_break, **form.cleaned_data
            )
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            said = _("“%(title)s” has the text of both chapters now.") % {"title": chapter.title}
            return tell(request, chapter.book, said, cut)
    context = {"page": page, "chapter": chapter, "form": form, "refusal": refusal}
    return render(request, "books/chapter_merge.html", context, status=status)


@require_POST
@tenant_view
def cut_undo(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Take a split or a merge back."""
    book = fetch_book(request, book_id, ARRANGE)
    cut = cutting.cut_from(request.GET.get("cut", ""))
    if cut is None:
        raise BookRefused(_("This can no longer be undone."), code="no_cut")
    cutting.undo_cut(book=book, by=request.member.person, cut=cut)
    messages.success(request, _("Undone: the chapters are as they were."))
    return back(request, book)


@require_POST
@tenant_view
def chapter_trash(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Throw a chapter away."""
    chapter = fetch_chapter(request, book_id, chapter_id, ARRANGE)
    actions.trash_chapter(chapter=chapter, by=request.member.person)
    undo = address(request, "chapter_return", chapter.book_id, chapter.pk)
    messages.success(request, _("“%(title)s” is in the trash.") % {"title": chapter.title}, extra_tags=undo)
    return back(request, chapter.book)


@require_safe
@tenant_view
def chapters_trash(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """What was thrown away, to take back or to erase."""
    book = fetch_book(request, book_id, ARRANGE)
    context = {"book": book, "lines": queries.trashed_chapters(book)}
    return render(request, "books/chapters_trash.html", context)


@require_POST
@tenant_view
def chapter_return(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Take a chapter out of the trash."""
    book = fetch_book(request, book_id, ARRANGE)
    chapter = actions.return_chapter(chapter=fetch_trashed(book, chapter_id), by=request.member.person)
    said = {"title": chapter.title, "number": chapter.position}
    messages.success(request, _("“%(title)s” is back: chapter %(number)d.") % said)
    return back(request, book)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_erase(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Ask once more, then erase a chapter of the trash for good."""
    book = fetch_book(request, book_id, ARRANGE)
    chapter = fetch_trashed(book, chapter_id)
    if request.method == "POST":
        actions.erase_chapter(chapter=chapter, by=request.member.person)
        messages.success(request, _("“%(title)s” is erased for good.") % {"title": chapter.title})
        return redirect("books:chapters_trash", request.member.organization.slug, book.pk)
    return render(request, "books/chapter_erase.html", {"book": book, "chapter": chapter})


def show(request: TenantRequest, book: Book, form: AddForm | None = None) -> HttpResponse:
    """The page of a book's chapters, or its list alone for HTMX."""
    page = queries.chapters_page(book, request.acts)
    context = {"page": page, "form": form or AddForm()}
    return page_or_part(request, "books/chapters.html#list", context, status=422 if form else 200)


def change(request: TenantRequest, chapter: Chapter, form: ChapterForm) -> None:
    """Do what of a chapter's form is another than it was, and say that it was done."""
    by, wanted = request.member.person, form.cleaned_data
    changed = actions.rename_chapter(chapter=chapter, by=by, title=wanted["title"])
    changed |= actions.aim_at(chapter=chapter, by=by, words=wanted["target"])
    if wanted["place"]:
        changed |= actions.move_chapter(chapter=chapter, by=by, to=wanted["place"]) != wanted["place"]
    if changed and not request.headers.get("HX-Request"):
        messages.success(request, _("Saved."))


def fetch_trashed(book: Book, chapter_id: UUID) -> Chapter:
    """A chapter of the book's trash, or one just taken out of it; 404 when there is none."""
    found = Chapter.everything.of(book.organization).filter(book=book, pk=chapter_id).first()
    if found is None:
        raise Http404
    found.book, found.organization = book, book.organization
    return found


def tell(request: TenantRequest, book: Book, said: str, cut: cutting.Cut) -> HttpResponse:
    """Say what was cut or merged, with the button that undoes it."""
    undo = f"{address(request, 'cut_undo', book.pk)}?{urlencode({'cut': cut.signed()})}"
    messages.success(request, said, extra_tags=undo)
    return back(request, book)


def back(request: TenantRequest, book: Book) -> HttpResponse:
    """To the chapters."""
    return redirect("books:chapters", request.member.organization.slug, book.pk)


def address(request: TenantRequest, name: str, *ids: UUID) -> str:
    """An address of the organization at hand."""
    return reverse(f"books:{name}", args=[request.member.organization.slug, *ids])
