"""Server-sent events of a run: authorized before the stream begins, no database connection held by it."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from books.jobs import live
from books.models import Book, Run
from books.queries import runs as run_queries
from core import hub, tenancy
from organizations.access import resolve


@login_not_required  # an EventSource cannot follow a redirect to the sign-in page: `authorize` answers 404 instead
@transaction.non_atomic_requests
@require_safe
async def run_events(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponseBase:
    """Snapshot first, then deltas, from the event after Last-Event-ID when the browser comes back."""
    person = await request.auser()
    if not person.is_authenticated:
        raise Http404
    keys = await sync_to_async(authorize)(person, slug, run_id)
    events = hub.stream(run_id, keys, last_id=request.headers.get("Last-Event-ID", ""))
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def authorize(person: object, slug: str, run_id: UUID) -> dict[str, int]:
    """Live-text keys of the chapters being written, by the member's right to the book; Http404 for others."""
    try:
        with transaction.atomic():
            member = resolve(person, slug)  # type: ignore[arg-type]  # a signed-in User
            with tenancy.declared(member.organization.pk):
                books = Book.objects.visible_to(member)
                if not Run.objects.of(member.organization).filter(pk=run_id, book__in=books).exists():
                    raise Http404
                positions = run_queries.live_chapters(run_id, member.organization)
        return {live.key(run_id, position): position for position in positions}
    finally:
        connection.close()
