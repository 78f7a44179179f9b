"""A book as every export engine takes it: plain data, no models."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ManuscriptChapter:
    """One chapter; `markdown` is the stored text (LF, NFC), without the chapter's title, `words` its stored count."""

    number: int
    title: str
    markdown: str
    words: int


@dataclass(frozen=True)
class Manuscript:
    """Everything that may enter a file; `modified_at` (UTC) is the only date that may appear in one."""

    identifier: UUID
    title: str
    subtitle: str
    author: str
    publisher: str
    language: str  # BCP 47; labels inside the book are French for "fr", English otherwise
    blurb: str
    chapters: tuple[ManuscriptChapter, ...]
    modified_at: datetime
    palette: str  # a name in cover.PALETTES
    page_size: str = ""  # a key of paper.PAPERS, for PDF only
