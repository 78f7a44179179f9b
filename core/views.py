"""Answers that belong to no app: refusals, outages, signed files, the local mail reader, liveness."""

from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from core import events, mail_folder, metrics
from core.errors import DomainError
from core.storage import FolderStorage, disposition, media_type


def _id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as a page with its reason, or as a bare message where HTMX swaps it into one."""
    template = "components/refusal.html" if request.headers.get("HX-Request") else "refused.html"
    context = {"message": error.message, "request_id": _id_of(request), "status": error.status}
    return render(request, template, context, status=error.status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: 503, and nothing was changed. Rendered without context processors, which would query."""
    response = HttpResponse(loader.render_to_string("503.html", {"request_id": _id_of(request)}), status=503)
    response.headers["Retry-After"] = "10"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not match: usually an old tab. Say what to do."""
    return render(request, "403_csrf.html", {"request_id": _id_of(request)}, status=403)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the browser sent could not be read."""
    return render(request, "400.html", {"request_id": _id_of(request)}, status=400)


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
