"""The way in for who was invited to the closed beta."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.queries import beta


@login_not_required
@require_safe
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """The link of the mail: the sign-up page, filled in. The code leaves the address bar."""
    if settings.CLOSED_BETA:
        request.session[beta.SESSION_KEY] = beta.prefilled(code)
    return redirect("account_signup")
