"""The Content-Security-Policy of every answer: strict for pages, nothing at all for what is no page.

Under /admin/ alone styles and scripts may stand in the page, as its theme needs (docs/decisions/admin.md).
"""

from collections.abc import Sequence
from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def pages(*, forms_lead_to: Sequence[str]) -> dict[str, list[Any]]:
    """The strict policy (settings.CONTENT_SECURITY_POLICY); forms may lead to these origins besides ours."""
    return {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *forms_lead_to],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }


ADMIN_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "object-src": [NONE],
}
# A file, JSON, a style sheet, events: should a browser ever show it as a page, nothing in it runs or loads.
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp's policy for pages; answers of another type, and the admin, have their own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "text/html").startswith("text/html"):
            response.headers.setdefault(HEADER, NO_PAGE)
        elif request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]  # django-csp's per-response hook
        return super().process_response(request, response)
