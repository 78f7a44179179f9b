"""The texts a chapter had: as a list, one to read, and any two beside each other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from books.models import Book, Chapter, ChapterVersion, Decision, Rewrite, VersionOrigin
from books.providers.exports import chapter_html
from books.queries import pictures
from books.queries.comparisons import Comparison, compare
from books.queries.versions import document, documents
from core.text import digest

PAGE = 50
IN_PANEL = 12


@dataclass(frozen=True)
class VersionLine:
    """One text a chapter had; `difference` in words from the one before."""

    number: int
    origin: VersionOrigin
    title: str
    note: str
    made_by: str
    created_at: datetime
    words: int
    difference: int

    @property
    def origin_label(self) -> str:
        """Where it came from, in the reader's language."""
        return str(self.origin.label)


@dataclass(frozen=True)
class ProposalLine:
    """A proposal that was not taken and can still be."""

    id: UUID
    instruction: str
    created_at: datetime
    word_count: int


@dataclass(frozen=True)
class VersionsPage:
    """The texts of a chapter, the newest first; `current` is the one that stands, 0 while there is the first alone.

    `before` is the version that the last change replaced, to undo it; `older` begins the next page.
    """

    book: Book
    chapter: Chapter
    lines: tuple[VersionLine, ...]
    proposals: tuple[ProposalLine, ...]
    current: int
    older: int

    @property
    def is_first(self) -> bool:
        """Whether the page begins with the version that stands."""
        return bool(self.lines) and self.lines[0].number == self.current

    @property
    def before(self) -> int:
        """The version that the last change replaced, to undo it; 0 when there is none."""
        return self.lines[1].number if self.is_first and len(self.lines) > 1 else 0


def versions_page(book: Book, chapter: Chapter, *, below: int = 0, size: int = PAGE) -> VersionsPage:
    """Read a page of the versions of a chapter without their texts (three queries)."""
    every = ChapterVersion.objects.of(book.organization).filter(chapter=chapter).order_by("-number")
    rows = every.filter(number__lt=below) if below else every
    found = list(rows.select_related("made_by").defer("payload")[: size + 1])
    lines = tuple(_line(row, found[place + 1 : place + 2]) for place, row in enumerate(found[:size]))
    discarded = Rewrite.objects.of(book.organization).filter(chapter=chapter, decision=Decision.DISCARDED)
    proposals = discarded.exclude(markdown="").values_list("id", "instruction", "created_at", "word_count")
    shown = () if below else tuple(ProposalLine(*row) for row in proposals[:PAGE])
    current = every.values_list("number", flat=True).first() or 0
    return VersionsPage(book, chapter, lines, shown, current, older=lines[-1].number if len(found) > size else 0)


@dataclass(frozen=True)
class VersionPage:
    """One text a chapter had, to read."""

    book: Book
    chapter: Chapter
    version: ChapterVersion
    html: str
    stands: bool  # whether it is the chapter's text now


def version_page(book: Book, chapter: Chapter, version: ChapterVersion) -> VersionPage:
    """A version to read (two queries)."""
    markdown = document(version).markdown
    return VersionPage(book, chapter, version, earlier_html(book, markdown), stands=markdown == chapter.markdown)


def earlier_html(book: Book, markdown: str) -> str:
    """A text as HTML by the book's own pipeline, with the book's pictures (one query where it names any)."""
    address = pictures.tenant_address(book.organization.slug, book.pk)
    return chapter_html(markdown, book.language, pictures=pictures.shown(book, markdown, address))


@dataclass(frozen=True)
class VersionComparison:
    """Two texts of a chapter; `new` is None where it is the one that stands now, into which paragraphs can go back."""

    book: Book
    chapter: Chapter
    old: ChapterVersion
    new: ChapterVersion | None
    comparison: Comparison

    @property
    def old_value(self) -> str:
        """The older side as an address names it."""
        return str(self.old.number)

    @property
    def new_value(self) -> str:
        """The newer side likewise; empty for the text that stands."""
        return str(self.new.number) if self.new else ""

    @property
    def present(self) -> str:
        """Digest of the text that stands: putting a paragraph back says by it what was seen."""
        return digest(self.chapter.markdown)


def compare_versions(chapter: Chapter, old: int, new: int) -> VersionComparison | None:
    """Compare two versions by their numbers, the older one first (three queries); None when one is not there.

    The newest one, and 0, is the text that stands; without either the last change is shown.
    """
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter).order_by("-number")
    newest = list(rows.values_list("number", flat=True)[:2])
    wanted = sorted({old, new} - {0}) or newest[-1:]
    found = {row.number: row for row in rows.filter(number__in=wanted).defer("payload")}
    if not wanted or len(found) < len(wanted):
        return None
    first, last = wanted[0], wanted[-1] if len(wanted) > 1 and wanted[-1] != newest[0] else 0
    texts = documents(chapter, wanted)
    present = texts[last].markdown if last else chapter.markdown
    comparison = compare(texts[first].markdown, present)
    return VersionComparison(chapter.book, chapter, found[first], found.get(last), comparison)


def _line(row: ChapterVersion, before: list[ChapterVersion]) -> VersionLine:
    return VersionLine(
        number=row.number,
        origin=VersionOrigin(row.origin),
        title=row.title,
        note=row.note,
        made_by=row.made_by.name if row.made_by else "",
        created_at=row.updated_at,
        words=row.word_count,
        difference=row.word_count - sum(one.word_count for one in before),
    )
