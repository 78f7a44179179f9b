"""The admin site: Unfold's, with every page in one audited cross-tenant transaction."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from core import tenancy


class AdminSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """Staff see every organization, and nothing of an organization is read outside `core.tenancy.system`."""

    site_title = _("Scriptorium staff")
    site_header = _("Scriptorium staff")

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Callable[..., Any]:
        def as_system(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with tenancy.system(f"admin {request.method} {request.path}", actor=request.user):
                response = view(request, *args, **kwargs)
                # A TemplateResponse renders after the view: its queries must run inside this transaction.
                if hasattr(response, "render") and callable(response.render):
                    response.render()
                return response

        wrapped: Callable[..., Any] = super().admin_view(as_system, cacheable)
        return wrapped
