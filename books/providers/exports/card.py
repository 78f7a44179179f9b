"""The picture that messengers and networks show of a book: 1200 × 630 pixels, drawn from its title like its cover."""

import hashlib
import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from books.providers.exports.cover import Palette, palette_named
from books.providers.exports.fonts import PACKAGES, codes, font_folders
from books.providers.exports.typography import polished_line

WIDTH, HEIGHT = 1200, 630
_FINE = 2  # drawn twice as large, then scaled: rings have soft edges
_LEFT, _ROOM = 110, 900
_TITLE_HEIGHT, _SMALLEST = 310, 56
_SITE = "Scriptorium"
# In the order of preference; the second has the letters that the first lacks.
_FACES = ("eb-garamond/600SemiBold/EBGaramond_600SemiBold.ttf", "noto-serif/600SemiBold/NotoSerif_600SemiBold.ttf")


def card_png(title: str, subtitle: str, author: str, *, language: str, palette: str) -> bytes:
    """The picture as PNG; the same words give the same bytes. What no shipped face can draw is left out."""
    colours = palette_named(palette)
    picture = _ground(colours, title)
    draw = ImageDraw.Draw(picture)
    face, name = _face_for(polished_line(title, language))
    size, lines = _fitted(face, name or _SITE)
    y = 56
    for line in lines:
        draw.text((_LEFT, y), line, font=_font(face, size), fill=colours.ink)
        y += round(size * 1.12)
    draw.rectangle((_LEFT, y + 26, _LEFT + 96, y + 30), fill=colours.accent)
    _small(draw, polished_line(subtitle, language), y + 46, 36, colours.ink)
    _small(draw, polished_line(author, language), HEIGHT - 112, 40, colours.ink)
    _small(draw, _SITE, HEIGHT - 58, 24, colours.accent)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def _ground(colours: Palette, title: str) -> Image.Image:
    """Cloth, spine and rings whose place depends on the title alone."""
    seed = hashlib.sha256(title.encode()).digest()
    picture = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), colours.ground)
    rings = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(rings)
    x, y = (900 + seed[0]) * _FINE, (330 + seed[1]) * _FINE
    for ring in range(8):
        radius = (110 + seed[2] % 60 + ring * (40 + seed[3] % 20)) * _FINE
        shade = (*Image.new("RGB", (1, 1), colours.accent).getpixel((0, 0)), 105 - 11 * ring)  # type: ignore[misc]  # RGB
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=shade, width=2 * _FINE)
    draw.rectangle((0, 0, 30 * _FINE, HEIGHT * _FINE), fill=(0, 0, 0, 70))
    draw.rectangle((30 * _FINE, 0, 42 * _FINE, HEIGHT * _FINE), fill=(255, 255, 255, 30))
    picture.paste(rings, mask=rings)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _small(draw: ImageDraw.ImageDraw, text: str, y: int, size: int, fill: str) -> None:
    """One line, cut with an ellipsis where it is too long."""
    face, text = _face_for(text)
    draw.text((_LEFT, y), _cut(face, text, size), font=_font(face, size), fill=fill)


def _face_for(text: str) -> tuple[str, str]:
    """The first face that has every letter, else the last one and the letters that it has."""
    for face in _FACES:
        if _letters(face).issuperset(text):
            return face, text
    kept = "".join(one for one in text if one in _letters(_FACES[-1]))
    return _FACES[-1], " ".join(kept.split())


def _fitted(face: str, text: str) -> tuple[int, list[str]]:
    """The largest size at which the text fits its part of the card; at the smallest one the last line is cut."""
    for size in range(108, _SMALLEST, -4):
        lines = _wrapped(face, text, size)
        if len(lines) * size * 1.12 <= _TITLE_HEIGHT and all(_width(face, line, size) <= _ROOM for line in lines):
            return size, lines
    lines, most = _wrapped(face, text, _SMALLEST), int(_TITLE_HEIGHT / (_SMALLEST * 1.12))
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines
    return _SMALLEST, [_cut(face, line, _SMALLEST) for line in kept]


def _wrapped(face: str, text: str, size: int) -> list[str]:
    """Greedy lines of whole words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(face, longer, size) > _ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(face: str, text: str, size: int) -> str:
    if _width(face, text, size) <= _ROOM:
        return text
    while text and _width(face, f"{text}…", size) > _ROOM:
        text = text[:-1].rstrip()
    return f"{text}…"


def _width(face: str, text: str, size: int) -> float:
    return _font(face, size).getlength(text)


@cache
def _letters(face: str) -> frozenset[str]:
    return frozenset(map(chr, codes(PACKAGES / face))) | {" "}


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    font_folders()
    return ImageFont.truetype(PACKAGES / face, size, layout_engine=ImageFont.Layout.BASIC)
