"""The pictures of people."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from organizations.queries import faces

LARGEST = 256
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def face(request: HttpRequest, person_id: UUID, version: str, size: int) -> HttpResponse:
    """A person's picture, to those who share an organization with them. Its address changes with it: kept for ever."""
    assert isinstance(request.user, User)  # noqa: S101  # narrows the type; LoginRequiredMiddleware saw to it
    stored = faces.picture_of(person_id, viewer=request.user)
    if not stored.endswith(f"/{version}-{LARGEST}.webp"):
        raise Http404
    try:
        with default_storage.open(stored.replace(f"-{LARGEST}.webp", f"-{size}.webp")) as opened:
            response = HttpResponse(opened.read(), content_type="image/webp")  # some kilobytes
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={YEAR_SECONDS}, immutable"
    return response
