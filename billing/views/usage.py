"""What an organization has used."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.queries import usage as queries
from core.spreadsheets import spreadsheet
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view(needs="billing.see_usage")
def usage(request: TenantRequest) -> HttpResponse:
    """Credits and words by day and act; `?days=` is one of the periods, `?as=csv` is the whole as a table."""
    organization, asked = request.member.organization, request.GET.get("days", "")
    days = next((one for one in queries.PERIODS if str(one) == asked), queries.PERIODS[0])
    page = queries.usage_page(organization, days)
    if request.GET.get("as") != "csv":
        return render(request, "billing/usage.html", {"page": page})
    heading = [_("Day (UTC)"), _("Act"), _("Times"), _("Units"), _("Credits")]
    rows = [
        (one.day.isoformat(), queries.label_of(one.act), one.times, one.units, one.credits)
        for one in queries.use_by_day(organization, page.first)
    ]
    return spreadsheet(f"{organization.slug}-usage-{page.first}-{page.last}", heading, rows)
