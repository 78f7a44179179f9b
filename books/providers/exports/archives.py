"""Zip files whose bytes depend on their content alone."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime


def pack(files: Iterable[tuple[str, bytes]], *, at: datetime, stored: frozenset[str] = frozenset()) -> bytes:
    """A zip of the files in the order given, all dated `at`; names in `stored` are not compressed."""
    moment = at.astimezone(UTC)
    stamp = (max(1980, moment.year), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = 3  # the same on every system, so that the bytes are too
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()
