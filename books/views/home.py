"""Home of an organization: what waits for me, what runs, what I read and made, the shelf."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from books.queries import desks, shelves
from organizations.access import TenantRequest, tenant_view

HOME_SHELF = 12


@require_safe
@tenant_view
def home(request: TenantRequest) -> HttpResponse:
    """The first page after signing in; HTMX asks for its `desk` part while something is at work.

    `?desk=…` is the signature of the desk that the asking page shows: 204 while nothing of it has changed.
    """
    desk = desks.desk(request.member)
    if request.GET.get("desk") == desk.signature:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request"):
        return render(request, "books/home.html#desk", {"desk": desk})
    context = {
        "desk": desk,
        "reading": desks.reading(request.member),
        "files": desks.files(request.member),
        "shelf": shelves.shelf(request.member, size=HOME_SHELF),
    }
    return render(request, "books/home.html", context)
