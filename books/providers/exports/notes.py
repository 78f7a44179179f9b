"""Footnotes of a text joined from several: two notes of one name are two notes."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINED = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")
_NAMED = re.compile(r"\[\^([^\]\s]+)\]")


def lines_of(text: str) -> Iterator[tuple[str, bool]]:
    """Each line of a Markdown text, and whether it belongs to a fenced block of code."""
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        yield line, bool(fence or mark)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""


def defined_notes(text: str) -> Counter[str]:
    """The names of the notes whose text stands in this one, and how often each is given."""
    found = (_DEFINED.match(line) for line, code in lines_of(text) if not code)
    return Counter(match[1] for match in found if match)


def renamed(line: str, name: Callable[[str], str]) -> str:
    """The line with each note's name changed."""
    return _NAMED.sub(lambda found: f"[^{name(found[1])}]", line)


def told_apart(text: str) -> str:
    """The text with the second note of a name, and the marks that lead to it, given a name of their own.

    A mark means the first note of its name that comes after it, else the last one. The parser would take the first
    for all of them and the text between the two for a part of the notes.
    """
    if "\n[^" not in text:
        return text
    total, passed = defined_notes(text), Counter[str]()
    if all(number == 1 for number in total.values()):
        return text

    def name(old: str) -> str:
        place = min(passed[old], total[old] - 1)
        return f"{old}_{place + 1}" if place > 0 else old

    lines = []
    for line, code in lines_of(text):
        lines.append(line if code else renamed(line, name))
        if not code and (found := _DEFINED.match(line)):
            passed[found[1]] += 1
    return "\n".join(lines)
