"""The pictures of people."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import me
from core.views import drawn_picture
from organizations.queries import faces

LARGEST = 256


@require_safe
def face(request: HttpRequest, person_id: UUID, version: str, size: int) -> HttpResponse:
    """A person's picture, to those who share an organization with them. Its address changes with it: kept for ever."""
    stored = faces.picture_of(person_id, viewer=me(request))
    if not stored.endswith(f"/{version}-{LARGEST}.webp"):
        raise Http404
    return drawn_picture(stored.replace(f"-{LARGEST}.webp", f"-{size}.webp"))
