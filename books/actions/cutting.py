"""One chapter made two, two made one, and each of these undone to the byte."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions.chapters import following, lock, trashed
from books.errors import BookRefused
from books.models import Book, Chapter, RevisionChapter, RevisionKind
from books.transitions import chapters, revisions
from core.errors import Conflict

SALT = "books.actions.cutting"


@dataclass(frozen=True)
class Cut:
    """What a split or a merge did: enough to undo it, while both chapters have the `versions` it left them with.

    Between the first chapter's `at` characters and the other's text stood, or stands now, the gap. `goals` are words
    planned and aimed at of the first chapter before a merge.
    """

    act: str
    chapter: str
    other: str
    versions: tuple[int, int]
    at: int
    gap: str
    goals: tuple[int, int | None] = (0, None)

    def signed(self) -> str:
        """As an address carries it, which nobody can write but we."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)


def cut_from(signed: str) -> Cut | None:
    """What `signed` made; None for anything else."""
    try:
        parts: dict[str, Any] = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    return Cut(**parts | {"versions": tuple(parts["versions"]), "goals": tuple(parts["goals"])})


@transaction.atomic
def split_chapter(*, chapter: Chapter, by: User, at: int, title: str, version: int) -> Cut:
    """Make a chapter of what stands behind character `at`; blank lines at the cut go, all else stays as it was typed.

    Raises Conflict when the text is no longer that of `version`, BookRefused where a side would be left without words.
    """
    chapter = lock(chapter)
    if chapter.version != version:
        raise Conflict(_("The chapter has changed meanwhile. Choose the place again."), code="changed")
    chapters.refuse_full(chapter.book)
    chapters.refuse_at_work(chapter)
    head, tail = chapter.markdown[:at].rstrip("\n"), chapter.markdown[at:].lstrip("\n")
    if not head.strip() or not tail.strip():
        raise BookRefused(_("Both chapters need some text: choose a place inside it."), code="empty")
    gap = chapter.markdown[len(head) : len(chapter.markdown) - len(tail)]
    revisions.take(chapter.book, RevisionKind.BEFORE, by=by, message=_("Before a chapter was split"))
    made = _made_behind(chapter, title)
    chapters.cut(chapter, made, len(head), gap, by=by)
    _share_goals(chapter, made)
    details = {"position": made.position, "words": made.word_count}
    audit.record("chapter.split", actor=by, target=chapter, details=details)
    versions = (chapter.version, made.version)
    return Cut("split", str(chapter.pk), str(made.pk), versions, len(head), gap)


@transaction.atomic
def merge_chapter(*, chapter: Chapter, by: User, scene_break: bool, version: int, next_version: int) -> Cut:
    """Put the next chapter's text behind this one's and the next chapter into the trash, where it keeps its text.

    Raises Conflict when a text is no longer that of its version, BookRefused for the last chapter.
    """
    chapter = lock(chapter)
    other = following(chapter)
    if (chapter.version, other.version) != (version, next_version):
        raise Conflict(_("One of the two chapters has changed meanwhile. Look at both again."), code="changed")
    chapters.refuse_at_work(chapter, other)
    revisions.take(chapter.book, RevisionKind.BEFORE, by=by, message=_("Before two chapters were merged"))
    at, goals = len(chapter.markdown), (chapter.planned_words, chapter.target_words)
    gap = chapters.joint_of(chapter.markdown, other.markdown, scene_break=scene_break)
    chapters.join(chapter, other, gap, by=by)
    _add_goals(chapter, other)
    chapters.throw_away(other)
    details = {"position": chapter.position, "words": chapter.word_count}
    audit.record("chapter.joined", actor=by, target=chapter, details=details)
    return Cut("merge", str(chapter.pk), str(other.pk), (chapter.version, other.version), at, gap, goals)


@transaction.atomic
def undo_cut(*, book: Book, by: User, cut: Cut) -> Chapter:
    """Take a split or a merge back exactly. Raises Conflict once one of the two chapters has changed."""
    book = chapters.lock(book)
    chapter = Chapter.objects.of(book.organization).filter(book=book, pk=cut.chapter).first()
    if chapter is None:
        raise Conflict(_("This can no longer be undone: the chapter is not in the book any more."), code="changed")
    chapter = lock(chapter)
    other = trashed(book, UUID(cut.other)) if cut.act == "merge" else following(chapter)
    if other is None or str(other.pk) != cut.other or (chapter.version, other.version) != cut.versions:
        raise Conflict(_("This can no longer be undone: the text has changed since."), code="changed")
    chapters.refuse_at_work(chapter, other)
    (_unmerge if cut.act == "merge" else _unsplit)(chapter, other, cut, by)
    audit.record(f"chapter.{cut.act}_undone", actor=by, target=chapter, details={"position": chapter.position})
    return chapter


def _unsplit(chapter: Chapter, made: Chapter, cut: Cut, by: User) -> None:
    """The chapter that the split made goes; into the trash where a revision of the book holds it."""
    chapters.join(chapter, made, cut.gap, by=by)
    _add_goals(chapter, made, with_outline=False)
    chapters.throw_away(made)
    if not RevisionChapter.objects.of(made.organization).filter(chapter=made).exists():
        chapters.forget(made)


def _unmerge(chapter: Chapter, other: Chapter, cut: Cut, by: User) -> None:
    chapters.cut(chapter, other, cut.at, cut.gap, by=by)
    chapter.planned_words, chapter.target_words = cut.goals
    chapter.summary = chapter.summary.removesuffix(other.summary).rstrip()
    chapter.points = chapter.points[: len(chapter.points) - len(other.points)]
    chapter.save(update_fields=["planned_words", "target_words", "summary", "points", "updated_at"])
    chapters.put_back(other, chapter.position + 1)


def _made_behind(chapter: Chapter, title: str) -> Chapter:
    chapters.make_room(chapter.book, chapter.position + 1)
    return Chapter.objects.create(
        organization=chapter.organization,
        book=chapter.book,
        position=chapter.position + 1,
        title=title,
        planned_words=0,
    )


def _share_goals(chapter: Chapter, made: Chapter) -> None:
    """What the whole was to have, by how much of it each has."""
    words = max(1, chapter.word_count + made.word_count)
    made.planned_words = chapter.planned_words * made.word_count // words
    chapter.planned_words -= made.planned_words
    if chapter.target_words is not None:
        made.target_words = chapter.target_words * made.word_count // words
        chapter.target_words -= made.target_words
    for one in (chapter, made):
        one.save(update_fields=["planned_words", "target_words", "updated_at"])


def _add_goals(chapter: Chapter, other: Chapter, *, with_outline: bool = True) -> None:
    """What the whole is to have; summary and points too, which prompts of rewrites and chats use."""
    if chapter.target_words is not None or other.target_words is not None:
        chapter.target_words = chapter.goal_words + other.goal_words
    chapter.planned_words += other.planned_words
    if with_outline:
        chapter.summary = f"{chapter.summary} {other.summary}".strip()
        chapter.points = [*chapter.points, *other.points]
    chapter.save(update_fields=["planned_words", "target_words", "summary", "points", "updated_at"])
