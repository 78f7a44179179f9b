"""Server-sent events of a run, a book or a bundle.

Authorized before the stream begins; no thread and no database connection is held by it.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from books.jobs import live
from books.models import Book, Bundle
from books.queries import runs as run_queries
from core import streams, tenancy
from organizations.access import Member, resolve


@login_not_required  # an EventSource cannot follow a redirect to the sign-in page: others get 404 instead
@transaction.non_atomic_requests
@require_safe
def run_events(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    """Snapshot first, then deltas, from the event after Last-Event-ID when the browser comes back."""
    try:
        if not isinstance(request.user, User):
            raise Http404
        return streams.follow(request, run_id, authorize(request.user, slug, run_id))
    finally:
        connection.close()  # each request of the ASGI server has a thread of its own, which ends with this answer


@login_not_required
@transaction.non_atomic_requests
@require_safe
def book_events(request: HttpRequest, slug: str, book_id: UUID) -> HttpResponse:
    """That something about the book changed: a file of it is ready, or has failed."""
    return changes(request, slug, book_id, lambda member: Book.objects.visible_to(member).filter(pk=book_id).exists())


@login_not_required
@transaction.non_atomic_requests
@require_safe
def bundle_events(request: HttpRequest, slug: str, bundle_id: UUID) -> HttpResponse:
    """That one more file of the person's own bundle is settled, or the ZIP is."""

    def owns(member: Member) -> bool:
        mine = Bundle.objects.of(member.organization).filter(requested_by=member.person)
        return mine.filter(pk=bundle_id).exists()

    return changes(request, slug, bundle_id, owns)


def changes(request: HttpRequest, slug: str, subject: UUID, may: Callable[[Member], bool]) -> HttpResponse:
    """The subject's events, without text, for a member who may; Http404 for others."""
    try:
        if not isinstance(request.user, User):
            raise Http404
        with transaction.atomic():
            member = resolve(request.user, slug)
            with tenancy.declared(member.organization.pk):
                if not may(member):
                    raise Http404
        return streams.follow(request, subject, {})
    finally:
        connection.close()


def authorize(person: User, slug: str, run_id: UUID) -> dict[str, int]:
    """Live-text keys of the chapters being written, by the member's right to the book; Http404 for others."""
    with transaction.atomic():
        member = resolve(person, slug)
        with tenancy.declared(member.organization.pk):
            if not run_queries.open_to(member).filter(pk=run_id).exists():
                raise Http404
            positions = run_queries.live_chapters(run_id, member.organization)
    return {live.key(run_id, position): position for position in positions}
