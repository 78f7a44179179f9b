"""Kernel middleware: a request id on everything, and refusals turned into answers."""

import logging
import re
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import views
from core.errors import DomainError
from core.ids import new_id

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id (the proxy's if it sent a sane one) and answer it in X-Request-Id."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if REQUEST_ID.fullmatch(given) else str(new_id())  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


class refusals:  # noqa: N801  # listed in MIDDLEWARE beside the function middleware
    """Answer a DomainError that no view caught with its message and status, and a lost database with 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The view's transaction is rolled back already: nothing has changed."""
        if isinstance(error, DomainError):
            return views.refused(request, error)
        if isinstance(error, OperationalError | InterfaceError):
            log.error("database unavailable: %s", type(error).__name__)
            return views.unavailable(request)
        return None
