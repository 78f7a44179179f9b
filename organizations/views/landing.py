"""Where a signed-in person lands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.models import User
from organizations import actions
from organizations.models import Organization


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Go to the organization entered last, else the person's own (made now for accounts opened from a shell)."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101  # narrows the type; LoginRequiredMiddleware saw to it
    mine = Organization.objects.with_member(person)
    last = mine.filter(slug=request.session.get("organization", "")).first()
    organization = last or actions.ensure_personal_organization(person=person)
    return redirect("books:home", organization.slug)
