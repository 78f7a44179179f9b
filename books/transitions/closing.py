"""What becomes of books when their organization is closed, and when it is erased 30 days later."""

from django.utils import timezone

from accounts.models import User
from books.models import WORKING_RUN_STATES, Book, Run
from books.models import RunState as S
from books.transitions import erasing, runs
from organizations.models import Organization

# A transaction of so many erased books takes a second or two: the lease of the work around it lasts eight.
AT_ONCE = 50


def pause_work(organization: Organization, *, by: User) -> None:
    """Pause whatever is being written: finished parts are kept, nothing more is paid, and an undo loses nothing."""
    working = Run.objects.of(organization).filter(state__in=WORKING_RUN_STATES).select_related("organization")
    for run in working.order_by("pk"):
        locked = runs.lock(run)
        if locked.state in WORKING_RUN_STATES:
            runs.move(locked, S.PAUSED, by=by)


def erase_some(organization: Organization) -> bool:
    """Erase up to AT_ONCE of its books, in the trash or not; whether more are left."""
    books = Book.objects.of(organization).filter(erased_at__isnull=True).select_related("organization").order_by("pk")
    chosen = list(books[: AT_ONCE + 1])
    for locked in [erasing.lock(book) for book in chosen[:AT_ONCE]]:
        if locked.trashed_at is None:
            locked.trashed_at = timezone.now()
            locked.save(update_fields=["trashed_at", "updated_at"])
        erasing.erase(locked)
    return len(chosen) > AT_ONCE
