"""A run: its page, its outline, and what a person may do to it."""

from collections.abc import Callable
from uuid import UUID

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import queries as prices
from books import actions
from books.errors import IllegalMove
from books.forms import ApprovalForm, EntryForm, FactsForm, OutlineFormSet, drafts, outline_initial, with_one_more
from books.models import BookAct, ChatTurn, Run, RunKind, RunState
from books.queries import runs as run_queries
from books.queries.purses import purse
from books.queries.sources import sources_of, used_for_outline
from books.views.fetching import fetch_run
from books.views.purses import UNPAID, unpaid
from core.errors import DomainError
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def run(request: TenantRequest, run_id: UUID) -> HttpResponse:
    """The run page; HTMX asks for its `progress` part again. Orders of one step have their own pages."""
    found = fetch_run(request, run_id)
    if found.kind == RunKind.CHAT:
        turn = get_object_or_404(ChatTurn.objects.of(found.organization), run=found)
        return redirect("books:chat", request.member.organization.slug, found.book_id, turn.chat_id)
    if found.kind == RunKind.REWRITE:
        return redirect("books:rewrite", request.member.organization.slug, found.rewrite.pk)
    if found.kind == RunKind.SUGGEST:
        return redirect("books:review", request.member.organization.slug, found.review.pk)
    paid = prices.charge(found.organization, found.pk)
    wallet = purse(request.member, found.credits_quoted - paid.spent, kept=paid.reserved)
    context = {"page": run_queries.run_page(found), "charge": paid, "purse": wallet}
    return page_or_part(request, "books/run.html#progress", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def outline(request: TenantRequest, run_id: UUID) -> HttpResponse:
    """Read and change the outline; `approve` saves it and starts the writing."""
    found = fetch_run(request, run_id, BookAct.ORDER)
    if found.state != RunState.AWAITING_APPROVAL:
        return redirect("books:run", request.member.organization.slug, found.pk)
    if request.method != "POST" or "add" in request.POST:
        initial = with_one_more(request.POST) if request.POST else outline_initial(found)
        return outline_page(request, found, OutlineFormSet(initial=initial))
    forms = OutlineFormSet(request.POST)
    if not all([forms.is_valid(), FactsForm(request.POST).is_valid()]):
        return outline_page(request, found, forms, status=422)
    try:
        keep_outline(request, found, forms)
    except IllegalMove:  # approved meanwhile: the second click of two
        return redirect("books:run", request.member.organization.slug, found.pk)
    except DomainError as refusal:
        return outline_page(request, found, forms, refusal=refusal.message, status=refusal.status)
    target = "books:run" if "approve" in request.POST else "books:outline"
    return redirect(target, request.member.organization.slug, found.pk)


def keep_outline(request: TenantRequest, found: Run, forms: "BaseFormSet[EntryForm]") -> None:
    """Save the outline, and approve it at the price the person agreed to when that was the button."""
    facts = FactsForm(request.POST)
    kept = facts.cleaned_data["facts"] if facts.is_valid() else found.facts
    actions.save_outline(run=found, by=request.member.person, entries=drafts(forms), facts=kept)
    if "approve" in request.POST:
        agreed = ApprovalForm(request.POST)
        accepted = agreed.cleaned_data["accepted_credits"] if agreed.is_valid() else 0
        actions.approve_outline(run=found, by=request.member.person, accepted_credits=accepted)


def outline_page(
    request: TenantRequest,
    found: Run,
    forms: "BaseFormSet[EntryForm]",
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The outline to edit, with the price of what is stored."""
    words, tariff = run_queries.outline_words(found), prices.book_tariff(found.tariff_version)
    context = {
        "run": found,
        "forms": forms,
        "facts": FactsForm(request.POST or None, initial={"facts": "\n".join(found.facts)}),
        "followed": used_for_outline(found),
        "sources": sources_of(found.book),
        "refusal": refusal,
        "words": words,
        "tariff": tariff,
        "credits": tariff.quote(words),
        "purse": purse(request.member, tariff.quote(words), kept=found.credits_quoted),
    }
    return render(request, "books/outline.html", context, status=status)


def acting(act: Callable[..., None]) -> Callable[..., HttpResponseBase]:
    """A POST that does one thing to a run and leads back to its page."""

    @require_POST
    @tenant_view
    def view(request: TenantRequest, run_id: UUID) -> HttpResponse:
        found = fetch_run(request, run_id, BookAct.ORDER)
        page = reverse("books:run", args=[request.member.organization.slug, found.pk])
        try:
            act(run=found, by=request.member.person)
        except UNPAID as refusal:
            return unpaid(request, refusal, price=found.credits_quoted, back=page)
        return redirect(page)

    return view


pause = acting(actions.pause_run)
resume = acting(actions.resume_run)
cancel = acting(actions.cancel_run)
retry = acting(actions.retry_failed_steps)
