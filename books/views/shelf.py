"""The list of books, the trash, and what is done to one or several books at once."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books import actions
from books.forms import ChosenForm, EraseForm, ShelfForm
from books.models import Book, BookAct
from books.queries import shelves, titles
from books.querysets import BookQuerySet
from core.errors import DomainError
from organizations.access import Member, TenantRequest, tenant_view


@require_safe
@tenant_view
def book_list(request: TenantRequest) -> HttpResponse:
    """All books but the archived, with search, filters, order and a cursor: each of them in the address."""
    form = ShelfForm(request.GET)
    page = shelves.shelf(request.member, form.wanted(), form.cursor())
    context = {"shelf": page, "form": form, "number": shelves.number(request.member, page), "most": shelves.COUNTED}
    return render(request, "books/book_list.html", context)


@require_safe
@tenant_view(needs="books.list_private")
def private_titles(request: TenantRequest) -> HttpResponse:
    """That others' private books are there, by title alone: nothing here leads to a text."""
    form = ShelfForm(request.GET)
    page = titles.private_titles(request.member, form.wanted().q, form.cursor())
    return render(request, "books/private_titles.html", {"page": page})


@require_safe
@tenant_view
def trash(request: TenantRequest) -> HttpResponse:
    """What was thrown away, and how long it can be taken back."""
    page = shelves.trash(request.member, ShelfForm(request.GET).cursor())
    return render(request, "books/trash.html", {"trash": page})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def erase(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Ask for the title by hand, then erase a book of the trash for good."""
    found = get_object_or_404(Book.objects.trashed_for(request.member).select_related("organization"), pk=book_id)
    form = EraseForm(request.POST or None, title=found.title)
    if form.is_valid():
        actions.erase_book(book=found, by=request.member.person)
        messages.success(request, _("“%(title)s” is erased for good.") % {"title": found.title})
        return redirect("books:trash", request.member.organization.slug)
    return render(request, "books/erase.html", {"book": found, "form": form}, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class Act:
    """What can be done to several books: the action, among which books, what is said, and the act that undoes it."""

    perform: Callable[..., None]
    among: Callable[[Member], BookQuerySet]
    one: Promise | str
    many: Promise | str
    undo: str = ""


def removable(member: Member) -> BookQuerySet:
    """Those the member may put away and take back: own ones, others' internal ones, each by its permission."""
    return Book.objects.allowing(member, BookAct.REMOVE)


ACTS = {
    "archive": Act(
        actions.archive_book,
        removable,
        _("“%(title)s” is in the archive."),
        _("%(number)d books are in the archive."),
        undo="unarchive",
    ),
    "unarchive": Act(
        actions.unarchive_book,
        removable,
        _("“%(title)s” is back from the archive."),
        _("%(number)d books are back from the archive."),
    ),
    "trash": Act(
        actions.trash_book,
        removable,
        _("“%(title)s” is in the trash for 30 days."),
        _("%(number)d books are in the trash for 30 days."),
        undo="restore",
    ),
    "restore": Act(
        actions.restore_book,
        Book.objects.trashed_for,
        _("“%(title)s” is back on the shelf."),
        _("%(number)d books are back on the shelf."),
    ),
}


@require_POST
@tenant_view
def act(request: TenantRequest) -> HttpResponse:
    """Archive, unarchive, trash or restore the chosen books; what cannot be done is said beside what was.

    An undo button names the books in its address, the list and a book's menu in the form.
    """
    form = ChosenForm(request.POST if "act" in request.POST else request.GET)
    if form.is_valid() and form.cleaned_data["act"] in ACTS:
        perform(request, ACTS[form.cleaned_data["act"]], form.cleaned_data["book"])
    else:
        messages.warning(request, _("Choose at least one book."))
    return back(request)


def perform(request: TenantRequest, chosen: Act, ids: list[UUID]) -> None:
    """Do it to each book the member may do it to, and tell. Raises Http404 when there is none."""
    books = chosen.among(request.member).filter(pk__in=ids).select_related("organization").order_by("pk")
    done: list[Book] = []
    refusals: list[str] = []
    for book in books:
        try:
            chosen.perform(book=book, by=request.member.person)
            done.append(book)
        except DomainError as refusal:
            refusals.append(refusal.message)
    if not done and not refusals:
        raise Http404
    if done:
        text = chosen.one % {"title": done[0].title} if len(done) == 1 else chosen.many % {"number": len(done)}
        messages.success(request, text, extra_tags=undo_address(request, chosen, done))
    for refusal_text in refusals:
        messages.error(request, refusal_text)


def undo_address(request: TenantRequest, chosen: Act, done: list[Book]) -> str:
    """Where the notice's Undo button posts to; empty when there is nothing to undo."""
    if not chosen.undo:
        return ""
    address = reverse("books:book_act", args=[request.member.organization.slug])
    return f"{address}?{urlencode([('act', chosen.undo), *(('book', book.pk) for book in done)])}"


def back(request: HttpRequest) -> HttpResponse:
    """To the page that asked for, or that the browser came from, if it is ours; else to the list."""
    asked = request.POST.get("next") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(asked)
    return redirect("books:book_list", request.member.organization.slug)  # type: ignore[attr-defined]  # a tenant view
