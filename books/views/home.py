"""Home of an organization: what runs, what waits for me, the shelf."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from books.queries import shelves
from organizations.access import TenantRequest, tenant_view

HOME_SHELF = 12


@require_safe
@tenant_view
def home(request: TenantRequest) -> HttpResponse:
    """The first page after signing in."""
    context = {"desk": shelves.desk(request.member), "shelf": shelves.shelf(request.member, size=HOME_SHELF)}
    return render(request, "books/home.html", context)
