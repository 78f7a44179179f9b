"""What protects a person's account: everything on one page, and Google's link."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from allauth.socialaccount.internal.flows import connect
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import me
from accounts.queries import security as queries
from core.errors import DomainError


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Password, passkeys, app, recovery codes, Google, sessions: what is on, and what to do."""
    return render(request, "accounts/security.html", {"security": queries.of(me(request))})


# allauth's own asks nobody who they are: whoever found the browser open would have a way in for good.
set_password = reauthentication_required(password_set)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def google_unlink(request: HttpRequest) -> HttpResponse:
    """Ask, then take the Google account's right to open this one; refused where it is the only way in."""
    account = get_object_or_404(SocialAccount, user=me(request), provider="google")
    if request.method != "POST":
        return render(request, "accounts/google_unlink.html", {"address": account.extra_data.get("email", "")})
    try:
        connect.validate_disconnect(request, account)
    except ValidationError as error:
        raise DomainError(error.messages[0]) from None
    connect.disconnect(request, account)
    return redirect("accounts:security")
