"""What becomes of a person's books and words when their account is erased.

Private books go, with everything in them. Internal and public ones are the organization's work and stay, without the
name on their covers and without the words their author said beside them.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.models import User
from books.models import (
    ACTIVE_RUN_STATES,
    Book,
    Bundle,
    ChapterVersion,
    Chat,
    ChatTurn,
    Comment,
    Download,
    Export,
    ExportState,
    LanguageModelCall,
    Mention,
    Picture,
    ReadingPlace,
    Revision,
    Rewrite,
    Run,
    RunKind,
    RunState,
    Suggestion,
    Visibility,
)
from books.transitions import erasing, runs, steps
from books.transitions.closing import AT_ONCE
from core import leases
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.transitions.erasing import Record


def say(record: "Record") -> None:
    """What a certificate tells of books."""
    record.erase(_("Private books, with chapters, versions, sources and files"))
    record.erase(_("Chats, instructions for rewrites and notes, also beside others’ books"))
    record.erase(_("Comments and suggestions beside others’ books"))
    record.erase(_("Reading places, downloads and bundles of files"))
    record.erase(_("The author’s name on the covers and in the files of books that stay"))
    record.keep(
        _("Text, pictures and sources of books that your organizations could read"),
        _("They are the organizations’ work."),
    )
    record.keep(
        _("How much language models wrote and what it cost, without a word of it"),
        _("It was paid, and limits count it."),
    )


def erase_some(person: User, organization: Organization) -> bool:
    """Erase up to AT_ONCE private books, and at the last of them everything else; whether more are left."""
    private = Book.objects.of(organization).filter(author=person, erased_at__isnull=True)
    chosen = list(
        private.filter(visibility=Visibility.PRIVATE).select_related("organization").order_by("pk")[: AT_ONCE + 1]
    )
    for locked in [erasing.lock(book) for book in chosen[:AT_ONCE]]:
        if locked.trashed_at is None:
            locked.trashed_at = timezone.now()
            locked.save(update_fields=["trashed_at", "updated_at"])
        erasing.erase(locked)
    if len(chosen) > AT_ONCE:
        return True
    _erase_words(person, organization)
    _erase_notes(person, organization)
    _erase_traces(person, organization)
    for book in private.exclude(visibility=Visibility.PRIVATE).exclude(byline="").select_related("organization"):
        _take_name_off(erasing.lock(book))
    return False


def _erase_words(person: User, organization: Organization) -> None:
    """What they said beside books: chats, instructions, notes."""
    talked = Run.objects.of(organization).filter(started_by=person, kind=RunKind.CHAT)
    under_way = talked.filter(state__in=ACTIVE_RUN_STATES).select_related("organization").order_by("pk")
    for run in [runs.lock(run) for run in under_way]:  # what was reserved for answers nobody waits for is given back
        runs.move(run, RunState.CANCELLED)
        steps.give_up(run)
    LanguageModelCall.objects.of(organization).filter(run__in=talked).update(text="")
    erasing.forget_live(talked)
    ChatTurn.objects.of(organization).filter(chat__person=person).delete()
    Chat.objects.of(organization).filter(person=person).delete()
    talked.update(brief={}, problem="")
    asked = Run.objects.of(organization).filter(started_by=person, kind__in=[RunKind.REWRITE, RunKind.SUGGEST])
    Rewrite.objects.of(organization).filter(run__in=asked).update(instruction=erasing.NOTHING)
    asked.update(brief={})
    ChapterVersion.objects.of(organization).filter(made_by=person).update(note="")
    Revision.objects.of(organization).filter(made_by=person).update(message="")
    # What a picture shows is part of the book; what somebody called the file may be a name.
    Picture.objects.of(organization).filter(uploaded_by=person).update(name=erasing.NOTHING)


def _erase_notes(person: User, organization: Organization) -> None:
    """Comments and suggestions; what others answered keeps its place, and what they say names nobody who left."""
    written = Comment.objects.of(organization).filter(author=person)
    written.filter(thread__isnull=False).delete()
    answered = Comment.objects.of(organization).filter(thread__in=written.values("pk"))
    written.exclude(pk__in=list(answered.values_list("thread", flat=True))).delete()
    written.update(text=erasing.NOTHING, deleted_at=timezone.now())
    naming = Mention.objects.of(organization).filter(person=person)
    for comment in Comment.objects.of(organization).filter(pk__in=naming.values("comment")):
        comment.text = comment.text.replace(f"@{person.name}", f"@{erasing.NOTHING}")
        comment.save(update_fields=["text", "updated_at"])
    naming.delete()
    Suggestion.objects.of(organization).filter(author=person).delete()


def _erase_traces(person: User, organization: Organization) -> None:
    """Where they read, what they fetched."""
    ReadingPlace.objects.of(organization).filter(person=person).delete()
    Download.objects.of(organization).filter(person=person).delete()
    bundles = Bundle.objects.of(organization).filter(requested_by=person)
    leases.withdraw(*bundles.filter(state=ExportState.PENDING).values_list("pk", flat=True))
    # The hourly look at old bundles takes the file, then the row (books.jobs.bundling.erase_old).
    bundles.update(state=ExportState.FAILED, problem="", finished_at=timezone.now() - timedelta(days=30))


def _take_name_off(book: Book) -> None:
    """No name on the cover, nor in files made before: those are deleted, and made anew for who asks."""
    organization = book.organization
    book.byline, book.content_changed_at = "", timezone.now()
    book.save(update_fields=["byline", "content_changed_at", "updated_at"])
    erasing.close_bundles(book)
    files = Export.objects.of(organization).filter(book=book)
    leases.withdraw(*files.values_list("pk", flat=True))
    files.delete()
    erasing.delete_files_soon(book)
