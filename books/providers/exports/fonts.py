"""The fonts shipped with the product: installed by npm, no font of the system is ever used."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[3] / "node_modules" / "@expo-google-fonts"
# Package, folders of faces. The order is the typesetter's order of preference (see book.typ).
_FACES = {
    "eb-garamond": ("400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"),
    "noto-serif": ("400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic"),
    "noto-serif-hebrew": ("400Regular",),
    "source-code-pro": ("400Regular",),
    "noto-sans-symbols-2": ("400Regular",),
    "noto-sans-symbols": ("400Regular",),
    "noto-sans-math": ("400Regular",),
    "noto-emoji": ("400Regular",),
}


class FontsMissing(FileNotFoundError):
    """The fonts are not installed on this machine: a fault of the installation, not of the book."""


@cache
def font_folders() -> tuple[Path, ...]:
    """Every folder the typesetter may read fonts from; FontsMissing names the one that is not there."""
    folders = tuple(PACKAGES / package / face for package, faces in _FACES.items() for face in faces)
    for folder in folders:
        if not folder.is_dir():
            raise FontsMissing(f"{folder} is missing: run `npm ci`")
    return folders


def first_missing(text: str) -> str | None:
    """The first character of the text that no shipped font can draw, or None."""
    undrawable = {one for one in set(text) - _drawable() if not _drawn_otherwise(one)}
    return next((one for one in text if one in undrawable), None)


def _drawn_otherwise(character: str) -> bool:
    """Spaces and format characters need no glyph; some letters are drawn as their parts (NFD)."""
    if unicodedata.category(character) in {"Zs", "Cf", "Cc"} or 0xFE00 <= ord(character) <= 0xFE0F:
        return True
    parts = unicodedata.normalize("NFD", character)
    return parts != character and _drawable().issuperset(parts)


@cache
def _drawable() -> frozenset[str]:
    regular = (folder for folder in font_folders() if folder.name == "400Regular")
    known = {code for folder in regular for path in folder.glob("*.ttf") for code in codes(path)}
    # The mathematical font has some Arabic letters, but not as a word joins them.
    return frozenset(one for one in map(chr, known) if unicodedata.bidirectional(one) != "AL")


def codes(path: Path) -> Iterator[int]:
    """Character codes of a TrueType file: its `cmap` subtables of formats 4 and 12 (OpenType 1.9, cmap)."""
    data = path.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    directory = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in directory if tag == b"cmap")
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)[0]
        kind = struct.unpack_from(">H", data, start)[0]
        if kind == 4:
            yield from _codes_of_segments(data, start)
        elif kind == 12:
            yield from _codes_of_groups(data, start)


def _codes_of_segments(data: bytes, start: int) -> Iterator[int]:
    doubled = struct.unpack_from(">H", data, start + 6)[0]
    ends = struct.unpack_from(f">{doubled // 2}H", data, start + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", data, start + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)


def _codes_of_groups(data: bytes, start: int) -> Iterator[int]:
    for index in range(struct.unpack_from(">I", data, start + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", data, start + 16 + 12 * index)
        yield from range(first, last + 1)
