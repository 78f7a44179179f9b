"""The trim sizes a PDF can have, each with the margins and the type that suit it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A page in millimetres and its type in points: a line of Garamond holds 64 to 70 letters.

    `inside` is the margin at the spine, wider than `outside` because the binding takes some of it.
    """

    width: float
    height: float
    inside: float
    outside: float
    top: float
    bottom: float
    type_size: float


PAPERS: Mapping[str, Paper] = {
    "a5": Paper(148, 210, inside=24, outside=20, top=22, bottom=23, type_size=11.5),
    "a4": Paper(210, 297, inside=47, outside=41, top=35, bottom=39, type_size=13.5),
    "6x9": Paper(152.4, 228.6, inside=25, outside=21, top=23, bottom=25, type_size=12),
    "5x8": Paper(127, 203.2, inside=19, outside=15, top=20, bottom=21, type_size=11),
}
DEFAULT = "a5"


def paper_named(key: str) -> Paper:
    """The paper of that key, A5 for none (a file of another format has no page size)."""
    return PAPERS[key or DEFAULT]
