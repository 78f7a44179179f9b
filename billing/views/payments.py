"""What was paid, and paid back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.forms.lists import PaymentsForm
from billing.queries import payments as queries
from organizations.access import TenantRequest, tenant_view

STATES = {
    "succeeded": _("Paid"),
    "failed": _("Failed"),
    queries.REFUNDED: _("Paid back, all or in part"),
    queries.DISPUTED: _("Disputed"),
}


@require_safe
@tenant_view(needs="billing.see")
def payments(request: TenantRequest) -> HttpResponse:
    """Every payment with its refunds; search, filters and a cursor in the address."""
    form = PaymentsForm(request.GET)
    page = queries.payments_page(request.member.organization, form.wanted(), form.cursor())
    return render(request, "billing/payments.html", {"page": page, "states": STATES})
