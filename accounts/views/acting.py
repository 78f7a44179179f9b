"""Ending to act as somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import acting


@require_POST
def acting_stop(request: HttpRequest) -> HttpResponse:
    """Back to the person's page in the admin, as oneself."""
    held = getattr(request, "acting", None)
    if held is None:
        return redirect("organizations:landing")
    acting.end_acting(impersonation_id=held.pk, why="stopped")
    if not acting.leave(request.session, staff=held.staff):
        return redirect("account_login")
    rotate_token(request)
    messages.success(request, _("You are yourself again; %(name)s is told by e-mail.") % {"name": held.person.name})
    return redirect("admin:accounts_user_change", held.person_id)
