"""The chapters of a book: their order, what moves between two of them, and their trash.

Everything here is called under the book's lock. Places are 1 to n without a gap: PostgreSQL holds that no two chapters
have one place once the transaction ends.
"""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from books.errors import BookRefused
from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    Chapter,
    Comment,
    LanguageModelCall,
    ReadingPlace,
    Rewrite,
    Run,
    RunKind,
    Suggestion,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.queries.versions import labels_of
from books.transitions import provenance, revisions, shelf, texts
from core.blocks import blocks
from core.diffs import Changes, Edit

MOST_CHAPTERS = 500
SCENE_BREAK = "* * *"


def lock(book: Book) -> Book:
    """The book under its lock, kept as it was left the day before.

    Raises BookRefused while a run of it is not over: its outline places the chapters.
    """
    locked = shelf.lock(book)
    runs = Run.objects.of(locked.organization).filter(book=locked, kind=RunKind.BOOK, state__in=ACTIVE_RUN_STATES)
    if runs.exists():
        raise BookRefused(
            _("The book itself is still being written: its chapters can be arranged after that."), code="active"
        )
    revisions.take_daily(locked)
    return locked


def refuse_at_work(*chapters: Chapter) -> None:
    """Raises BookRefused while a model writes on one of them: what it writes belongs to the chapter as it is now."""
    at_work = Q(steps__chapter__in=chapters, state__in=WORKING_RUN_STATES)
    if Run.objects.of(chapters[0].organization).filter(at_work).exists():
        raise BookRefused(
            _("A model is at work on this chapter: wait until it is done, or cancel it first."), code="at_work"
        )


def refuse_full(book: Book) -> None:
    """Raises BookRefused when the book has all the chapters it can have."""
    if Chapter.objects.of(book.organization).filter(book=book).count() >= MOST_CHAPTERS:
        raise BookRefused(_("A book has %(most)d chapters at most.") % {"most": MOST_CHAPTERS}, code="full")


def last_place(book: Book) -> int:
    """The place of the last chapter, 0 in a book without any (one query)."""
    return Chapter.objects.of(book.organization).filter(book=book).count()


def make_room(book: Book, position: int) -> None:
    """Let the chapters from that place on stand one further (one statement, however many they are)."""
    behind = Chapter.objects.of(book.organization).filter(book=book, position__gte=position)
    behind.update(position=F("position") + 1)


def close_gap(book: Book, position: int) -> None:
    """Let the chapters behind that place stand one nearer."""
    behind = Chapter.objects.of(book.organization).filter(book=book, position__gt=position)
    behind.update(position=F("position") - 1)


def place(chapter: Chapter, to: int) -> None:
    """Move a standing chapter to a place; those between make way."""
    close_gap(chapter.book, chapter.position)
    Chapter.objects.of(chapter.organization).filter(pk=chapter.pk).update(position=0)
    make_room(chapter.book, to)
    chapter.position = to
    chapter.save(update_fields=["position", "updated_at"])
    texts.touch(chapter.book)


def throw_away(chapter: Chapter) -> None:
    """Put a standing chapter into the trash; it keeps the number it had."""
    chapter.trashed_at = timezone.now()
    chapter.save(update_fields=["trashed_at", "updated_at"])
    close_gap(chapter.book, chapter.position)
    texts.touch(chapter.book)


def put_back(chapter: Chapter, position: int) -> None:
    """Take a chapter out of the trash, to that place or, if the book has become shorter, to its end."""
    chapter.position = min(position, last_place(chapter.book) + 1)
    make_room(chapter.book, chapter.position)
    chapter.trashed_at = None
    chapter.save(update_fields=["position", "trashed_at", "updated_at"])
    texts.touch(chapter.book)


def forget(chapter: Chapter) -> None:
    """Erase a chapter of the trash with its versions and all that was said about it; what models wrote of it too."""
    calls = LanguageModelCall.objects.of(chapter.organization).filter(step__chapter=chapter)
    calls.update(text="")
    Chapter.everything.of(chapter.organization).filter(pk=chapter.pk).delete()


def joint_of(first: str, second: str, *, scene_break: bool) -> str:
    """What stands between two texts that become one: a blank line or a scene break, no more than is missing."""
    if not first or not second:
        return ""
    before, after = len(first) - len(first.rstrip("\n")), len(second) - len(second.lstrip("\n"))
    if not scene_break:
        return "\n" * max(0, 2 - before - after)
    return "\n" * max(0, 2 - before) + SCENE_BREAK + "\n" * max(0, 2 - after)


def cut(chapter: Chapter, into: Chapter, at: int, gap: str, *, by: User) -> None:
    """Give `into` what a locked chapter has from character `at` on, but for the gap that stands there.

    Comments, suggestions, labels and readers go with the text they belong to; a passage across the cut stays, cut off.
    """
    head, tail = chapter.markdown[:at], chapter.markdown[at + len(gap) :]
    kept, given = provenance.parted(labels_of(chapter), head, tail)
    hand = Hand.of_person(by.pk)
    texts.replace(into, tail, hand=hand, origin=VersionOrigin.ARRANGED, by=by, labels=given)
    _hand_over(chapter, into, first=at, shift=-at - len(gap))
    _move_readers(chapter, into, first=len(blocks(head)), shift=-len(blocks(head)))
    change = Changes([Edit(at, len(chapter.markdown), at, at)])
    texts.replace(chapter, head, hand=hand, origin=VersionOrigin.ARRANGED, by=by, labels=kept, changes=change)


def join(chapter: Chapter, following: Chapter, joint: str, *, by: User) -> None:
    """Give a locked chapter the text of the one after it, with all that is fixed to that; `following` keeps its own."""
    offset, paragraphs = len(chapter.markdown) + len(joint), len(blocks(chapter.markdown))
    hand, whole = Hand.of_person(by.pk), chapter.markdown + joint + following.markdown
    labels = provenance.joined(
        whole, labels_of(chapter), provenance.fresh(joint.strip("\n"), hand), labels_of(following)
    )
    end = len(chapter.markdown)
    change = Changes([Edit(end, end, end, len(whole))])
    texts.replace(chapter, whole, hand=hand, origin=VersionOrigin.ARRANGED, by=by, labels=labels, changes=change)
    _hand_over(following, chapter, first=0, shift=offset)
    _move_readers(following, chapter, first=0, shift=paragraphs)


def _hand_over(chapter: Chapter, into: Chapter, *, first: int, shift: int) -> None:
    """Move what is fixed to passages from character `first` on to the same passages of another chapter."""
    of, now = chapter.organization, {"chapter": into, "updated_at": Now()}
    moved: dict[str, Any] = {"start": Greatest(F("start") + shift, 0), "end": Greatest(F("end") + shift, 0)} | now
    comments = Comment.objects.of(of).filter(chapter=chapter)
    comments.filter(start__gte=first).exclude(quote="").update(**moved)
    Suggestion.objects.of(of).filter(chapter=chapter, start__gte=first).update(**moved)
    Rewrite.objects.of(of).filter(chapter=chapter, start__gte=first, end__gt=0).update(**moved)
    if first == 0:  # all of it: what was said of the chapter as a whole too
        comments.filter(thread__isnull=True, quote="").update(**now)
    comments.filter(thread__chapter=into).update(**now)


def _move_readers(chapter: Chapter, into: Chapter, *, first: int, shift: int) -> None:
    """Let who reads behind paragraph `first` go on reading where it stands now."""
    readers = ReadingPlace.objects.of(chapter.organization).filter(chapter=chapter, paragraph__gte=first)
    readers.update(chapter=into, paragraph=F("paragraph") + shift)
