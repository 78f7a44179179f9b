"""Markdown: the chapters as they were written, in one file, without front matter."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from books.providers.exports.manuscript import Manuscript, ManuscriptChapter
from books.providers.exports.typography import one_line, printable

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")
_MARKUP = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|(?<!\\)<(?=[A-Za-z/!?])(?!https?:|mailto:)")
_DEFINED = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


def render_markdown(manuscript: Manuscript, workdir: Path) -> bytes:
    """Title, subtitle and author as paragraphs, each chapter under a heading of the first level; LF, UTF-8, NFC."""
    lines = [(manuscript.title, "**"), (manuscript.subtitle, "*"), (manuscript.author, "")]
    front = [f"{mark}{_escaped(text)}{mark}" for text, mark in lines if one_line(text)]
    parts = [*front, *(_chapter(chapter) for chapter in manuscript.chapters)]
    return ("\n\n".join(parts).rstrip() + "\n").encode()


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _chapter(chapter: ManuscriptChapter) -> str:
    """Headings move below the chapter's own; notes are named by chapter, or two chapters' first notes would be one."""
    text = printable(chapter.markdown).strip("\n")
    notes = set(_DEFINED.findall(text))
    deeper = any(mark == "#" for mark in _outside_code(text, _heading_mark))
    lines = _outside_code(text, lambda line: _settled(line, chapter.number, notes, deeper=deeper))
    body = "\n".join(lines)
    title = f"# {_escaped(chapter.title)}".rstrip()
    return f"{title}\n\n{body}" if body else title


def _heading_mark(line: str) -> str:
    found = _HEADING.match(line)
    return found[1] if found else ""


def _settled(line: str, number: int, notes: set[str], *, deeper: bool) -> str:
    if deeper and 0 < len(_heading_mark(line)) < 6:
        line = f"#{line.lstrip(' ')}"
    line = _NOTE.sub(lambda found: f"[^c{number}-{found[1]}]" if found[1] in notes else found[0], line)
    # Raw HTML is text here; where other programs read the file it must be text too.
    return _MARKUP.sub(lambda found: found[0] if found[1] else "\\<", line)


def _outside_code(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Each line of the text, changed unless it stands in a fenced block of code."""
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
            yield line
        elif mark:
            fence = mark[1]
            yield line
        else:
            yield change(line)
