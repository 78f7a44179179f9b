"""Credits: what there is, packs to buy, and the ledger."""

from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.forms.lists import EntriesForm
from billing.models import EntryKind, Interval
from billing.queries import entries as queries
from billing.queries.credits import balance
from billing.queries.home import lots_of
from billing.queries.offers import offers
from billing.queries.plans import usual_currency
from billing.views.pricing import guessed_currency
from core.spreadsheets import streamed
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view(needs="billing.see")
def credits_page(request: TenantRequest) -> HttpResponse:
    """What there is and in which lots, packs to buy, every entry of the ledger with search, filters and a cursor."""
    organization, form = request.member.organization, EntriesForm(request.GET)
    currency = usual_currency(organization) or guessed_currency(request)
    context = {
        "balance": balance(organization),
        "lots": lots_of(organization),
        "packs": offers(currency, Interval.MONTH).packs,
        "kinds": EntryKind.choices,
        "page": queries.entries_page(organization, form.wanted(), form.cursor()),
    }
    return render(request, "billing/credits.html", context)


@require_safe
@tenant_view(needs="billing.see")
def table(request: TenantRequest) -> HttpResponseBase:
    """The same entries, all of them, as a file of comma-separated values."""
    organization, form = request.member.organization, EntriesForm(request.GET)
    heading = [
        _("Time (UTC)"), _("Kind"), _("Available"), _("Reserved"), _("Delivered"), _("Owed"), _("Money"),
        _("Currency"), _("By"), _("Reason"), _("Id"),
    ]  # fmt: skip
    rows = cells(queries.every_entry(organization, form.wanted()))
    return streamed(f"{organization.slug}-credits", heading, rows)


def cells(lines: Iterable[queries.EntryLine]) -> Iterator[list[object]]:
    """A row of the table for each entry; money in minor units, as it is kept."""
    for one in lines:
        yield [
            f"{one.at:%Y-%m-%d %H:%M:%S}", one.label, one.available, one.reserved, one.spent, one.owed,
            one.money.amount if one.money else "", one.money.currency if one.money else "", one.who, one.reason,
            str(one.id),
        ]  # fmt: skip
