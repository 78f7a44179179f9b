"""An organization's page of billing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.queries.home import billing_home
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view(needs="billing.see")
def home(request: TenantRequest) -> HttpResponse:
    """The plan and why, what is next, what needs a hand, credits, cards and payments."""
    return render(request, "billing/home.html", {"page": billing_home(request.member.organization)})
