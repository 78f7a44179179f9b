"""The cover of a book, drawn as SVG from its title, its author and one of eight palettes.

The same drawing is the first page of the PDF and of the HTML file, and the cover picture of the EPUB; pages of the
site draw small covers in CSS from the colours of PALETTES.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

from PIL import ImageFont

from books.providers.exports.fonts import PACKAGES, font_folders
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.typography import polished_line

WIDTH = 600
HEIGHT = 900


@dataclass(frozen=True)
class Palette:
    """CSS colours of a cover; `ink` on `ground` is at least 7:1."""

    ground: str
    ink: str
    accent: str


PALETTES: Mapping[str, Palette] = {
    "garnet": Palette("#7a2a18", "#fff8ef", "#e8b08c"),
    "forest": Palette("#23473d", "#f7faf2", "#a9c9a0"),
    "ink": Palette("#2b3a5c", "#f6f8fd", "#a7b9e0"),
    "plum": Palette("#5a3d6b", "#fcf6ff", "#cfaede"),
    "ochre": Palette("#6b470c", "#fffaf0", "#e6c27a"),
    "slate": Palette("#3a444e", "#f6f8fa", "#b3c0cb"),
    "teal": Palette("#174b55", "#f1fbfb", "#93cdd0"),
    "rose": Palette("#7d2c48", "#fff5f8", "#e9abc0"),
}
_FALLBACK = "garnet"
_LEFT, _RIGHT, _TOP = 84, 60, 96
# Browsers without Garamond set a wider face: lines are broken as if letters were a sixth wider than they are.
_ROOM = (WIDTH - _LEFT - _RIGHT) / 1.16
_FAMILY = "'EB Garamond','Iowan Old Style',Palatino,Georgia,'Noto Serif','Noto Emoji',serif"


def palette_named(name: str) -> Palette:
    """The palette of that name, the first one for a name nobody knows."""
    return PALETTES.get(name, PALETTES[_FALLBACK])


def cover_svg(manuscript: Manuscript, *, height: int = HEIGHT) -> str:
    """The cover as a stand-alone SVG document 600 units wide, with its text as text."""
    palette = palette_named(manuscript.palette)
    ink = f'fill="{palette.ink}"'
    title = polished_line(manuscript.title, manuscript.language)
    subtitle = polished_line(manuscript.subtitle, manuscript.language)
    author = polished_line(manuscript.author, manuscript.language)
    size, lines = _fit(title, sizes=range(84, 26, -4), room=height * 0.42)
    parts = [_ground(palette, height, title), *_lines(lines, size, _TOP + size * 0.8, f'{ink} font-weight="600"')]
    below = _TOP + size * 0.8 + size * 1.12 * (len(lines) - 1) + 34
    parts.append(f'<rect x="{_LEFT}" y="{below:.1f}" width="64" height="3" fill="{palette.accent}"/>')
    if subtitle:
        small, wrapped = _fit(subtitle, sizes=range(32, 16, -2), room=height * 0.2, italic=True)
        parts += _lines(wrapped, small, below + 24 + small, f'{ink} font-style="italic"')
    small, wrapped = _fit(author, sizes=range(30, 16, -2), room=height * 0.12)
    foot = height - 72 - small * 1.12 * (len(wrapped) - 1)
    parts += _lines(wrapped, small, foot, ink)
    name = escape(f"{title}, {author}" if author else title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{name}"><title>{name}</title>{"".join(parts)}</svg>'
    )


def _ground(palette: Palette, height: int, title: str) -> str:
    """Cloth, spine and a pattern of rings whose place depends on the title alone."""
    seed = hashlib.sha256(title.encode()).digest()
    x, y = 330 + seed[0] % 240, height * 0.62 + seed[1] % 150
    first, step = 60 + seed[2] % 60, 26 + seed[3] % 20
    rings = "".join(
        f'<circle cx="{x}" cy="{y:.1f}" r="{first + step * ring}" stroke-opacity="{0.42 - 0.045 * ring:.3f}"/>'
        for ring in range(8)
    )
    return (
        f'<rect width="{WIDTH}" height="{height}" fill="{palette.ground}"/>'
        f'<g fill="none" stroke="{palette.accent}" stroke-width="1.6">{rings}</g>'
        f'<rect width="20" height="{height}" fill="#000" fill-opacity=".28"/>'
        f'<rect x="20" width="9" height="{height}" fill="#fff" fill-opacity=".12"/>'
    )


def _lines(lines: list[str], size: int, y: float, style: str) -> list[str]:
    """The lines as text from the base line `y` down; `style` is attributes."""
    return [
        f'<text x="{_LEFT}" y="{y + size * 1.12 * index:.1f}" font-family="{_FAMILY}" font-size="{size}" '
        f"{style}>{escape(line)}</text>"
        for index, line in enumerate(lines)
    ]


def _fit(text: str, *, sizes: range, room: float, italic: bool = False) -> tuple[int, list[str]]:
    """The largest size at which the text fits `room` units of height; at the smallest one it ends in an ellipsis."""
    for size in sizes:
        widest = max((_width(word, size, italic=italic) for word in text.split()), default=0.0)
        lines = _wrap(text, size, italic=italic)
        if widest <= _ROOM and len(lines) * size * 1.12 <= room:
            return size, lines
    size = sizes[-1]
    lines, most = _wrap(text, size, italic=italic), max(1, int(room / (size * 1.12)))
    return (size, lines) if len(lines) <= most else (size, [*lines[: most - 1], lines[most - 1].rstrip() + "…"])


def _wrap(text: str, size: int, *, italic: bool) -> list[str]:
    """Greedy lines; a word longer than a line is cut."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if _width(longer, size, italic=italic) <= _ROOM:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, size, italic=italic)
        lines += full
    return [*lines, line]


def _pieces(word: str, size: int, *, italic: bool) -> list[str]:
    """The word in pieces that each fit a line: one, but for monsters."""
    pieces, start = [], 0
    for end in range(1, len(word) + 1):
        if end > start + 1 and _width(word[start:end], size, italic=italic) > _ROOM:
            pieces.append(word[start : end - 1])
            start = end - 1
    return [*pieces, word[start:]]


def _width(text: str, size: int, *, italic: bool) -> float:
    return _measure(italic=italic).getlength(text) * size / 100


@cache
def _measure(*, italic: bool) -> ImageFont.FreeTypeFont:
    """Garamond at 100 units: the semibold is wide enough to measure the regular by."""
    font_folders()
    face = "600SemiBold_Italic" if italic else "600SemiBold"
    # The basic layout does not depend on what else is installed, and so neither do the bytes of a file.
    path = PACKAGES / "eb-garamond" / face / f"EBGaramond_{face}.ttf"
    return ImageFont.truetype(path, 100, layout_engine=ImageFont.Layout.BASIC)
