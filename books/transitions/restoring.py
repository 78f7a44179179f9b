"""Chapters made what they were: each keeps the text it has now as a version, and its comments where they belong."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from books.models import Book, Chapter, ChapterVersion, VersionOrigin
from books.models.provenance import Hand
from books.queries.comparisons import Row, gone_back
from books.queries.states import State
from books.queries.versions import Document, document, labels_of
from books.transitions import provenance, texts


def chapter(locked: Chapter, number: int, *, by: User, title: str = "") -> None:
    """Give a locked chapter the text of one of its versions, and the title."""
    version = ChapterVersion.objects.of(locked.organization).get(chapter=locked, number=number)
    version.chapter = locked
    earlier = document(version)
    if title and title != locked.title:
        texts.rename(locked, title, by=by)
    texts.replace(
        locked,
        earlier.markdown,
        hand=Hand.of_person(by.pk),
        origin=VersionOrigin.RESTORED,
        by=by,
        note=_("Version %(number)d") % {"number": number},
        labels=earlier.labels,
    )


def paragraph(locked: Chapter, earlier: Document, row: Row, *, by: User, note: str) -> None:
    """Make one paragraph of a locked chapter what it was: a row of the comparison of an earlier text with this one."""
    text, hand = gone_back(earlier.markdown, locked.markdown, row), Hand.of_person(by.pk)
    labels = list(provenance.carried(locked.markdown, labels_of(locked), text, hand))
    if row.old and row.now < len(labels):
        labels[row.now] = earlier.labels[row.was]
    texts.replace(locked, text, hand=hand, origin=VersionOrigin.RESTORED, by=by, note=note, labels=labels)


def book(locked: Book, present: State, wanted: State, *, by: User) -> None:
    """Give a locked book the chapters of a state: texts, titles and order; others go to the trash."""
    chapters = {one.pk: one for one in _locked(locked)}
    before = present.by_chapter
    for position, standing in enumerate(wanted.chapters, 1):
        found = chapters.pop(standing.chapter_id)
        found.position, found.trashed_at = position, None
        now = before.get(standing.chapter_id)
        if now is None or (now.digest, now.title) != (standing.digest, standing.title):
            found.save(update_fields=["position", "trashed_at", "updated_at"])
            chapter(found, standing.number, by=by, title=standing.title)
        elif now.position != position:
            found.save(update_fields=["position", "updated_at"])
    _throw_away(one for one in chapters.values() if one.trashed_at is None)
    texts.touch(locked)


def _locked(book: Book) -> list[Chapter]:
    """Every chapter of a locked book, in the trash or not, locked in the order that everybody locks them in."""
    rows = Chapter.everything.of(book.organization).filter(book=book).order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    for one in found:
        one.book, one.organization = book, book.organization
    return found


def _throw_away(chapters: Iterable[Chapter]) -> None:
    """They keep the numbers they had; those that stay were given theirs."""
    for one in chapters:
        one.trashed_at = timezone.now()
        one.save(update_fields=["trashed_at", "updated_at"])
