"""Colours as `#rrggbb`: how well two can be told apart (WCAG 2.2), and the nearest one that can be read.

Nearness is judged in OKLab (Björn Ottosson, 2020), where equal distances look equal: hue and, as far as a screen can
show it, strength stay; only the lightness moves.
"""

from collections.abc import Callable
from math import cbrt

Linear = tuple[float, float, float]
Lab = tuple[float, float, float]
_HALVINGS = 24


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the other colour in the first, as the eye mixes them."""
    first, second = _to_lab(_linear(color)), _to_lab(_linear(other))
    lightness, a, b = (x + (y - x) * share for x, y in zip(first, second, strict=True))
    return _hex(_to_linear((lightness, a, b)))


def nearest(color: str, passes: Callable[[str], bool], *, darker: bool) -> str:
    """The colour itself if it passes, else the one least darkened (or lightened) that does.

    `passes` must hold for black (or white) and, on the way there, stay true once it is.
    """
    if passes(color):
        return color
    lightness, a, b = _to_lab(_linear(color))
    fails, holds = lightness, 0.0 if darker else 1.0
    for _halving in range(_HALVINGS):
        middle = (fails + holds) / 2
        if passes(_shown((middle, a, b))):
            holds = middle
        else:
            fails = middle
    return _shown((holds, a, b))


def _shown(lab: Lab) -> str:
    """The colour of that lightness and hue, as strong as a screen can show it."""
    lightness, a, b = lab
    weak, strong = 0.0, 1.0
    if not _fits(_to_linear(lab)):
        for _halving in range(_HALVINGS):
            middle = (weak + strong) / 2
            weak, strong = (
                (middle, strong) if _fits(_to_linear((lightness, a * middle, b * middle))) else (weak, middle)
            )
        strong = weak
    return _hex(_to_linear((lightness, a * strong, b * strong)))


def _fits(linear: Linear) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in linear)


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(color: str) -> Linear:
    """Light of each channel, 0 to 1, from the sRGB bytes."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    held = min(max(channel, 0.0), 1.0)
    return float(12.92 * held if held <= 0.0031308 else 1.055 * held ** (1 / 2.4) - 0.055)


def _hex(linear: Linear) -> str:
    return "#" + "".join(f"{round(_encoded(channel) * 255):02x}" for channel in linear)


def _to_lab(linear: Linear) -> Lab:
    red, green, blue = linear
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _to_linear(lab: Lab) -> Linear:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
