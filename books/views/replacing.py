"""Find and replace in a whole book: look first, choose, replace, undo."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from books.actions import replacing as actions
from books.forms.replacing import FindForm, ReplaceForm
from books.models import Book, BookAct
from books.queries.replacing import find
from books.views.fetching import fetch_book
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def replace(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Look with GET; with POST replace what was chosen, and show what changed meanwhile once more."""
    book = fetch_book(request, book_id, BookAct.EDIT)
    if request.method != "POST":
        return show(request, book, FindForm(request.GET if "find" in request.GET else None))
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        return show(request, book, form, status=422)
    try:
        done = actions.replace_in_book(
            book=book, by=request.member.person, sought=form.sought(), replacement=form.cleaned_data["replace"],
            seen=dict(form.cleaned_data["seen"]), chosen=form.chosen(),
        )  # fmt: skip
    except DomainError as refused:
        return show(request, book, form, refusal=refused.message, status=refused.status)
    if done.changed:
        return show(request, book, form, done=done, status=409)
    tell(request, book, done)
    return redirect("books:replace", request.member.organization.slug, book.pk)


@require_POST
@tenant_view
def replace_undo(request: TenantRequest, book_id: UUID, revision_id: UUID) -> HttpResponse:
    """Take a replacing back, where nothing was changed after it."""
    book = fetch_book(request, book_id, BookAct.EDIT)
    back, stay = actions.undo_replacing(book=book, by=request.member.person, before=revision_id)
    if back:
        said = ngettext(
            "Undone: %(number)d chapter is as it was.", "Undone: %(number)d chapters are as they were.", back
        )
        messages.success(request, said % {"number": back})
    if stay:
        said = ngettext(
            "%(number)d chapter has changed since and stays as it is; its history has the text before.",
            "%(number)d chapters have changed since and stay as they are; their histories have the texts before.",
            stay,
        )
        messages.warning(request, said % {"number": stay})
    return redirect("books:replace", request.member.organization.slug, book.pk)


def show(
    request: TenantRequest,
    book: Book,
    form: FindForm,
    *,
    refusal: str = "",
    done: actions.Replaced | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form, and what is found; what was replaced already is said above what is left."""
    findings = None
    if done and done.places:
        tell(request, book, done)
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound and not refusal:
        try:
            page = form.cleaned_data["page"] or 1
            findings = find(book, form.sought(), form.cleaned_data["replace"], page)
        except DomainError as refused:
            refusal, status = refused.message, refused.status
    context = {"book": book, "form": form, "findings": findings, "refusal": refusal, "done": done}
    return render(request, "books/replace.html", context, status=status)


def tell(request: TenantRequest, book: Book, done: actions.Replaced) -> None:
    """Say how much was replaced, with the button that undoes it."""
    if not done.places:
        messages.info(request, _("Nothing was chosen: nothing was replaced."))
        return
    said = ngettext("%(number)d place was replaced.", "%(number)d places were replaced.", done.places)
    undo = reverse("books:replace_undo", args=[request.member.organization.slug, book.pk, done.before])
    messages.success(request, said % {"number": done.places}, extra_tags=undo)
