"""A Markdown text as blocks: what blank lines part. The blocks of a text, joined, are the text."""

import re
from itertools import pairwise

_BLANK_LINES = re.compile(r"\n\n+")


def blocks(text: str) -> list[str]:
    """The text cut behind every run of blank lines: each block keeps the line feeds that end it; "" has none."""
    ends = [found.end() for found in _BLANK_LINES.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if start < end]
