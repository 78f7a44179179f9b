"""Colours: contrast as WCAG has it, and the nearest colour that can be read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core import colors

ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
NEEDED = 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert round(colors.contrast("#ffffff", "#000000"), 6) == 21
    assert colors.contrast("#123456", "#123456") == 1
    # The grey that just fails and the one that just passes on white, by every checker's word.
    assert colors.contrast("#777777", "#ffffff") < NEEDED < colors.contrast("#767676", "#ffffff")
    assert colors.contrast("#ffe600", "#ffffff") == colors.contrast("#ffffff", "#ffe600")


@given(color=ANY)
@settings(max_examples=150, deadline=None)
def test_the_nearest_colour_passes_and_one_that_passes_is_its_own(color: str) -> None:
    def on_white(one: str) -> bool:
        return colors.contrast(one, "#ffffff") >= NEEDED

    def on_black(one: str) -> bool:
        return colors.contrast(one, "#000000") >= NEEDED

    for passes, darker in [(on_white, True), (on_black, False)]:
        found = colors.nearest(color, passes, darker=darker)
        assert passes(found)
        assert (found == color) == passes(color)


def test_the_nearest_colour_keeps_its_hue_and_goes_no_further_than_it_must() -> None:
    found = colors.nearest("#ffe600", lambda one: colors.contrast(one, "#ffffff") >= NEEDED, darker=True)
    red, green, blue = (int(found[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > 2 * blue  # still a yellow
    assert colors.contrast(found, "#ffffff") < NEEDED + 0.1


def test_mixing_begins_with_the_one_and_ends_with_the_other() -> None:
    assert colors.mix("#1c5560", "#ffffff", 0) == "#1c5560"
    assert colors.mix("#1c5560", "#ffffff", 1) == "#ffffff"
    assert colors.contrast(colors.mix("#1c5560", "#ffffff", 0.5), "#ffffff") > 1.5
