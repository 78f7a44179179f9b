"""Markdown: the chapters as they were written, in one file, without front matter; in a ZIP beside their pictures."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from books.providers.exports.archives import pack
from books.providers.exports.figures import replaced
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter
from books.providers.exports.notes import defined_notes, lines_of, renamed, told_apart
from books.providers.exports.typography import one_line, printable

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_MARKUP = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|(?<!\\)<(?=[A-Za-z/!?])(?!https?:|mailto:)")


def render_markdown(manuscript: Manuscript, workdir: Path) -> bytes:
    """The text, or, when it has pictures, a ZIP of it and them: what it leads to is there."""
    text = _text(manuscript)
    if not manuscript.pictures:
        return text
    stored = frozenset(one.path for one in manuscript.pictures)
    return pack(_files(manuscript, text, workdir), at=manuscript.modified_at, stored=stored)


def _files(manuscript: Manuscript, text: bytes, workdir: Path) -> Iterator[tuple[str, bytes]]:
    yield "book.md", text
    for one in manuscript.pictures:
        yield one.path, one.read(workdir)


def _text(manuscript: Manuscript) -> bytes:
    """Title, subtitle and author as paragraphs, each chapter under a heading of the first level; LF, UTF-8, NFC."""
    files = {one.id: one.path for one in manuscript.pictures}
    lines = [(manuscript.title, "**"), (manuscript.subtitle, "*"), (manuscript.author, "")]
    front = [f"{mark}{_escaped(text)}{mark}" for text, mark in lines if one_line(text)]
    parts = [*front, *(_chapter(chapter, files) for chapter in manuscript.chapters)]
    return ("\n\n".join(parts).rstrip() + "\n").encode()


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _chapter(chapter: ManuscriptChapter, files: Mapping[UUID, str]) -> str:
    """Headings move below the chapter's own; notes are named by chapter, or two chapters' first notes would be one."""
    text = told_apart(printable(chapter.markdown).strip("\n"))
    notes = set(defined_notes(text))
    deeper = any(not code and _heading_mark(line) == "#" for line, code in lines_of(text))
    lines = (
        line if code else _settled(replaced(line, files), chapter.number, notes, deeper=deeper)
        for line, code in lines_of(text)
    )
    body = "\n".join(lines)
    title = f"# {_escaped(chapter.title)}".rstrip()
    return f"{title}\n\n{body}" if body else title


def _heading_mark(line: str) -> str:
    found = _HEADING.match(line)
    return found[1] if found else ""


def _settled(line: str, number: int, notes: set[str], *, deeper: bool) -> str:
    if deeper and 0 < len(_heading_mark(line)) < 6:
        line = f"#{line.lstrip(' ')}"
    line = renamed(line, lambda name: f"c{number}-{name}" if name in notes else name)
    # Raw HTML is text here; where other programs read the file it must be text too.
    return _MARKUP.sub(lambda found: found[0] if found[1] else "\\<", line)
