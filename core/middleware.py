"""Kernel middleware: a request id and safe headers on everything, and refusals turned into answers."""

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import logs, metrics, origin, views
from core.errors import DomainError
from core.faults import fault_of
from core.ids import new_id

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
QUIET = {"livez", "readyz", "metrics", "static"}
SAFE = {
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(self), "
        "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id (the proxy's if it is a sane one), answered in X-Request-Id; log and count the answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if REQUEST_ID.fullmatch(given) else str(new_id())  # type: ignore[attr-defined]
        logs.begin_request(request.request_id)  # type: ignore[attr-defined]
        began = time.perf_counter()
        try:
            with origin.of_request(request, request.request_id):  # type: ignore[attr-defined]
                response = get_response(request)
            _answered(request, response.status_code, time.perf_counter() - began)
        finally:
            logs.end_request()
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def headers(get_response: GetResponse) -> GetResponse:
    """What every answer says beside Django's own security headers, static files included; cookies are narrowed.

    An error is kept by nobody. No page may be framed, opened as a popup's opener, or read by another site.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        for name, cookie in response.cookies.items():
            cookie["secure"] = settings.SESSION_COOKIE_SECURE
            cookie["httponly"] = name not in settings.COOKIES_READ_BY_SCRIPTS
            cookie["samesite"] = cookie["samesite"] or "Lax"
        return response

    return middleware


def _answered(request: HttpRequest, status: int, seconds: float) -> None:
    """One line and one count for an answer; probes and static files are logged at DEBUG."""
    static = request.path.startswith(settings.STATIC_URL)
    route = (request.resolver_match and request.resolver_match.view_name) or ("static" if static else "unmatched")
    member = getattr(request, "member", None)  # set by the gate of an organization's pages
    facts: dict[str, object] = {
        "method": request.method,
        "path": request.path,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    if member is not None:
        facts["organization_id"] = str(member.organization.pk)
    log.log(logging.DEBUG if route in QUIET else logging.INFO, "request", extra=facts)
    metrics.count_request(route=route, method=request.method or "", status=status, seconds=seconds)


def person(get_response: GetResponse) -> GetResponse:
    """Name the signed-in person, by id alone, in every line of the request from here on; nobody keeps their pages.

    A page that a shared computer kept would be there again by the back button after signing out.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.pk is None:
            return get_response(request)
        logs.name_person(request.user.pk, real=origin.current().real_actor_id)
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class refusals:  # noqa: N801  # listed in MIDDLEWARE beside the function middleware
    """Answer a DomainError that no view caught with its message and status, and the database's refusals likewise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The view's transaction is rolled back already: nothing has changed."""
        if isinstance(error, DomainError):
            return views.refused(request, error)
        fault = fault_of(error)
        if fault is None:
            return None
        # The class alone: the text quotes rows, and names tables and constraints.
        log.log(logging.ERROR if fault.retry_after else logging.WARNING, "answered %s", type(error).__name__)
        return views.refused(request, fault)
