"""What models cost: an organization's spending and its caps, a book's receipt."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import spending as actions
from books.forms.caps import CallsForm, RunCapForm, caps_form
from books.models import ACTIVE_RUN_STATES, Book, Run
from books.queries import receipts
from books.queries import spending as queries
from books.views.fetching import fetch_book
from organizations.access import Member, TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(needs="billing.see")
def spending(request: TenantRequest) -> HttpResponse:
    """This month's cost; whoever manages billing sets the caps here."""
    member = request.member
    if request.method == "POST":
        member.require("billing.manage")
    row = queries.caps_row(member.organization)
    form = caps_form(request.POST if request.method == "POST" else None, row)
    if request.method == "POST" and form.is_valid():
        actions.set_caps(organization=member.organization, by=member.person, **form.cleaned_data)
        messages.success(request, _("The caps are set. Runs that a cap has paused can be resumed where there is room."))
        return redirect("books:spending", member.organization.slug)
    context = {"form": form, "page": queries.spending_page(member, row)}
    return render(request, "books/spending.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view(needs="billing.manage")
def run_cap(request: TenantRequest, run_id: UUID) -> HttpResponse:
    """Give one run a cap of its own."""
    found = get_object_or_404(known_runs(request.member), pk=run_id)
    form = RunCapForm(request.POST)
    if form.is_valid():
        cap = form.cleaned_data["cap_micros"]
        actions.set_run_cap(run=found, by=request.member.person, cap_micros=cap)
        messages.success(request, _("The cap of “%(title)s” is set.") % {"title": found.book.title})
    else:
        messages.error(request, _("A cap is an amount in dollars, such as 12.50; nothing for no cap of its own."))
    return redirect("books:spending", request.member.organization.slug)


@require_safe
@tenant_view(needs="billing.see_usage")
def receipt(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """What a book's calls used and cost, and each of them."""
    found = fetch_book(request, book_id)
    form = CallsForm(request.GET)
    page = receipts.calls(found, **form.wanted())
    context = {
        "book": found,
        "form": form,
        "receipt": receipts.receipt(found),
        "page": page,
        "filtered": form.address().strip("?") != "",
        "first_url": form.address() if "before" in form.wanted() else "",
        "next_url": form.address(page.before) if page.before else "",
    }
    return render(request, "books/receipt.html", context)


def known_runs(member: Member) -> QuerySet[Run]:
    """Runs that are not over, of books whose titles at least the member may know (ruling 22)."""
    runs = Run.objects.of(member.organization).filter(state__in=ACTIVE_RUN_STATES)
    if not member.may("books.list_private"):
        runs = runs.filter(book__in=Book.objects.visible_to(member))
    return runs.select_related("book", "organization")
