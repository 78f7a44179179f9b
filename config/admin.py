"""The admin site: Unfold's, behind a second factor, with every page in one audited cross-tenant transaction."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from core import tenancy

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AdminSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """Staff see every organization, and nothing of an organization is read outside `core.tenancy.system`.

    Nobody comes in who has not shown a second factor in this very session: a browser that is trusted at the front door
    is not trusted here. Signing in and passwords are allauth's alone, with its limits and its trail.
    """

    site_title = _("Scriptorium staff")
    site_header = _("Scriptorium staff")

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, as themselves."""
        return bool(super().has_permission(request)) and getattr(request, "acting", None) is None

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Callable[..., Any]:
        def as_system(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (missing := second_factor(request)) is not None:
                return missing
            with tenancy.system(f"admin {request.method} {request.path}", actor=request.user):
                response = view(request, *args, **kwargs)
                # A TemplateResponse renders after the view: its queries must run inside this transaction.
                if hasattr(response, "render") and callable(response.render):
                    response.render()
                return response

        wrapped: Callable[..., Any] = super().admin_view(as_system, cacheable)
        return wrapped

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site's own door; who has come through it and is no staff is told so."""
        index = reverse("admin:index")
        if self.has_permission(request):
            return redirect(index)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", index))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site's own page, which keeps its rules and its trail."""
        return redirect("account_change_password")


def second_factor(request: HttpRequest) -> HttpResponse | None:
    """The way to set one up, or to show it; None when it was shown in this session."""
    if not is_mfa_enabled(request.user, FACTORS):
        messages.warning(
            request, _t("The staff's pages need a second factor: add a passkey or an app, then come back.")
        )
        return redirect("accounts:security")
    if any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)):
        return None
    return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
