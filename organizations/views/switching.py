"""All of one's organizations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import me
from organizations.forms.switching import MineForm
from organizations.queries.invitations import offers_for
from organizations.queries.switching import mine_page


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Each with what one is there; closed and suspended ones say so. Invitations that wait stand above."""
    asked = MineForm(request.GET).wanted()
    page = mine_page(me(request), **asked)
    context = {"page": page, "q": asked["search"], "offers": offers_for(me(request))}
    return render(request, "organizations/mine.html", context)
