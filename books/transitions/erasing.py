"""The end of a book: by a person from the trash, or by the clock after 30 days there."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit import actions as audit
from books.models import (
    Book,
    Chapter,
    Chat,
    Export,
    LanguageModelCall,
    OutlineEntry,
    PassageUse,
    ReadingPlace,
    Run,
    Source,
    Step,
    Visibility,
)
from core import leases

TASK = "books.tasks.delete_files"
NOTHING = "—"
# A worker that is storing a file of the book learns within its lease's term that it may not.
GRACE = timedelta(minutes=1)


def erase(book: Book, *, by: Any = None) -> None:
    """Erase all text of a locked book in the trash, and its files soon after the commit; erased twice is erased once.

    What its runs used and cost stays, without a word of what was written: it was paid, and caps go on counting it.
    """
    if book.erased_at or not book.trashed_at:
        return
    organization = book.organization
    leases.withdraw(*Export.objects.of(organization).filter(book=book).values_list("pk", flat=True))
    for part in (Export, Source, Chat, ReadingPlace, Chapter):
        part.objects.of(organization).filter(book=book).delete()
    runs = Run.objects.of(organization).filter(book=book)
    OutlineEntry.objects.of(organization).filter(run__in=runs).delete()
    PassageUse.objects.of(organization).filter(run__in=runs).delete()
    LanguageModelCall.objects.of(organization).filter(run__in=runs).update(text="")
    Step.objects.of(organization).filter(run__in=runs).update(problem="")
    runs.update(brief={}, facts=[], problem="")
    _blank(book)
    audit.record("book.erased", actor=by, target=book)
    leases.offer(book.pk, TASK, organization=book.organization_id, not_before=timezone.now() + GRACE)


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
