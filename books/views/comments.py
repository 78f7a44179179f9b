"""Comments on a book: the list, a chapter's panel beside its text, one thread, and what is done to a comment.

What changes something answers with a redirect to the page it was asked from, which HTMX follows: the panel again.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import comments as actions
from books.forms.comments import RemarkForm, ThreadForm, ThreadsForm
from books.models import BookAct, Chapter, Comment
from books.queries import comments as queries
from books.queries.marks import marks_of
from books.views.fetching import allow, fetch_book, fetch_chapter
from core.errors import DomainError
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


def fetch_comment(
    request: TenantRequest, book_id: UUID, comment_id: UUID, act: BookAct, *, own: bool = False
) -> Comment:
    """A comment of a chapter that stands in the book, for who may do that with the book; 404 for another's if `own`."""
    book = fetch_book(request, book_id, BookAct.READ)
    rows = Comment.objects.of(book.organization).filter(book=book, chapter__trashed_at__isnull=True)
    rows = rows.filter(author=request.member.person, deleted_at__isnull=True) if own else rows
    comment = get_object_or_404(rows.select_related("thread__author", "chapter", "author"), pk=comment_id)
    comment.book = comment.chapter.book = book
    comment.organization = comment.chapter.organization = book.organization
    allow(request, book, act)
    return comment


def asked_from(request: TenantRequest) -> str:
    """The page of ours that asked, to come back to; "" when there is none."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else ""


def back(request: TenantRequest, name: str, *args: UUID) -> HttpResponse:
    """To the page that asked, else to the one of that name."""
    if asked := asked_from(request):
        return HttpResponseRedirect(asked)
    return redirect(f"books:{name}", request.member.organization.slug, *args)


def may_decide(request: TenantRequest) -> bool:
    """Whether the member resolves others' threads."""
    return bool(request.acts & {BookAct.EDIT, BookAct.DECIDE})


@require_safe
@tenant_view
def comment_list(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """All threads of a book, with search, filters and a cursor: each of them in the address."""
    book = fetch_book(request, book_id, BookAct.COMMENT)
    form = ThreadsForm(request.GET)
    page = queries.book_threads(request.member, book, form.wanted(), form.cursor(), may_decide=may_decide(request))
    return render(request, "books/comments.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_comments(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter's threads beside its text, and the form that begins one."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)
    if request.method != "POST":
        return panel(request, chapter)
    people = queries.mentionable(chapter.book, request.member)
    form = ThreadForm(request.POST, chapter=chapter, people=people)
    if not form.is_valid():
        return panel(request, chapter, form=form, status=422)
    try:
        actions.begin_thread(chapter=chapter, by=request.member.person, **form.said(), **form.passage())
    except DomainError as refusal:
        return panel(request, chapter, form=form, refusal=refusal.message, status=refusal.status)
    messages.success(request, _("Your comment stands."))
    return back(request, "chapter_comments", chapter.book_id, chapter.pk)


def panel(
    request: TenantRequest, chapter: Chapter, *, form: ThreadForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The panel as a page, or alone where HTMX puts it beside the text."""
    asked = ThreadsForm(request.GET)
    page = queries.chapter_threads(
        request.member,
        chapter,
        asked.wanted(),
        asked.cursor(),
        at=asked.understood("at"),
        may_decide=may_decide(request),
    )
    begun = form or ThreadForm(chapter=chapter, people=page.mentionable, initial={"request_key": page.request_key})
    context = {"page": page, "form": begun, "refusal": refusal}
    return page_or_part(request, "books/comments_panel.html#panel", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def comment(request: TenantRequest, book_id: UUID, comment_id: UUID) -> HttpResponse:
    """One thread, where letters lead to; whoever reads the book may read it, answering takes the right to comment."""
    act = BookAct.COMMENT if request.method == "POST" else BookAct.READ
    thread = fetch_comment(request, book_id, comment_id, act)
    if thread.thread_id:
        return redirect("books:comment", request.member.organization.slug, book_id, thread.thread_id)
    people = queries.mentionable(thread.book, request.member)
    form = RemarkForm(request.POST or None, people=people)
    if form.is_valid():
        actions.reply(thread=thread, by=request.member.person, **form.said())
        messages.success(request, _("Your answer stands."))
        return back(request, "comment", book_id, thread.pk)
    (shown,) = queries.threads_of(request.member, thread.book, [thread.pk], may_decide=may_decide(request))
    context = {"thread": shown, "book": thread.book, "form": form, "mentionable": people}
    return render(request, "books/comment.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def comment_edit(request: TenantRequest, book_id: UUID, comment_id: UUID) -> HttpResponse:
    """Say one's own comment in other words."""
    found = fetch_comment(request, book_id, comment_id, BookAct.COMMENT, own=True)
    people = queries.mentionable(found.book, request.member)
    form = RemarkForm(request.POST or None, people=people, initial={"text": found.text})
    if form.is_valid():
        said = form.said()
        actions.edit_comment(comment=found, by=request.member.person, text=said["text"], mentioned=said["mentioned"])
        messages.success(request, _("Changed."))
        return back(request, "comment", book_id, found.thread_id or found.pk)
    return question(request, "books/comment_edit.html#panel", found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def comment_delete(request: TenantRequest, book_id: UUID, comment_id: UUID) -> HttpResponse:
    """Ask, then delete one's own comment."""
    found = fetch_comment(request, book_id, comment_id, BookAct.COMMENT, own=True)
    if request.method == "POST":
        actions.delete_comment(comment=found, by=request.member.person)
        messages.success(request, _("Your comment is deleted."))
        return back(request, "chapter_comments", book_id, found.chapter_id)
    return question(request, "books/comment_delete.html#panel", found)


def question(request: TenantRequest, template: str, found: Comment, form: RemarkForm | None = None) -> HttpResponse:
    """A page about one's own comment, or alone in the panel."""
    context = {"comment": found, "book": found.book, "form": form, "next": asked_from(request)}
    return page_or_part(request, template, context, status=422 if form and form.is_bound else 200)


@require_POST
@tenant_view
def comment_resolve(request: TenantRequest, book_id: UUID, comment_id: UUID) -> HttpResponse:
    """Close a thread, or open it again."""
    thread = fetch_comment(request, book_id, comment_id, BookAct.COMMENT)
    resolved = request.POST.get("resolved") != "no"
    actions.resolve_thread(thread=thread, by=request.member.person, may_decide=may_decide(request), resolved=resolved)
    messages.success(request, _("The thread is resolved.") if resolved else _("The thread is open again."))
    return back(request, "comment", book_id, thread.pk)


@require_safe
@tenant_view
def marks(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """Comments and suggestions that lie over a chapter's text, for the editor."""
    return JsonResponse(marks_of(fetch_chapter(request, book_id, chapter_id, BookAct.COMMENT)))
