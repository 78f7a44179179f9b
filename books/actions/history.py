"""Revisions kept by hand; and going back: a paragraph, a chapter, the whole book. Each can be undone."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions.chapters import lock, reread
from books.models import Book, Chapter, ChapterVersion, Revision, RevisionKind, VersionOrigin
from books.queries.comparisons import compare
from books.queries.states import State, state_at, state_now
from books.queries.versions import document
from books.transitions import chapters, restoring, revisions, shelf, versions
from core.errors import Conflict
from core.text import digest

ONE_SITTING = timedelta(minutes=10)  # of going back paragraph by paragraph: one revision before all of it


@transaction.atomic
def keep_revision(*, book: Book, by: User, message: str) -> Revision:
    """Keep the book as it stands, with a message; the same message again, with nothing changed since, is one revision.

    Raises BookRefused while the book is in the trash.
    """
    return revisions.take(shelf.lock(book), RevisionKind.KEPT, by=by, message=message)


@transaction.atomic
def restore_book(*, revision: Revision, by: User) -> Revision | None:
    """Give the book its chapters as a revision holds them; the revision that undoes it, None if nothing differs.

    Chapters added since go to the trash, those thrown away come back. Raises BookRefused while a run is at work.
    """
    book = chapters.lock(revision.book)
    wanted, present = state_at(book, revision), state_now(book)
    if wanted.chapters and _looks(wanted) == _looks(present):
        return None
    standing = list(Chapter.objects.of(book.organization).filter(book=book).only("organization"))
    if standing:
        chapters.refuse_at_work(*standing)
    said = {"number": revision.number}
    before = revisions.take(book, RevisionKind.BEFORE, by=by, message=_("Before going back to %(number)s") % said)
    restoring.book(book, state_at(book, before), wanted, by=by)
    revisions.take(book, RevisionKind.RESTORED, by=by, message=_("Back to %(number)s") % said)
    return before


@transaction.atomic
def restore_version(*, version: ChapterVersion, by: User, title: str = "") -> int:
    """Make an earlier text the chapter's text again; the version that undoes it, 0 if it stood already.

    Raises BookRefused while a run is at work on the chapter, Chapter.DoesNotExist for one in the trash.
    """
    chapter = lock(version.chapter)
    chapters.refuse_at_work(chapter)
    _refuse_typed_on(version)
    before = versions.version_now(chapter)
    if before.text_digest == version.text_digest and (not title or title == chapter.title):
        return 0
    _keep_before(chapter, by)
    restoring.chapter(chapter, version.number, by=by, title=title)
    _record(chapter, versions.version_now(chapter), by)
    return before.number


@transaction.atomic
def restore_chapter(*, revision: Revision, chapter: Chapter, by: User) -> int:
    """Give a chapter the text and title that a revision holds, out of the trash if need be; as `restore_version`."""
    book = chapters.lock(revision.book)
    chapter = reread(book, chapter)
    standing = state_at(book, revision).by_chapter[chapter.pk]
    version = ChapterVersion.objects.of(book.organization).get(chapter=chapter, number=standing.number)
    version.chapter = chapter
    if chapter.trashed_at:
        chapters.refuse_full(book)
        revisions.take(book, RevisionKind.BEFORE, by=by, message=_("Before a chapter came back"))
        chapters.put_back(chapter, standing.position)
        audit.record("chapter.returned", actor=by, target=chapter, details={"position": chapter.position})
    return restore_version(version=version, by=by, title=standing.title)


@transaction.atomic
def restore_paragraph(*, version: ChapterVersion, by: User, number: int, present: str) -> int:
    """Make one paragraph what it was in an earlier version; the version that undoes it, 0 if it was done already.

    `number` is that of a change between the version and the text of the digest `present`: a text that has changed since
    is not overwritten unseen (Conflict).
    """
    chapter = lock(version.chapter)
    before = versions.version_now(chapter)
    if present != digest(chapter.markdown):
        if _is_second(chapter, before, by, present):
            return 0
        raise Conflict(_("The chapter has changed meanwhile. Look at both texts again, then decide."), code="changed")
    _refuse_typed_on(version)
    earlier = document(version)
    rows = compare(earlier.markdown, chapter.markdown).rows
    rows = tuple(row for row in rows if row.number == number and row.can_go_back)
    if not rows:
        raise Conflict(_("This paragraph cannot go back by itself: go back to the whole version."), code="changed")
    if not _goes_on(before, by):
        _keep_before(chapter, by)
    said = _("A paragraph of version %(number)d") % {"number": version.number}
    restoring.paragraph(chapter, earlier, rows[0], by=by, note=said)
    _record(chapter, versions.version_now(chapter), by)
    return before.number


def _looks(state: State) -> list[tuple[UUID, str, str]]:
    """What can be seen of a state: which chapters in which order, their titles and texts."""
    return [(one.chapter_id, one.title, one.digest) for one in state.chapters]


def _refuse_typed_on(version: ChapterVersion) -> None:
    """Raises Conflict for a version that its writer has typed on in since it was fetched: it has another number now."""
    rows = ChapterVersion.objects.of(version.organization).filter(pk=version.pk, number=version.number)
    if not rows.exists():
        raise Conflict(_("The chapter has changed meanwhile. Look at both texts again, then decide."), code="changed")


def _keep_before(chapter: Chapter, by: User) -> None:
    said = _("Before “%(title)s” went back to an earlier text") % {"title": chapter.title}
    revisions.take(chapter.book, RevisionKind.BEFORE, by=by, message=said)


def _goes_on(newest: ChapterVersion, by: User) -> bool:
    """Whether the person has just put back another paragraph of this chapter."""
    return (
        newest.origin == VersionOrigin.RESTORED
        and newest.made_by_id == by.pk
        and timezone.now() - newest.created_at < ONE_SITTING
    )


def _is_second(chapter: Chapter, newest: ChapterVersion, by: User, present: str) -> bool:
    """Whether the same button was pressed before: what it was seen beside is what the person's act replaced."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter, number__lt=newest.number)
    replaced = rows.order_by("-number").values_list("text_digest", flat=True).first()
    return _goes_on(newest, by) and replaced == present


def _record(chapter: Chapter, version: ChapterVersion, by: User) -> None:
    details = {"chapter": chapter.position, "version": version.number}
    audit.record("chapter.restored", actor=by, target=chapter, details=details)
