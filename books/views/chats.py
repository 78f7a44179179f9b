"""The chat beside a book: its list, a conversation, what is done to an answer. A chat is one person's alone."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from books import actions
from books.forms.chats import AskForm, ChatSearchForm, ChatTitleForm, TakenTitleForm
from books.models import BookAct, Chapter, Chat, Run
from books.queries import chats as chat_queries
from books.queries.purses import purse
from books.views.fetching import fetch_book
from books.views.shelf import back
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view

REFUSED = 422


def asking(request: TenantRequest) -> BookAct:
    """What a page of questions is for: reading old ones is reading, and each new one is paid."""
    return BookAct.ASK if request.method == "POST" else BookAct.READ


def fetch_chat(request: TenantRequest, book_id: UUID, chat_id: UUID, act: BookAct = BookAct.READ) -> Chat:
    """The person's own chat about a book they may still read; 404 otherwise, 403 for who may not do more than that."""
    mine = chat_queries.chats_of(fetch_book(request, book_id, act), request.member.person)
    return get_object_or_404(mine.select_related("book__organization", "organization"), pk=chat_id)


def to_chat(chat: Chat) -> HttpResponse:
    """Lead to the end of the conversation, where the next question is typed."""
    return redirect(f"{reverse('books:chat', args=[chat.organization.slug, chat.book_id, chat.pk])}#composer")


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chats(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Begin a chat, perhaps about one chapter (`?chapter=`), or find an old one."""
    book, search = fetch_book(request, book_id, asking(request)), ChatSearchForm(request.GET)
    wanted = search.cleaned_data if search.is_valid() else {}
    form, refusal = AskForm(request.POST or None), ""
    if form.is_valid():
        try:
            return to_chat(actions.begin_chat(book=book, by=request.member.person, asked=form.asked))
        except DomainError as caught:
            refusal = caught.message
    page = chat_queries.chat_list(book, request.member.person, search=wanted.get("q", ""), after=wanted.get("after"))
    named = form.cleaned_data.get("chapter") if form.is_bound else wanted.get("chapter")
    about = Chapter.objects.of(book.organization).filter(book=book, pk=named).first() if named else None
    context = {"page": page, "form": form, "refusal": refusal, "about": about}
    context["purse"] = purse(request.member, page.price.question)
    return render(request, "books/chats.html", context, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chat(request: TenantRequest, book_id: UUID, chat_id: UUID) -> HttpResponse:
    """A conversation; HTMX asks for its `turns` whenever something changed, and for the whole after a question."""
    found = fetch_chat(request, book_id, chat_id, asking(request))
    form, refusal = AskForm(request.POST or None), ""
    if form.is_valid():
        try:
            actions.ask(chat=found, asked=form.asked)
            return to_chat(found)
        except DomainError as caught:
            refusal = caught.message
    return conversation(request, found, form, refusal)


def conversation(request: TenantRequest, found: Chat, form: AskForm, refusal: str) -> HttpResponse:
    """The page of a chat, or the part of it that HTMX asks for."""
    earlier_than = request.GET.get("before", "")
    before = int(earlier_than) if earlier_than.isdecimal() and len(earlier_than) < 9 else None
    page = chat_queries.chat_page(found, before=before)
    context = {
        "page": page,
        "purse": purse(request.member, page.price.question),
        "form": form,
        "refusal": refusal,
        "may_edit": BookAct.EDIT in request.acts,
    }
    part = ""
    if request.headers.get("HX-Request"):
        part = "#turns" if request.headers.get("HX-Target") == "turns" else "#conversation"
    refused = form.is_bound or refusal
    return render(request, f"books/chat.html{part}", context, status=REFUSED if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chat_rename(request: TenantRequest, book_id: UUID, chat_id: UUID) -> HttpResponse:
    """Give a chat another name."""
    found = fetch_chat(request, book_id, chat_id)
    form = ChatTitleForm(request.POST or None, initial={"title": found.title})
    if form.is_valid():
        actions.rename_chat(chat=found, title=form.cleaned_data["title"])
        return to_chat(found)
    context = {"chat": found, "form": form}
    return render(request, "books/chat_rename.html", context, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def chat_delete(request: TenantRequest, book_id: UUID, chat_id: UUID) -> HttpResponse:
    """Ask, then delete a chat for good."""
    found = fetch_chat(request, book_id, chat_id)
    if request.method != "POST":
        return render(request, "books/chat_delete.html", {"chat": found})
    actions.delete_chat(chat=found)
    messages.success(request, _("The chat is deleted."))
    return redirect("books:chats", request.member.organization.slug, book_id)


def acting(act: Callable[..., None], needs: BookAct) -> Callable[..., HttpResponseBase]:
    """A POST that does one thing to an answer's run and leads back to the conversation."""

    @require_POST
    @tenant_view
    def view(request: TenantRequest, book_id: UUID, chat_id: UUID, turn_id: UUID) -> HttpResponse:
        found = fetch_chat(request, book_id, chat_id, needs)
        runs = Run.objects.of(found.organization).select_related("book", "organization")
        run = get_object_or_404(runs, chat_turn=turn_id, chat_turn__chat=found)
        try:
            act(run=run, by=request.member.person)
        except DomainError as refusal:
            return conversation(request, found, AskForm(), refusal.message)
        return to_chat(found)

    return view


chat_stop = acting(actions.stop_answer, BookAct.READ)
chat_retry = acting(actions.retry_failed_steps, BookAct.ASK)
chat_resume = acting(actions.resume_run, BookAct.ASK)


@require_POST
@tenant_view
def chat_title(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Take an idea as the book's title; the notice's Undo comes here too, and does nothing to a newer title."""
    found = fetch_book(request, book_id, BookAct.EDIT)
    form = TakenTitleForm(request.POST if "title" in request.POST else request.GET)
    if not form.is_valid() or form.cleaned_data["instead_of"] != found.title:
        messages.warning(request, _("The title was not changed: it is “%(title)s” meanwhile.") % {"title": found.title})
        return back(request)
    title = form.cleaned_data["title"]
    if actions.save_details(book=found, by=request.member.person, details={"title": title}):
        address = reverse("books:chat_title", args=[request.member.organization.slug, found.pk])
        undo = f"{address}?{urlencode({'title': found.title, 'instead_of': title})}"
        messages.success(request, _("The book is called “%(title)s” now.") % {"title": title}, extra_tags=undo)
    return back(request)
