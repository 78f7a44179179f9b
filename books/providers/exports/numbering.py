"""Chapter numbers: a book whose titles carry numbers of their own gets no second ones."""

import re
from collections.abc import Sequence

from books.providers.exports.labels import Labels

_NUMBER = r"(?:(?i:chapter|chapitre)\s+[\w-]+|\d{1,3}|[IVXLC]{1,8})"
_ALONE = re.compile(_NUMBER)
_NUMBERED = re.compile(rf"(?P<number>{_NUMBER})(?:\s*[.:)]|\s+[–—-])\s+(?P<title>\S.*)")


def numbered(titles: Sequence[str], labels: Labels) -> list[tuple[str, str]]:
    """(number, title) of each chapter as they are printed above one another; either may be missing, never both.

    `IV. The whale` and `Chapter 4: The whale` are taken apart when at least half of the book's titles are of that
    kind; the others (a prologue among them) then stay without a number. Else chapters are counted.
    """
    own = [_ALONE.fullmatch(title) or _NUMBERED.fullmatch(title) for title in titles]
    if 2 * sum(found is not None for found in own) >= len(titles):
        return [_apart(title, labels.chapter.format(number=place)) for place, title in enumerate(titles, 1)]
    return [
        (str(place), title) if title else ("", labels.chapter.format(number=place))
        for place, title in enumerate(titles, 1)
    ]


def _apart(title: str, nameless: str) -> tuple[str, str]:
    found = _NUMBERED.fullmatch(title)
    return (found["number"], found["title"]) if found else ("", title or nameless)
