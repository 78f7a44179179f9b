"""Answers that belong to no app: refusals, faults and outages, signed files, the local mail reader, liveness."""

import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from core import events, mail_folder, metrics
from core.errors import DomainError
from core.faults import Fault, fault_of
from core.storage import FolderStorage, disposition, media_type

FOR_EVER = "private, max-age=31536000, immutable"  # of what has its content's hash in its address


def _id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: below /api/, or by what it accepts."""
    return (
        request.path.startswith("/api/")
        or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def _answer(request: HttpRequest, status: int, template: str, code: str, message: str | Promise = "") -> HttpResponse:
    """A page of that template, which may show `message`, or JSON with the message or the status in words."""
    if wants_json(request):
        said = str(message) or HTTPStatus(status).phrase
        return JsonResponse({"error": {"code": code, "message": said, "request_id": _id_of(request)}}, status=status)
    context = {"message": message, "request_id": _id_of(request), "status": status}
    if status < 500:
        return render(request, template, context, status=status)
    # Without context processors, which would ask the database that is away.
    return HttpResponse(loader.render_to_string(template, context), status=status)


def refused(request: HttpRequest, error: DomainError | Fault) -> HttpResponse:
    """A refusal as a page with its reason, as a bare message where HTMX swaps it into one, or as JSON."""
    template = PAGES.get(error.status, "refused.html")
    if request.headers.get("HX-Request") and error.status < 500:
        template = "components/refusal.html"
    response = _answer(request, error.status, template, error.code, error.message)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


# Statuses whose page says more than the message does.
PAGES = {404: "404.html", 429: "429.html", 503: "503.html"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not match: usually an old tab. Say what to do."""
    return _answer(request, 403, "403_csrf.html", "csrf")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the browser sent could not be read."""
    return _answer(request, 400, "400.html", "bad_request")


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Signed in, and not allowed."""
    return _answer(request, 403, "403.html", "forbidden")


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is there, or nothing for this person."""
    return _answer(request, 404, "404.html", "not_found")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours, or what middleware met that has an answer: a database that is away falls before any view."""
    error = sys.exc_info()[1]
    fault = fault_of(error) if error else None
    return refused(request, fault) if fault else _answer(request, 500, "500.html", "broken")


@login_not_required
@require_safe
def signed_file(request: HttpRequest, token: str) -> FileResponse:
    """A stored file to whoever holds a link not older than five minutes; always a download of a fixed type."""
    try:
        name, file_name = FolderStorage.read_token(token)
        opened = default_storage.open(name)
    except (signing.BadSignature, FileNotFoundError) as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=media_type(name))
    response.headers["Content-Disposition"] = disposition(file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page_or_part(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page of `app/page.html#part`; where HTMX asks, that part of it alone."""
    whole, _part, _name = template.partition("#")
    return render(request, template if request.headers.get("HX-Request") else whole, context, status=status)


def public_page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page for everybody, under the one address by which others may name it."""
    context |= {"site": settings.SITE_URL, "canonical": settings.SITE_URL + request.path}
    return render(request, template, context)


def drawn_picture(name: str) -> HttpResponse:
    """A stored picture that we drew ourselves, some kilobytes; its address changes with it. Raises Http404."""
    try:
        with default_storage.open(name) as stored:
            response = HttpResponse(stored.read(), content_type=media_type(name))
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Disposition"] = disposition(name.rpartition("/")[2])
    response.headers["Cache-Control"] = FOR_EVER
    return response


@login_not_required
@transaction.non_atomic_requests
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers: no input, no output."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@transaction.non_atomic_requests
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether PostgreSQL and Valkey answer; 503 names the one that does not."""
    away = [name for name, check in CHECKS.items() if not check()]
    return HttpResponse(f"away: {', '.join(away)}" if away else "ok", "text/plain", status=503 if away else 200)


@login_not_required
@transaction.non_atomic_requests
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus; for callers beyond METRICS_ALLOWED the address does not exist."""
    if not metrics.may_read(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _valkey_answers() -> bool:
    try:
        return bool(events.client().ping())
    except redis.RedisError:
        return False


CHECKS = {"database": _database_answers, "valkey": _valkey_answers}


@login_not_required
@require_safe
def mail_sink(request: HttpRequest) -> HttpResponse:
    """Development only: the mails the local sink has caught, newest first."""
    return render(request, "mail_sink.html", {"mails": mail_folder.read(Path(str(settings.MAIL_SINK_DIR)))})
