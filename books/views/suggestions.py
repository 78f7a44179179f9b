"""Suggestions for a book: the list, a chapter's panel beside its text, what is suggested and what is decided."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import decisions
from books.actions import suggestions as actions
from books.forms.suggestions import ChangeForm, DecisionForm, SuggestionsForm, TextForm, UndoForm
from books.models import Book, BookAct, Chapter
from books.queries import suggestions as queries
from books.views.comments import back
from books.views.fetching import allow, fetch_book, fetch_chapter
from core.errors import DomainError
from core.views import page_or_part, wants_json
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def suggestion_list(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """All suggestions of a book, with search, filters and a cursor, and what can be done to all that are found."""
    book = fetch_book(request, book_id, BookAct.SUGGEST)
    form = SuggestionsForm(request.GET)
    page = queries.book_suggestions(request.member, book, form.wanted(), form.cursor())
    context = {"page": page, "form": form, "now": request.get_full_path()}
    return render(request, "books/suggestions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chapter_suggestions(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """A chapter's suggestions beside its text, and the form that suggests a change of one passage."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.SUGGEST)
    if request.method != "POST":
        return panel(request, chapter)
    form = ChangeForm(request.POST, chapter=chapter)
    if not form.is_valid():
        return panel(request, chapter, form=form, status=422)
    try:
        actions.suggest_change(chapter=chapter, by=request.member.person, draft=form.draft())
    except DomainError as refusal:
        return panel(request, chapter, form=form, refusal=refusal.message, status=refusal.status)
    messages.success(request, _("Your suggestion stands beside the text."))
    return back(request, "chapter_suggestions", chapter.book_id, chapter.pk)


