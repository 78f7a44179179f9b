"""Finding what somebody typed in a text: literally, as whole words, or as a regular expression within limits.

A limit of time stops a search, not the compiler and not memory: what a few characters make gigabytes of (a count of a
count, a pattern that calls itself, near matches) is refused before it is compiled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from time import monotonic
from typing import Any

import regex
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import has_control_characters, normalize

LONGEST_SEARCH = 500
SECONDS = 3.0  # for all texts of one search together
MOST_COPIES = 100_000  # of a part of an expression, which the compiler writes out
LONGEST_OUTPUT = 10_000_000  # characters that an expression puts in place of all it finds
_CASELESS = regex.IGNORECASE | regex.FULLCASE
# An escape, something in braces, a call of a group or of the whole; else one character.
_TOKEN = re.compile(r"\\[pPN]\{[^{}()]*\}|\\.|(\{[^{}]*\})|(\(\?(?:[R&]|P>|[+-]?\d))|.", re.DOTALL)
_COUNT = re.compile(r"\{(\d*)(?:,\d*)?\}")


class BadPattern(DomainError):
    """What was typed is no regular expression, takes too long, or makes too much of a text."""


@dataclass(frozen=True)
class Sought:
    """What is looked for, and how."""

    text: str
    match_case: bool = False
    whole_words: bool = False
    is_pattern: bool = False


@dataclass(frozen=True)
class Hit:
    """Where it stands, in characters, and what would stand there instead."""

    start: int
    end: int
    becomes: str


class Search:
    """One search: its texts share `seconds`. Raises BadPattern, said in `unclear` and `too_long`."""

    def __init__(
        self, sought: Sought, replacement: str, *, unclear: str, too_long: str, seconds: float = SECONDS
    ) -> None:
        self.sought, self.replacement = sought, replacement
        self.unclear, self.too_long = unclear, too_long
        self._until = monotonic() + seconds
        self._room = LONGEST_OUTPUT
        self._pattern = self._compiled()

    def hits(self, text: str) -> Iterator[Hit]:
        """Every place that does not overlap the one before; places without any character are none."""
        left = self._until - monotonic()
        if left <= 0:
            raise BadPattern(self.too_long, code="too_long")
        try:
            for found in self._pattern.finditer(text, timeout=left):
                if found.end() > found.start():
                    yield Hit(found.start(), found.end(), self._becomes(found))
        except TimeoutError:
            raise BadPattern(self.too_long, code="too_long") from None

    def _compiled(self) -> Any:
        source = self.sought.text if self.sought.is_pattern else regex.escape(self.sought.text, literal_spaces=True)
        if self.sought.is_pattern:
            self._refuse_monsters(source)
        if self.sought.whole_words:
            source = rf"(?<!\w)(?:{source})(?!\w)"
        flags = regex.MULTILINE | (0 if self.sought.match_case else _CASELESS)
        try:
            compiled: Any = regex.compile(source, flags)
        except (regex.error, ValueError, OverflowError, RecursionError):  # of half a count it raises ValueError
            raise BadPattern(self.unclear, code="unclear") from None
        if compiled.flags & regex.REVERSE:  # places come from the first to the last
            raise BadPattern(self.unclear, code="unclear")
        return compiled

    def _refuse_monsters(self, source: str) -> None:
        """Raises BadPattern for braces that hold no count (near matches do so), for calls, and for too many copies."""
        counts = []
        for token in _TOKEN.finditer(source):
            count = _COUNT.fullmatch(token[1] or "{}")
            if count is None or token[2]:
                raise BadPattern(self.unclear, code="unclear")
            counts.append(max(1, int(count[1] or 1)))
        if prod(counts) > MOST_COPIES:
            raise BadPattern(self.too_long, code="too_long")

    def _becomes(self, found: Any) -> str:
        if not self.sought.is_pattern:
            return self.replacement
        longest = max(end - start for start, end in found.regs)
        if len(self.replacement) + self.replacement.count("\\") * longest > self._room:
            raise BadPattern(self.too_long, code="too_long")
        try:
            text = str(found.expand(self.replacement))
        except (regex.error, IndexError):
            raise BadPattern(self.unclear, code="unclear") from None
        self._room -= len(text)
        if has_control_characters(text := normalize(text)):
            raise BadPattern(_("Remove the control characters from this text."), code="control")
        return text
