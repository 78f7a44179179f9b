"""What an export costs beyond its engine, on a long book.

`BENCH_BOOK` may name a Markdown file (a chapter under each heading of the first level, `BENCH_BOOK_LANGUAGE` its
language) to be measured instead of the scripted book.
"""

import io
import os
import random
import re
import resource
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pypandoc

from books.providers.exports import pdf, render
from books.providers.exports.edition import edition_of
from books.providers.exports.epub import pages
from books.providers.exports.epubcheck import check_epub
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter
from books.providers.exports.programs import run
from books.providers.exports.typesetter import typeset
from core.text import count_words
from tests.benchmarks.clock import fastest
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

CHAPTERS, CHAPTER_WORDS = 40, 5000
VOCABULARY = 9000
ROUNDS = 4
GIGABYTE_KB = 1024 * 1024


def benchmark(_site: Site) -> Iterator[Row]:
    """Each format ÷ its engine on the same data; then the largest process any of them needed."""
    book = manuscript()
    words = sum(chapter.words for chapter in book.chapters)
    text = "".join(chapter.markdown for chapter in book.chapters).encode()
    what = f"{words:,} words, which deflate to {len(zlib.compress(text)) / len(text):.2f} of their length"
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as name:
        folder = Path(name)
        yield _row("PDF ÷ typst alone", "≤ 1.20", what, *_pdf(book, folder))
        whole, reading, zipping = _epub(book, folder)
        yield _row("EPUB ÷ its pages made and zipped", "≤ 1.50", "both sides read", whole, reading + zipping)
        yield _row("EPUB ÷ its pages zipped", "≤ 1.50", f"reading takes {reading:.0f} ms", whole, zipping)
        yield _peak(book, folder)
        yield _row("DOCX ÷ pandoc alone", "≤ 1.20", "pandoc from the Markdown file", *_docx(book, folder))


def _row(name: str, bar: str, what: str, whole: float, alone: float) -> Row:
    return Row(name, f"{whole / alone:.2f}", bar, f"{whole:.0f} ms ÷ {alone:.0f} ms; {what}")


def manuscript() -> Manuscript:
    """The book named by the environment, or one of 200 000 made-up words, the same every time."""
    path, language = os.environ.get("BENCH_BOOK"), os.environ.get("BENCH_BOOK_LANGUAGE", "en")
    if path:
        _front, *found = re.split(r"^# (.+)$", Path(path).read_text(encoding="utf-8"), flags=re.MULTILINE)
        texts = list(zip(found[::2], found[1::2], strict=True))
    else:
        chance = random.Random("a long book")
        vocabulary = _vocabulary(chance)
        texts = [(f"The {number}. Year", _chapter(chance, vocabulary)) for number in range(1, CHAPTERS + 1)]
    chapters = tuple(
        ManuscriptChapter(number, title, text, count_words(text)) for number, (title, text) in enumerate(texts, 1)
    )
    return Manuscript(
        identifier=UUID(int=1), title="Bees by the Clock", subtitle="Forty years", author="Ada Ames",
        publisher="Atelier", language=language, blurb="A long book.", chapters=chapters,
        modified_at=datetime(2026, 1, 2, tzinfo=UTC), palette="forest",
    )  # fmt: skip


def _vocabulary(chance: random.Random) -> list[str]:
    """Words of one to four syllables, the short ones first, as common words are."""
    starts = ("", "b", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "ch")
    ends = ("a", "e", "i", "o", "u", "ea", "ou", "er", "an", "on")
    words = {
        "".join(chance.choice(starts) + chance.choice(ends) for _syllable in range(chance.choice((1, 2, 2, 3, 3, 4))))
        for _word in range(2 * VOCABULARY)
    }
    return sorted(sorted(words, key=lambda word: (len(word), word))[:VOCABULARY], key=len)


def _chapter(chance: random.Random, vocabulary: list[str]) -> str:
    """Paragraphs of sentences whose words come as often as those of prose do (the n-th most common 1/n as often)."""
    commonness = [1 / (rank + 2) for rank in range(len(vocabulary))]
    words = chance.choices(vocabulary, commonness, k=CHAPTER_WORDS)
    paragraphs: list[str] = []
    notes: list[str] = []
    while words:
        sentences = [_sentence(chance, words) for _sentence_ in range(chance.randint(2, 7)) if words]
        paragraphs.append(" ".join(sentences))
        if chance.random() < 0.04:
            notes.append(f"[^{len(notes) + 1}]: {_sentence(chance, words)}" if words else "[^1]: *Ibid.*")
            paragraphs[-1] += f"[^{len(notes)}]"
        if chance.random() < 0.05:
            paragraphs.append("* * *")
    return "\n\n".join([*paragraphs, *notes])


def _sentence(chance: random.Random, words: list[str]) -> str:
    taken = [words.pop() for _word in range(min(len(words), chance.randint(4, 28)))]
    at = chance.randrange(len(taken))
    taken[at] = chance.choice((taken[at], f"{taken[at]},", f"{taken[at]};", f"*{taken[at]}*", f"{taken[at]}'s"))
    sentence = " ".join(taken).capitalize().rstrip(",;") + chance.choice("....!?")
    return f'"{sentence}"' if chance.random() < 0.2 else sentence


def _pdf(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole, and of the typesetter in its process with its data made beforehand."""
    files = pdf.typesetters_files(edition_of(book))
    return fastest(
        lambda: render("pdf", book, folder),
        lambda: typeset("book", files, workdir=folder, at=book.modified_at),
        rounds=ROUNDS,
    )


def _epub(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole (its check aside), of making its pages, and of zipping the files that came out."""
    with zipfile.ZipFile(io.BytesIO(render("epub", book, folder))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    def read() -> None:
        edition = edition_of(book)
        for chapter in edition.chapters:
            pages.chapter_page(edition, chapter)

    def zipped() -> None:
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as bare:
            for name, data in files.items():
                bare.writestr(name, data)

    return fastest(lambda: render("epub", book, folder), read, zipped, rounds=ROUNDS)


def _peak(book: Manuscript, folder: Path) -> Row:
    """The largest process so far: the typesetter's, the checker's or this one, which holds the book."""
    check_epub(render("epub", book, folder), folder)
    sizes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    sides = f"{sizes[0] / 1024:.0f} MB resident of an engine's process, {sizes[1] / 1024:.0f} MB of ours; bar 1 GB"
    return Row("largest export process ÷ 1 GB", f"{max(sizes) / GIGABYTE_KB:.2f}", "≤ 1.00", sides)


def _docx(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole, and of pandoc from the book as one Markdown file, in the dialect it reads fastest."""
    source = render("markdown", book, folder)
    command = [pypandoc.get_pandoc_path(), "--from=commonmark+footnotes+smart+pipe_tables+strikeout", "--to=docx"]
    command += ["--toc", "--toc-depth=1", "--output=-"]
    return fastest(
        lambda: render("docx", book, folder),
        lambda: run(command, stdin=source, folder=folder, seconds=120),
        rounds=ROUNDS,
    )
