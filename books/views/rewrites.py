"""Another text for a chapter or passage: followed, taken, discarded or tried again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books.actions import rewrites as actions
from books.forms.rewrites import AgainForm, TakeForm
from books.models import Book, BookAct, Rewrite
from books.queries import rewrites as queries
from books.queries.purses import purse
from books.views.fetching import allow
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


def fetch(request: TenantRequest, rewrite_id: UUID, act: BookAct = BookAct.EDIT) -> Rewrite:
    """The rewrite, for who may change its book; 404 for who may not read it, 403 for who may do no more."""
    books = Book.objects.visible_to(request.member)
    rewrites = Rewrite.objects.of(request.member.organization)
    rewrites = rewrites.select_related("run", "chapter__book", "chapter__organization", "organization")
    found = get_object_or_404(rewrites, pk=rewrite_id, chapter__book__in=books, chapter__trashed_at__isnull=True)
    allow(request, found.chapter.book, act)
    return found


def shown(request: TenantRequest, found: Rewrite, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page; of it the studio asks for `panel`, and the page itself for `progress` when something changed."""
    target = request.headers.get("HX-Target", "")
    part = f"#{target}" if target in {"panel", "progress"} else ""
    context = {"page": queries.rewrite_page(found), "refusal": refusal, "in_panel": target == "panel"}
    context["purse"] = purse(request.member, found.run.credits_quoted)
    return render(request, f"books/rewrite.html{part}", context, status=status)


@require_safe
@tenant_view
def rewrite(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """The proposal beside the present text."""
    return shown(request, fetch(request, rewrite_id))


@require_POST
@tenant_view
def rewrite_take(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """Put the proposal in its place; when the text has changed meanwhile, show both again (409)."""
    found = fetch(request, rewrite_id)
    form = TakeForm(request.POST)
    present = form.cleaned_data["present"] if form.is_valid() else ""
    try:
        actions.take_rewrite(rewrite=found, by=request.member.person, present=present)
    except DomainError as refusal:
        return shown(request, found, refusal=refusal.message, status=refusal.status)
    if request.headers.get("HX-Target") == "panel":
        return shown(request, fetch(request, rewrite_id))
    messages.success(request, _("The new text stands. The one before is kept as a version: you can go back to it."))
    return redirect("books:versions", request.member.organization.slug, found.chapter.book_id, found.chapter_id)


@require_POST
@tenant_view
def rewrite_discard(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """Leave the text as it is; what was written already can still be looked at and taken."""
    found = fetch(request, rewrite_id)
    actions.discard_rewrite(rewrite=found, by=request.member.person)
    if request.headers.get("HX-Target") == "panel":
        return shown(request, fetch(request, rewrite_id))
    if found.markdown:
        messages.success(request, _("Discarded. The chapter is as it was; the proposal can still be taken from here."))
    else:
        messages.success(request, _("Cancelled. The chapter is as it was."))
    return redirect("books:versions", request.member.organization.slug, found.chapter.book_id, found.chapter_id)


@require_POST
@tenant_view
def rewrite_again(request: TenantRequest, rewrite_id: UUID) -> HttpResponse:
    """Another try of the same order; this one stays and can be taken yet."""
    found = fetch(request, rewrite_id, BookAct.ORDER)
    form = AgainForm(request.POST)
    accepted = form.cleaned_data["accepted_credits"] if form.is_valid() else 0
    try:
        made = actions.order_again(rewrite=found, by=request.member.person, accepted_credits=accepted)
    except DomainError as refusal:
        return shown(request, found, refusal=refusal.message, status=refusal.status)
    if request.headers.get("HX-Target") == "panel":
        return shown(request, fetch(request, made.pk))
    return redirect("books:rewrite", request.member.organization.slug, made.pk)
