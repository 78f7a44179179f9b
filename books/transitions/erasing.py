"""The end of a book: by a person from the trash, or by the clock after 30 days there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import actions as audit
from books.models import (
    ACTIVE_RUN_STATES,
    Book,
    BookKey,
    Bundle,
    BundleItem,
    Chapter,
    Chat,
    Collaborator,
    Export,
    ExportState,
    LanguageModelCall,
    OutlineEntry,
    PassageUse,
    Picture,
    ReadingPlace,
    Revision,
    Run,
    RunState,
    ShareLink,
    Source,
    Step,
    Visibility,
    VisitCount,
)
from books.transitions import runs, steps
from core import events, leases

TASK = "books.tasks.delete_files"
NOTHING = "—"
# A worker that is storing a file of the book learns within its lease's term that it may not.
GRACE = timedelta(minutes=1)


def lock(book: Book) -> Book:
    """The book to erase, under its row's lock, after those of its runs that are not over: workers take them so."""
    for run in _not_over(book):
        runs.lock(run)
    rows = Book.objects.of(book.organization).select_for_update(of=("self",)).select_related("organization")
    return rows.get(pk=book.pk)


def erase(book: Book, *, by: Any = None) -> None:
    """Erase all text of a locked book in the trash, and its files soon after the commit; erased twice is erased once.

    What its runs used and cost stays, without a word of what was written: it was paid, and caps go on counting it.
    """
    if book.erased_at or not book.trashed_at:
        return
    organization = book.organization
    _stop_work(book, by)
    leases.withdraw(*Export.objects.of(organization).filter(book=book).values_list("pk", flat=True))
    close_bundles(book)
    close_doors(book)
    for part in (Export, Source, Chat, ReadingPlace, Revision, Picture, Collaborator, ShareLink, VisitCount):
        part.objects.of(organization).filter(book=book).delete()
    Chapter.everything.of(organization).filter(book=book).delete()
    written = Run.objects.of(organization).filter(book=book)
    forget_live(written)
    OutlineEntry.objects.of(organization).filter(run__in=written).delete()
    PassageUse.objects.of(organization).filter(run__in=written).delete()
    LanguageModelCall.objects.of(organization).filter(run__in=written).update(text="")
    Step.objects.of(organization).filter(run__in=written).update(problem="")
    written.update(brief={}, facts=[], problem="")
    _blank(book)
    audit.record("book.erased", actor=by, target=book)
    delete_files_soon(book)


def close_doors(book: Book) -> None:
    """No link, invitation or public page leads to the book any more."""
    organization = book.organization
    leading = [
        book.pk,
        *ShareLink.objects.of(organization).filter(book=book).values_list("pk", flat=True),
        *Collaborator.objects.of(organization).filter(book=book).values_list("pk", flat=True),
    ]
    BookKey.objects.filter(subject_id__in=leading).delete()


def delete_files_soon(book: Book) -> None:
    """Let a worker delete the stored files that no row of the book names any more."""
    leases.offer(book.pk, TASK, organization=book.organization_id, not_before=timezone.now() + GRACE)


def forget_live(written: "QuerySet[Run]") -> None:
    """What Valkey still holds of these runs' words, once the transaction commits; else it would stay for an hour."""
    steps_of = Step.objects.filter(run__in=written).values_list("run_id", "position")
    events.forget(*[(run_id, live_key(run_id, position)) for run_id, position in steps_of])


def live_key(run_id: UUID, position: int) -> str:
    """Where the text of a chapter being written stands in Valkey."""
    return f"live:{run_id}:{position}"


def _not_over(book: Book) -> list[Run]:
    runs_of_book = Run.objects.of(book.organization).filter(book=book, state__in=ACTIVE_RUN_STATES)
    return list(runs_of_book.select_related("organization").order_by("pk"))


def _stop_work(book: Book, by: Any) -> None:
    """Cancel answers and rewrites that failed or wait for somebody, or were taken up while the book was thrown away."""
    for run in _not_over(book):
        locked = runs.lock(run)
        runs.move(locked, RunState.CANCELLED, by=by)
        steps.give_up(locked)


def close_bundles(book: Book) -> None:
    """Nobody fetches a ZIP in which the book is from now on; the next hourly look erases it (books.jobs.bundling)."""
    items = BundleItem.objects.of(book.organization).filter(export__book=book).values("bundle")
    bundles = Bundle.objects.of(book.organization).filter(pk__in=items).select_related("requested_by")
    for bundle in bundles.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if bundle.state == ExportState.READY:
            with override(bundle.requested_by.language):
                bundle.problem = _("One of its books is no longer there for you. Make a bundle of the others.")
            bundle.state = ExportState.FAILED
            bundle.save(update_fields=["state", "problem", "updated_at"])
        events.changed(bundle.pk)


def _blank(book: Book) -> None:
    """Nothing of what the author typed."""
    book.title = book.topic = NOTHING
    book.subtitle = book.byline = book.goal = book.blurb = ""
    book.visibility, book.request_key, book.erased_at = Visibility.PRIVATE, None, timezone.now()
    book.save(
        update_fields=[
            "title", "topic", "subtitle", "byline", "goal", "blurb", "visibility", "request_key", "erased_at",
            "updated_at",
        ]
    )  # fmt: skip
