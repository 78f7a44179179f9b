"""The files of a book: what can be asked for, what there is of it now, and what is left of older versions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.text import slugify

from books.models import Book, Export, ExportState, PageSize
from books.providers.exports import FORMATS, ExportFormat
from books.queries.manuscripts import content_hash

DEFAULT_PAGE_SIZE = PageSize.A5
PAGED = "pdf"
DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")


@dataclass(frozen=True)
class FileKind:
    """What can be asked for: a format and, for a PDF, one page size."""

    format: ExportFormat
    page_size: str

    @property
    def key(self) -> str:
        """The format's key; a PDF of another size than the usual one adds it: `pdf-a4`."""
        return self.format.key + self._size_suffix

    @property
    def label(self) -> str:
        """The format and the page size in full."""
        return f"{self.format.label}, {self.size_label}" if self.page_size else self.format.label

    @property
    def size_label(self) -> str:
        """The page size with its measures, or nothing."""
        return str(PageSize(self.page_size).label) if self.page_size else ""

    @property
    def size_name(self) -> str:
        """The page size without its measures."""
        return self.size_label.partition(" (")[0]

    @property
    def ending(self) -> str:
        """How the name of such a file ends: `.epub`, `-a4.pdf`."""
        return self.ending_as(self.format.extension)

    def ending_as(self, extension: str) -> str:
        """The same of a file that ends otherwise: Markdown with its pictures is a ZIP."""
        return f"{self._size_suffix}.{extension}"

    @property
    def _size_suffix(self) -> str:
        return f"-{self.page_size}" if self.page_size not in {"", DEFAULT_PAGE_SIZE} else ""


def _kinds() -> Mapping[tuple[str, str], FileKind]:
    found = {}
    for one in FORMATS.values():
        for size in PageSize.values if one.key == PAGED else [""]:
            found[one.key, size] = FileKind(one, size)
    return found


KINDS = _kinds()
KINDS_BY_KEY: Mapping[str, FileKind] = {kind.key: kind for kind in KINDS.values()}


def stem_of(title: str) -> str:
    """How the name of a book's file begins: lower-case ASCII, never empty, never a device of Windows."""
    stem = slugify(title)[:80].strip("-") or "book"
    return f"{stem}-book" if DEVICE.fullmatch(stem) else stem


def ending_of(export: Export) -> str:
    """How the name of a stored file ends."""
    return KINDS[export.format, export.page_size].ending_as(str(export.file.name).rpartition(".")[2])


def kind_of(format_key: str, page_size: str = "") -> FileKind | None:
    """The kind of that format; a PDF without a size has the usual one. None for what nobody makes."""
    if format_key == PAGED and not page_size:
        page_size = DEFAULT_PAGE_SIZE
    return KINDS.get((format_key, page_size))


@dataclass(frozen=True)
class FileLine:
    """One kind of file: of the book as it is now, and the newest finished one of an older version."""

    kind: FileKind
    export: Export | None
    older: Export | None

    @property
    def offered(self) -> Export | None:
        """The file that can be fetched, if there is one: the newest version's before any older one's."""
        return self.export if self.is_ready else self.older

    @property
    def is_stale(self) -> bool:
        """Whether what can be fetched is older than the text."""
        return not self.is_ready and self.older is not None

    @property
    def is_ready(self) -> bool:
        """Whether the file of the present version can be fetched."""
        return self.export is not None and self.export.state == ExportState.READY

    @property
    def is_pending(self) -> bool:
        """Whether the file is being made."""
        return self.export is not None and self.export.state == ExportState.PENDING

    @property
    def has_failed(self) -> bool:
        """Whether making the file failed, with its reason in `export.problem`."""
        return self.export is not None and self.export.state == ExportState.FAILED

    @property
    def is_known(self) -> bool:
        """Whether there is, was or will be such a file."""
        return self.export is not None or self.older is not None


@dataclass(frozen=True)
class Files:
    """All kinds, in the order of the formats."""

    lines: tuple[FileLine, ...]

    @property
    def paged(self) -> tuple[FileLine, ...]:
        """The PDFs somebody has asked for, one for each page size."""
        return tuple(line for line in self.lines if line.kind.page_size and line.is_known)

    @property
    def more_sizes(self) -> tuple[FileKind, ...]:
        """The page sizes nobody has asked for yet, the usual one first."""
        return tuple(line.kind for line in self.lines if line.kind.page_size and not line.is_known)

    @property
    def unpaged(self) -> tuple[FileLine, ...]:
        """Every other format, asked for or not."""
        return tuple(line for line in self.lines if not line.kind.page_size)

    @property
    def making(self) -> int:
        """How many files are being made."""
        return sum(line.is_pending for line in self.lines)


def files(book: Book) -> Files:
    """Every kind with its export of the book's present version and the newest finished older one (one query)."""
    now = Q(content_hash=content_hash(book))
    exports = (
        Export.objects.of(book.organization)
        .filter(now | Q(state=ExportState.READY), book=book)
        .annotate(is_present=ExpressionWrapper(now, output_field=BooleanField()))
        .select_related("requested_by")
        .order_by("format", "page_size", "is_present", "-id")
        .distinct("format", "page_size", "is_present")
    )
    found = {(export.format, export.page_size, export.is_present): export for export in exports}
    return Files(
        tuple(FileLine(kind, found.get((*pair, True)), found.get((*pair, False))) for pair, kind in KINDS.items())
    )
