"""Where a signed-in person lands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import me
from accounts.models import User
from organizations import actions
from organizations.models import Membership
from organizations.queries import invitations

SHOWN = "invitations_shown"  # in the session


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Go to the organization entered last, else the person's own (made now for accounts opened from a shell).

    Whose last one was closed, or closed to them, meanwhile hears so on the page with all of theirs. Invitations that
    wait are shown once in a session.
    """
    person = me(request)
    if not request.session.get(SHOWN) and invitations.offers_for(person):
        request.session[SHOWN] = True
        return redirect("organizations:own_invitations")
    last = entered_last(request, person)
    if last is not None and (last.suspended_at or last.organization.closed_at):
        request.session.pop("organization")
        said = _("“%(name)s” is not open to you at the moment. Here are all your organizations.")
        messages.warning(request, said % {"name": last.organization.name})
        return redirect("organizations:mine")
    organization = last.organization if last else actions.ensure_personal_organization(person=person)
    if organization.closed_at is not None:
        return redirect("organizations:mine")
    return redirect("books:home", organization.slug)


def entered_last(request: HttpRequest, person: User) -> Membership | None:
    """The person's place in the organization the session remembers, if it is still theirs."""
    memberships = Membership.objects.filter(person=person).select_related("organization")
    return memberships.filter(organization__slug=request.session.get("organization", "")).first()
