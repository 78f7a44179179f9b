"""What an organization's looks come to: whether a colour can be read, and the style sheet of its own pages."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import colors
from organizations.models import Organization, Typeface

NEEDED = 4.5  # WCAG 2.2, 1.4.3: text of any size


@dataclass(frozen=True)
class Theme:
    """What an accent stands on or beside in one of the two themes, as static/css/tokens.css has it (tested)."""

    field: str
    grounds: tuple[str, ...]
    lettering: str
    own: str
    pale: Promise

    def ratio(self, color: str) -> float:
        """The worst contrast this colour has here: as a link on each ground, and behind a button's words."""
        return min(colors.contrast(color, other) for other in (*self.grounds, self.lettering))

    def passes(self, color: str) -> bool:
        """Whether it can be read everywhere."""
        return self.ratio(color) >= NEEDED

    def nearest(self, color: str) -> str:
        """The colour itself if it can be read, else the most alike one that can."""
        return colors.nearest(color, self.passes, darker=self.field == "accent")

    def stored(self, color: str) -> str:
        """What is kept of a chosen colour: nothing when it is our own."""
        return "" if color == self.own else color


LIGHT = Theme(
    "accent",
    ("#fbf8f3", "#ffffff", "#f4efe6"),
    "#ffffff",
    "#a3341c",
    _("%(color)s is too pale for light pages: its contrast is %(ratio)s, and text needs %(needed)s to be read."),
)
DARK = Theme(
    "accent_dark",
    ("#16130f", "#1f1b16", "#110e0b"),
    "#1f0d07",
    "#f08a6b",
    _("%(color)s is too dark for dark pages: its contrast is %(ratio)s, and text needs %(needed)s to be read."),
)
THEMES = (LIGHT, DARK)


@dataclass(frozen=True)
class Verdict:
    """A colour that cannot be read in a theme, and the nearest that can."""

    field: str
    color: str
    ratio: float
    nearest: str
    sentence: str


def verdict(color: str, theme: Theme) -> Verdict | None:
    """What is wrong with this colour in that theme, or None. The ratio is rounded down: 4.499 is not 4.5."""
    if theme.passes(color):
        return None
    ratio = int(theme.ratio(color) * 100) / 100
    said = {"color": color, "ratio": f"{number_format(ratio, 2)} : 1", "needed": f"{number_format(NEEDED)} : 1"}
    return Verdict(theme.field, color, ratio, theme.nearest(color), str(theme.pale) % said)


@dataclass(frozen=True)
class Sheet:
    """A style sheet and the name it is cached by for ever."""

    css: str
    digest: str


def sheet_of(organization: Organization) -> Sheet | None:
    """The custom properties that make the organization's pages its own; None when it looks like everybody."""
    return _sheet(organization.accent, organization.accent_dark, organization.typeface)


@lru_cache(maxsize=1000)
def _sheet(accent: str, accent_dark: str, typeface: str) -> Sheet | None:
    lines = []
    if accent or accent_dark:
        light, dark = accent or LIGHT.own, accent_dark or DARK.own
        lines = [
            f"  --accent: light-dark({light}, {dark});",
            f"  --accent-hover: light-dark({colors.mix(light, '#000000', 0.16)}, {colors.mix(dark, '#ffffff', 0.22)});",
            f"  --accent-wash: light-dark({colors.mix('#ffffff', light, 0.08)}, {colors.mix('#1f1b16', dark, 0.13)});",
            f"  --focus-ring: light-dark({light}, {dark});",
        ]
    if typeface == Typeface.SANS:
        lines.append("  --heading: var(--sans);")
    if not lines:
        return None
    css = "\n".join([":root {", *lines, "}", ""])
    return Sheet(css, hashlib.sha256(css.encode()).hexdigest()[:16])


def logo_digest(organization: Organization) -> str:
    """The name its logo is cached by for ever: the picture's own; empty without one."""
    return organization.logo.rpartition("/")[2].partition(".")[0]
