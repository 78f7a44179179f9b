"""Everything kept about somebody, as one ZIP: pages to read, JSON to take elsewhere, and files.

Each room writes its part through the signals person_exported and address_exported. Nothing is held in memory but what
the pages show; the archive grows on disk.
"""

import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Self, TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import leases

CHUNK = 1 << 20
ROWS_SHOWN = 50  # of each part on the page; all of them are in its JSON
LONGEST_SHOWN = 300
BATCH = 500
# Stored as they are: compressed inside already.
_PACKED = (".pdf", ".epub", ".docx", ".zip", ".webp")
_UNSAFE = re.compile(r"[^\w.()-]+")

Row = TypeVar("Row", bound=Model)
Values = Mapping[str, Any]


@dataclass
class Part:
    """One kind of thing on the page: its title, what its columns are called, and the first of its rows."""

    name: str
    title: "str | Promise"
    columns: Mapping[str, "str | Promise"]
    rows: list[Values] = field(default_factory=list)
    count: int = 0

    @property
    def address(self) -> str:
        """Where in the archive all of its rows are."""
        return f"data/{self.name}.json"

    @property
    def more(self) -> int:
        """How many rows the page leaves out."""
        return self.count - len(self.rows)

    def shown(self) -> Iterator[list[str]]:
        """The rows as the page shows them, in the language at hand."""
        return ([shown(row.get(column)) for column in self.columns] for row in self.rows)


class Export:
    """An archive being written for somebody. Raises LeaseLost as soon as another worker has taken it up."""

    def __init__(self, target: IO[bytes], held: leases.Claim, *, whose: str, language: str) -> None:
        self.archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.held, self.whose, self.language = held, whose, language
        self.parts: list[Part] = []
        self.files: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Whatever happened, nothing is written to the file any more."""
        self.archive.close()

    def records(
        self, name: str, title: "str | Promise", columns: Mapping[str, "str | Promise"], rows: Iterable[Values]
    ) -> None:
        """Write the rows to data/`name`.json, one a line; the page shows the columns named here, of the first rows."""
        part = Part(name, title, columns)
        with self.archive.open(part.address, "w", force_zip64=True) as place:
            place.write(b"[")
            for row in rows:
                self._still_ours()
                place.write(b",\n" if part.count else b"\n")
                place.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode())
                part.count += 1
                if len(part.rows) < ROWS_SHOWN:
                    part.rows.append(row)
            place.write(b"\n]\n")
        self.parts.append(part)

    def text(self, path: str, text: str) -> None:
        """One text as a file."""
        self._still_ours()
        self.archive.writestr(path, text)
        self.files.append((path, len(text.encode())))

    def stored(self, path: str, name: str) -> None:
        """Copy a stored file in, piece by piece; one that is no longer there is left out."""
        self._still_ours()
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            return
        entry = zipfile.ZipInfo(path, timezone.now().timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if path.endswith(_PACKED) else zipfile.ZIP_DEFLATED
        with source, self.archive.open(entry, "w", force_zip64=True) as place:
            shutil.copyfileobj(source, place, CHUNK)
        self.files.append((path, entry.file_size))

    def finish(self) -> None:
        """The pages in front: index.html in the person's language, and one in each other."""
        pages = {self.language: "index.html"}
        pages |= {code: f"index.{code}.html" for code, _name in settings.LANGUAGES if code != self.language}
        self.archive.writestr("style.css", render_to_string("documents/personal_data.css"))
        for language, page in pages.items():
            with override(language):
                facts = {"parts": self.parts, "files": self.files, "whose": self.whose, "at": timezone.now()}
                others = [(code, name) for code, name in pages.items() if code != language]
                self.archive.writestr(page, render_to_string("documents/personal_data.html", facts | {"pages": others}))

    def _still_ours(self) -> None:
        if self.held.lost.is_set():
            raise leases.LeaseLost(str(self.held.subject))


def shown(value: Any) -> str:
    """A value as people read it, in the language at hand."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(one)}" for name, one in value.items()) or "–"
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def file_name(text: str, fallback: str) -> str:
    """A short name that every system takes, for a title of any script."""
    return _UNSAFE.sub("-", text).strip("-.")[:60] or fallback


def in_batches(rows: "QuerySet[Row]") -> Iterator[Row]:
    """Every row by its key, never more than a few hundred in memory (the pooler takes no cursors)."""
    last = None
    while batch := list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk
