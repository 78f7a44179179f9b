"""Who may do what here, as a table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.access import TenantRequest, tenant_view
from organizations.queries import permissions as queries


@require_safe
@tenant_view(needs="members.see")
def permissions(request: TenantRequest) -> HttpResponse:
    """The registry beside the roles."""
    return render(request, "tenant/permissions.html", {"groups": queries.matrix(), "roles": queries.roles()})
