"""Every title gets a cover that can be read."""

import pytest
from lxml import etree

from books.providers.exports.cover import PALETTES, cover_svg
from tests.books.exports.manuscripts import make_manuscript


@pytest.mark.parametrize("title", ["Bees", "A " * 49 + "B", "Anticonstitutionnellement" * 4, "🐝 <&>", "\x00"])
def test_every_title_fits_its_cover(title: str) -> None:
    drawing = etree.fromstring(cover_svg(make_manuscript(title=title, palette="unknown")).encode())
    lines = [one for one in drawing.iter("{*}text") if one.get("font-weight") == "600"]
    assert all(float(one.get("y")) < 500 for one in lines)


def test_every_palette_can_be_read() -> None:
    def luminance(colour: str) -> float:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for palette in PALETTES.values():
        assert (luminance(palette.ink) + 0.05) / (luminance(palette.ground) + 0.05) >= 7
