"""Revisions of a book: each holds the chapters as they stand, by reference to their versions."""

from datetime import UTC
from typing import Any

from django.utils import timezone

from accounts.models import User
from audit import actions as audit
from books.models import Book, Chapter, Revision, RevisionChapter, RevisionKind
from books.transitions import versions

MAJOR = {RevisionKind.GENERATED, RevisionKind.IMPORTED, RevisionKind.PUBLISHED}
UNASKED = {RevisionKind.BEFORE, RevisionKind.DAILY}


def take(book: Book, kind: RevisionKind, *, by: User | None = None, message: str = "") -> Revision:
    """Keep a locked book as it stands; the newest revision itself when nothing has changed since.

    Unless somebody asks for another one: with another message, or of another kind.
    """
    newest = newest_of(book)
    rows = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    chapters = list(rows.only("position", "word_count"))
    standing = versions.versions_now(book)
    now = {chapter.pk: (standing[chapter.pk], chapter.position) for chapter in chapters}
    held = {row.chapter_id: row for row in _held(book)}
    changed = {pk for pk in now.keys() | held.keys() if _place(held.get(pk)) != now.get(pk)}
    if newest and not changed and (kind in UNASKED or _says(newest, kind, by, message)):
        return newest
    revision = _number(book, newest, chapters, kind=kind, by=by, message=message)
    RevisionChapter.objects.of(book.organization).filter(pk__in=[held[pk].pk for pk in changed if pk in held]).update(
        last_place=revision.place - 1, updated_at=timezone.now()
    )
    RevisionChapter.objects.bulk_create(
        RevisionChapter(
            organization=book.organization, book=book, chapter_id=pk, version_id=now[pk][0], position=now[pk][1],
            first_place=revision.place,
        )
        for pk in changed
        if pk in now
    )  # fmt: skip
    audit.record(f"revision.{kind}", actor=by, target=revision, details={"number": revision.number})
    return revision


def _says(revision: Revision, kind: RevisionKind, by: User | None, message: str) -> bool:
    """Whether the same was asked before: a second submit, or a worker that comes again."""
    return (revision.kind, revision.made_by_id, revision.message) == (kind, by.pk if by else None, message)


def take_daily(book: Book) -> None:
    """Before the first change of a day (UTC): keep a locked book as it was left (one query on the later ones)."""
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Chapter.everything.of(book.organization).filter(book=book)
    if not rows.filter(updated_at__gte=today).exists():
        take(book, RevisionKind.DAILY)


def newest_of(book: Book) -> Revision | None:
    """The newest revision (one query)."""
    return Revision.objects.of(book.organization).filter(book=book).order_by("-place").first()


def _held(book: Book) -> list[RevisionChapter]:
    """The chapters of the newest revision."""
    return list(RevisionChapter.objects.of(book.organization).filter(book=book, last_place__isnull=True))


def _place(row: RevisionChapter | None) -> tuple[Any, int] | None:
    return (row.version_id, row.position) if row else None


def _number(
    book: Book, newest: Revision | None, chapters: list[Chapter], *, kind: RevisionKind, by: User | None, message: str
) -> Revision:
    major, minor = (newest.major, newest.minor + 1) if newest else (1, 0)
    if newest and kind in MAJOR:
        major, minor = newest.major + 1, 0
    return Revision.objects.create(
        organization=book.organization,
        book=book,
        place=newest.place + 1 if newest else 1,
        major=major,
        minor=minor,
        kind=kind,
        message=message,
        made_by=by,
        word_count=sum(chapter.word_count for chapter in chapters),
        chapter_count=len(chapters),
    )
