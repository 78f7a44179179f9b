"""What an organization uses of its limits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.access import TenantRequest, tenant_view
from organizations.queries.usage import usage_page


@require_safe
@tenant_view(needs="billing.see_usage")
def usage(request: TenantRequest) -> HttpResponse:
    """Every meter with its limit, and what to do when one is full."""
    return render(request, "tenant/usage.html", {"page": usage_page(request.member.organization)})
