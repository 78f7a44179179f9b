"""Finding what somebody typed in a text: literally, as whole words, or as a regular expression within a time limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

import regex

from core.errors import DomainError

LONGEST_SEARCH = 500
SECONDS = 3.0  # for all texts of one search together
_CASELESS = regex.IGNORECASE | regex.FULLCASE


class BadPattern(DomainError):
    """What was typed is no regular expression, or takes too long."""


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
        if self.sought.whole_words:
            source = rf"(?<!\w)(?:{source})(?!\w)"
        flags = regex.MULTILINE | (0 if self.sought.match_case else _CASELESS)
        try:
            return regex.compile(source, flags)
        except (regex.error, OverflowError, RecursionError):
            raise BadPattern(self.unclear, code="unclear") from None

    def _becomes(self, found: Any) -> str:
        if not self.sought.is_pattern:
            return self.replacement
        try:
            return str(found.expand(self.replacement))
        except (regex.error, IndexError):
            raise BadPattern(self.unclear, code="unclear") from None
