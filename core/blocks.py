"""A Markdown text as blocks: what blank lines part. The blocks of a text, joined, are the text."""

import re

_BLOCK = re.compile(r".+?(?:\n{2,}|\Z)", re.DOTALL)


def blocks(text: str) -> list[str]:
    """The text cut behind every run of blank lines: each block keeps the line feeds that end it; "" has none."""
    return _BLOCK.findall(text)