def panel(
    request: TenantRequest, chapter: Chapter, *, form: ChangeForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The panel as a page, or alone where HTMX puts it beside the text."""
    asked = SuggestionsForm(request.GET)
    page = queries.chapter_suggestions(
        request.member, chapter, asked.wanted(), asked.cursor(), at=asked.understood("at")
    )
    here = reverse("books:chapter_suggestions", args=[request.member.organization.slug, chapter.book_id, chapter.pk])
    context = {
        "page": page,
        "form": form or ChangeForm(chapter=chapter),
        "refusal": refusal,
        "now": request.get_full_path() if request.method == "GET" else here,
    }
    return page_or_part(request, "books/suggestions_panel.html#panel", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def suggestion_text(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """The whole text to type into: what differs from the text one began with is suggested, nothing else changes."""
    chapter = fetch_chapter(request, book_id, chapter_id, BookAct.SUGGEST)
    initial = {"base": chapter.markdown, "markdown": chapter.markdown}
    form = TextForm(request.POST or None, initial=initial)
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return _sent(request, chapter, form.cleaned_data)
        except DomainError as refused:
            if wants_json(request):
                raise
            refusal, status = refused.message, refused.status
    context = {"chapter": chapter, "form": form, "refusal": refusal, "is_overtaken": status == 409}
    return render(request, "books/suggestion_text.html", context, status=status)


def _sent(request: TenantRequest, chapter: Chapter, given: dict[str, Any]) -> HttpResponse:
    """Make the suggestions; a program (the editor) is told how many, and gets the text that still stands."""
    made = actions.suggest_text(
        chapter=chapter,
        by=request.member.person,
        base=given["base"],
        text=given["markdown"],
        kind=given["kind"],
        reason=given["reason"],
        what_fits=given["what_fits"],
    )
    number, lost = len(made.made), len(made.dropped)
    text = ngettext("%(number)d change is suggested.", "%(number)d changes are suggested.", number) % {"number": number}
    if lost:
        said = ngettext("%(number)d had no place left.", "%(number)d had no place left.", lost) % {"number": lost}
        text = f"{text} {said}"
    if wants_json(request):
        return JsonResponse({"message": text, "made": number, "dropped": lost})
    messages.success(request, text)
    return redirect("books:chapter_suggestions", request.member.organization.slug, chapter.book_id, chapter.pk)


@require_POST
@tenant_view
def suggestion_decide(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Accept, reject, ignore or withdraw one suggestion, or all open ones of a selection."""
    book = fetch_book(request, book_id, BookAct.SUGGEST)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was chosen to decide about."))
        return back(request, "suggestion_list", book.pk)
    given = form.cleaned_data
    if given["act"] != "withdraw":
        allow(request, book, BookAct.DECIDE)
    chosen = queries.selection(book, form.wanted())
    if given["suggestion"]:
        chosen = chosen.filter(pk=given["suggestion"])
    try:
        decided = PERFORM[given["act"]](book=book, by=request.member.person, chosen=chosen)
        _say(request, book, given["act"], decided)
    except DomainError as refusal:
        return _refused(request, book, given["panel"], refusal)
    return back(request, "suggestion_list", book.pk)


PERFORM: dict[str, Callable[..., decisions.Decided]] = {
    "accept": decisions.accept_suggestions,
    "reject": decisions.reject_suggestions,
    "ignore": decisions.ignore_suggestions,
    "withdraw": decisions.withdraw_suggestions,
}


def _say(request: TenantRequest, book: Book, act: str, decided: decisions.Decided) -> None:
    """What was done, with the button that undoes it, and what could not be done."""
    words = {
        "accept": ngettext("%(number)d suggestion is accepted.", "%(number)d suggestions are accepted.", decided.done),
        "reject": ngettext("%(number)d suggestion is rejected.", "%(number)d suggestions are rejected.", decided.done),
        "ignore": ngettext("%(number)d suggestion is ignored.", "%(number)d suggestions are ignored.", decided.done),
        "withdraw": ngettext("%(number)d suggestion is withdrawn.", "%(number)d are withdrawn.", decided.done),
    }
    if not decided.done:
        messages.info(request, _("That was decided already."))
        return
    undo = reverse("books:suggestion_undo", args=[request.member.organization.slug, book.pk])
    address = f"{undo}?{urlencode({'decision': decided.decision})}"
    messages.success(request, words[act] % {"number": decided.done}, extra_tags=address)
    if decided.left:
        left = ngettext(
            "%(number)d is left open: its passage has changed, or another suggestion was for the same words.",
            "%(number)d are left open: their passages have changed, or other suggestions were for the same words.",
            decided.left,
        )
        messages.warning(request, left % {"number": decided.left})


@require_POST
@tenant_view
def suggestion_undo(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Make a decision not have been, as far as the text still lets it."""
    book = fetch_book(request, book_id, BookAct.SUGGEST)
    form = UndoForm(request.GET if "decision" in request.GET else request.POST)
    if form.is_valid():
        decision, person = form.cleaned_data["decision"], request.member.person
        if not queries.is_own_decision(book, person, decision):
            allow(request, book, BookAct.DECIDE)
        try:
            undone = decisions.undo_decision(book=book, by=person, decision=decision)
        except DomainError as refusal:
            return _refused(request, book, form.cleaned_data["panel"], refusal)
        _say_undone(request, undone)
    return back(request, "suggestion_list", book.pk)


def _say_undone(request: TenantRequest, undone: decisions.Decided) -> None:
    if not undone.done:
        messages.info(request, _("That was undone already."))
        return
    said = ngettext("%(number)d suggestion is open again.", "%(number)d suggestions are open again.", undone.done)
    messages.success(request, said % {"number": undone.done})
    if undone.left:
        left = ngettext(
            "%(number)d stays accepted: its words have been changed since.",
            "%(number)d stay accepted: their words have been changed since.",
            undone.left,
        )
        messages.warning(request, left % {"number": undone.left})


def _refused(request: TenantRequest, book: Book, chapter_id: UUID | None, refusal: DomainError) -> HttpResponse:
    """The panel of the chapter that asked, or the list, again, with why."""
    form = SuggestionsForm(request.GET)
    if chapter_id:
        chapter = fetch_chapter(request, book.pk, chapter_id, BookAct.SUGGEST)
        return panel(request, chapter, refusal=refusal.message, status=refusal.status)
    page = queries.book_suggestions(request.member, book, form.wanted(), form.cursor())
    now = reverse("books:suggestion_list", args=[request.member.organization.slug, book.pk])
    context = {"page": page, "form": form, "refusal": refusal.message, "now": now}
    return render(request, "books/suggestions.html", context, status=refusal.status)
