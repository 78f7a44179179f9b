"""A book as every export engine takes it: plain data, no models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

from books.providers.exports.figures import Shown

FOLDER = "pictures"


@dataclass(frozen=True)
class ManuscriptChapter:
    """One chapter; `markdown` is the stored text (LF, NFC), without the chapter's title, `words` its stored count."""

    number: int
    title: str
    markdown: str
    words: int


@dataclass(frozen=True)
class ManuscriptPicture:
    """A picture that the text names; its file lies in the engine's folder, below FOLDER, under `file_name`.

    It is brought there from the store, where it has two names, one for each size; `size` is the bytes of both.
    """

    id: UUID
    file_name: str
    title: str  # what its owner calls it, for messages
    alt: str
    width: int
    height: int
    media_type: str
    stored: str = ""
    stored_small: str = ""
    size: int = 0

    @property
    def path(self) -> str:
        """Where it is, seen from the text."""
        return f"{FOLDER}/{self.file_name}"

    def read(self, workdir: Path) -> bytes:
        """Its bytes."""
        return (workdir / FOLDER / self.file_name).read_bytes()


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
    pictures: tuple[ManuscriptPicture, ...] = ()

    @cached_property
    def shown(self) -> Mapping[UUID, Shown]:
        """Its pictures as a text of it shows them: by the path of their files."""
        return {one.id: Shown(one.path, one.width, one.height, one.alt) for one in self.pictures}
