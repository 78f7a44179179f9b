"""Chapters of a book: added, named, aimed at, moved, thrown away and taken back. Each act under the book's lock."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import ACTIVE_RUN_STATES, Book, Chapter, RevisionKind, Run
from books.transitions import chapters, revisions, texts


@transaction.atomic
def add_chapter(*, book: Book, by: User, title: str, place: int | None = None) -> Chapter:
    """Give a book an empty chapter: at that place, or at its end. Raises BookRefused at MOST_CHAPTERS."""
    book = chapters.lock(book)
    chapters.refuse_full(book)
    last = chapters.last_place(book)
    position = last + 1 if place is None else max(1, min(place, last + 1))
    chapters.make_room(book, position)
    chapter = Chapter.objects.create(
        organization=book.organization, book=book, position=position, title=title, planned_words=book.words_per_chapter
    )
    texts.touch(book)
    audit.record("chapter.added", actor=by, target=chapter, details={"position": position})
    return chapter


@transaction.atomic
def rename_chapter(*, chapter: Chapter, by: User, title: str) -> bool:
    """Give a chapter another title; whether it was another."""
    chapter = lock(chapter)
    if chapter.title == title:
        return False
    texts.rename(chapter, title, by=by)
    audit.record("chapter.renamed", actor=by, target=chapter, details={"position": chapter.position})
    return True


@transaction.atomic
def aim_at(*, chapter: Chapter, by: User, words: int | None) -> bool:
    """Say how long a chapter shall be, None: as planned; whether that is another number."""
    chapter = lock(chapter)
    if chapter.target_words == words:
        return False
    chapter.target_words = words
    chapter.save(update_fields=["target_words", "updated_at"])
    audit.record("chapter.aimed", actor=by, target=chapter, details={"words": chapter.goal_words})
    return True


@transaction.atomic
def move_chapter(*, chapter: Chapter, by: User, to: int) -> int:
    """Move a chapter to place `to`, or to the end where that is nearer; the place it had before."""
    chapter = lock(chapter)
    before, to = chapter.position, max(1, min(to, chapters.last_place(chapter.book)))
    if to != before:
        chapters.place(chapter, to)
        audit.record("chapter.moved", actor=by, target=chapter, details={"from": before, "position": to})
    return before


@transaction.atomic
def trash_chapter(*, chapter: Chapter, by: User) -> None:
    """Throw a chapter away; it can be taken back as long as its book is there. Twice is once."""
    book = chapters.lock(chapter.book)
    chapter = reread(book, chapter)
    if chapter.trashed_at:
        return
    chapters.refuse_at_work(chapter)
    revisions.take(book, RevisionKind.BEFORE, by=by, message=_("Before a chapter was thrown away"))
    chapters.throw_away(chapter)
    audit.record("chapter.trashed", actor=by, target=chapter, details={"position": chapter.position})


@transaction.atomic
def return_chapter(*, chapter: Chapter, by: User) -> Chapter:
    """Take a chapter out of the trash, to the place it had. Raises BookRefused at MOST_CHAPTERS."""
    book = chapters.lock(chapter.book)
    chapter = reread(book, chapter)
    if chapter.trashed_at:
        chapters.refuse_full(book)
        chapters.put_back(chapter, chapter.position)
        audit.record("chapter.returned", actor=by, target=chapter, details={"position": chapter.position})
    return chapter


@transaction.atomic
def erase_chapter(*, chapter: Chapter, by: User) -> None:
    """Erase a chapter of the trash for good, in the book's history too.

    Raises BookRefused for one that stands in its book, or on which an order to a model is not over.
    """
    book = chapters.lock(chapter.book)
    chapter = reread(book, chapter)
    if not chapter.trashed_at:
        raise BookRefused(_("Only a chapter in the trash can be erased."), code="not_in_trash")
    orders = Run.objects.of(book.organization).filter(steps__chapter=chapter, state__in=ACTIVE_RUN_STATES)
    if orders.exists():
        raise BookRefused(_("An order to a model on this chapter is not over: cancel it first."), code="at_work")
    chapters.forget(chapter)
    audit.record("chapter.erased", actor=by, target=chapter, details={"position": chapter.position})


def reread(book: Book, chapter: Chapter) -> Chapter:
    """A chapter of a locked book, in its trash or not, locked. Raises BookRefused when it has been erased."""
    rows = Chapter.everything.of(book.organization).select_for_update(of=("self",))
    found = rows.filter(book=book, pk=chapter.pk).first()
    if found is None:
        raise BookRefused(_("This chapter has been erased for good."), code="erased")
    found.book, found.organization = book, book.organization
    return found


def lock(chapter: Chapter) -> Chapter:
    """A standing chapter under its book's lock, then its own. Raises BookRefused while its book is being written."""
    chapters.lock(chapter.book)
    return texts.lock(chapter)


def following(chapter: Chapter) -> Chapter:
    """The chapter behind a locked one, locked. Raises BookRefused for the last."""
    rows = Chapter.objects.of(chapter.organization).filter(book=chapter.book, position=chapter.position + 1)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise BookRefused(_("There is no chapter after this one to merge it with."), code="last")
    found.book, found.organization = chapter.book, chapter.organization
    return found


def trashed(book: Book, chapter_id: UUID) -> Chapter | None:
    """A chapter of a locked book's trash, locked; None when it is not there any more."""
    rows = Chapter.everything.of(book.organization).filter(book=book, trashed_at__isnull=False)
    found = rows.select_for_update(of=("self",)).filter(pk=chapter_id).first()
    if found:
        found.book, found.organization = book, book.organization
    return found
