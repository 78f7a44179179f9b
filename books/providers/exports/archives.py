"""Zip files whose bytes depend on their content alone (PKWARE APPNOTE 6.3, without Zip64: a book is far smaller).

The standard library writes one part after the other; here parts are deflated on threads while the next are made.
"""

import struct
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION = 20
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
# Made on Unix, whatever this machine is, as a plain file all may read: the same on every system, so the bytes are too.
_MADE_BY, _MODE = 3 << 8 | _VERSION, 0o100644 << 16


class _Part(NamedTuple):
    method: int
    check: int
    length: int
    packed: bytes


def pack(files: Iterable[tuple[str, bytes]], *, at: datetime, stored: frozenset[str] = frozenset()) -> bytes:
    """A zip of the files in the order given, all dated `at`; names in `stored` are not compressed."""
    # No interpreter is needed while zlib works: another processor does, while this thread makes the next file.
    with ThreadPoolExecutor(2) as pool:
        waiting = deque((name, pool.submit(_part, data, deflate=name not in stored)) for name, data in files)
        return _archive(_let_go(waiting), _stamp(at))


def _let_go(waiting: "deque[tuple[str, Future[_Part]]]") -> Iterator[tuple[str, _Part]]:
    """Each part in its turn, kept no longer: pictures are large."""
    while waiting:
        name, part = waiting.popleft()
        yield name, part.result()


def _part(data: bytes, *, deflate: bool) -> _Part:
    if not deflate:
        return _Part(_STORED, zlib.crc32(data), len(data), data)
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Part(_DEFLATED, zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def _stamp(at: datetime) -> tuple[int, int]:
    """MS-DOS time and date: two seconds fine, from 1980 on."""
    moment = at.astimezone(UTC)
    date = max(0, moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return moment.hour << 11 | moment.minute << 5 | moment.second // 2, date


def _archive(parts: Iterable[tuple[str, _Part]], stamp: tuple[int, int]) -> bytes:
    body, directory, count = bytearray(), bytearray(), 0
    for name, part in parts:
        encoded = name.encode()
        flags = 0 if name.isascii() else _UTF8
        facts = struct.pack(
            "<HHHHHIIIHH", _VERSION, flags, part.method, *stamp, part.check, len(part.packed), part.length,
            len(encoded), 0,
        )  # fmt: skip
        directory += _CENTRAL + struct.pack("<H", _MADE_BY) + facts
        directory += struct.pack("<HHHII", 0, 0, 0, _MODE, len(body)) + encoded
        body += _LOCAL + facts + encoded + part.packed
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    body += directory + _END + end
    return bytes(body)
