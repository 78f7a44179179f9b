"""The state of a whole book, now or at one of its revisions: which chapters stand in it, each by its version."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from books.models import Book, Chapter, ChapterVersion, Revision, RevisionChapter
from books.queries.versions import documents


@dataclass(frozen=True)
class Standing:
    """A chapter as it stands in a state: `number` is its version's, 0 when its first text was not kept yet."""

    chapter_id: UUID
    position: int
    title: str
    words: int
    digest: str
    number: int = 0


@dataclass(frozen=True)
class State:
    """The chapters of a book, in order; `revision` is None for the book as it is now."""

    book: Book
    revision: Revision | None
    chapters: tuple[Standing, ...]

    @property
    def by_chapter(self) -> dict[UUID, Standing]:
        """The chapters by their ids."""
        return {one.chapter_id: one for one in self.chapters}

    @property
    def words(self) -> int:
        """Words of all chapters."""
        return sum(one.words for one in self.chapters)

    @property
    def value(self) -> str:
        """As an address names it; empty for the book as it is now."""
        return str(self.revision.pk) if self.revision else ""

    def text(self, chapter_id: UUID) -> str:
        """The text of a chapter; empty when it has none here (two queries)."""
        standing = self.by_chapter.get(chapter_id)
        if standing is None:
            return ""
        chapter = Chapter.everything.of(self.book.organization).select_related("organization").get(pk=chapter_id)
        if self.revision is None:
            return chapter.markdown
        return documents(chapter, [standing.number])[standing.number].markdown


def state_now(book: Book) -> State:
    """The book as it is (one query, no text)."""
    newest = ChapterVersion.objects.of(book.organization).filter(chapter=OuterRef("pk")).order_by("-number")
    chapters = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    rows = chapters.annotate(
        number=Subquery(newest.values("number")[:1]), digest=Subquery(newest.values("text_digest")[:1])
    ).values_list("pk", "position", "title", "word_count", "digest", "number")
    standing = (Standing(*row[:4], digest=row[4] or "", number=row[5] or 0) for row in rows)
    return State(book, None, tuple(standing))


def state_at(book: Book, revision: Revision) -> State:
    """The book as a revision of it holds it (one query, no text). Chapters erased for good since are not in it."""
    columns = ("title", "word_count", "text_digest", "number")
    rows = held_by(book, revision).order_by("position")
    found = rows.values_list("chapter", "position", *(f"version__{name}" for name in columns))
    return State(book, revision, tuple(Standing(*row) for row in found))


def held_by(book: Book, revision: Revision) -> QuerySet[RevisionChapter]:
    """The rows by which a revision of the book holds its chapters."""
    reaches = Q(last_place__isnull=True) | Q(last_place__gte=revision.place)
    return RevisionChapter.objects.of(book.organization).filter(reaches, book=book, first_place__lte=revision.place)
