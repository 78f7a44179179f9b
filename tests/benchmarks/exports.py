"""What an export costs beyond its engine, on a long book."""

import io
import json
import resource
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pypandoc

from books.providers.exports import pdf, render
from books.providers.exports.docx import book as docx_book
from books.providers.exports.docx.reference import reference_docx
from books.providers.exports.edition import edition_of
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter
from books.providers.exports.programs import run
from books.providers.exports.typesetter import typeset
from core.text import count_words
from tests.benchmarks.clock import fastest
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site
from tests.fakes.llm import composing

CHAPTERS, CHAPTER_WORDS = 40, 5000
ROUNDS = 4
GIGABYTE_KB = 1024 * 1024


def benchmark(_site: Site) -> Iterator[Row]:
    """PDF ÷ typst, EPUB ÷ zip, DOCX ÷ pandoc, each on the same data; then the largest process any of them started."""
    book = manuscript()
    words = sum(count_words(chapter.markdown) for chapter in book.chapters)
    [reading] = fastest(lambda: edition_of(book), rounds=ROUNDS)
    what = f"{words:,} words, of which reading the Markdown takes {reading:.0f} ms"
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as name:
        folder = Path(name)
        yield _row("PDF ÷ typst alone", "≤ 1.20", what, *_pdf(book, folder))
        yield _row("EPUB ÷ bare zip of its pages", "≤ 1.50", what, *_epub(book, folder))
        yield _row("DOCX ÷ pandoc alone", "≤ 1.20", what, *_docx(book, folder))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sides = f"{peak / 1024:.0f} MB resident, of the largest engine's process; bar 1 GB"
    yield Row("largest export process ÷ 1 GB", f"{peak / GIGABYTE_KB:.2f}", "≤ 1.00", sides)


def _row(name: str, bar: str, what: str, whole: float, alone: float) -> Row:
    return Row(name, f"{whole / alone:.2f}", bar, f"{whole:.0f} ms ÷ {alone:.0f} ms; {what}")


def manuscript() -> Manuscript:
    """A book of 200 000 scripted words: paragraphs, emphasis, scene breaks and notes, the same every time."""
    chapters = tuple(
        ManuscriptChapter(
            number,
            f"The {number}. Year",
            composing.section(f"Language: en\nTopic: bees, year {number}\nWrite about {CHAPTER_WORDS} words."),
            CHAPTER_WORDS,
        )
        for number in range(1, CHAPTERS + 1)
    )
    return Manuscript(
        identifier=UUID(int=1), title="Bees by the Clock", subtitle="Forty years", author="Ada Ames", publisher="",
        language="en", blurb="A long book.", chapters=chapters, modified_at=datetime(2026, 1, 2, tzinfo=UTC),
        palette="forest",
    )  # fmt: skip


def _pdf(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole, and of the typesetter in its process with its data made beforehand."""
    files = pdf.typesetters_files(edition_of(book))
    return fastest(
        lambda: render("pdf", book, folder),
        lambda: typeset("book", files, workdir=folder, at=book.modified_at),
        rounds=ROUNDS,
    )


def _epub(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole (its check aside), and of zipping the files that came out of it."""
    with zipfile.ZipFile(io.BytesIO(render("epub", book, folder))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    def zipped() -> None:
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as bare:
            for name, data in files.items():
                bare.writestr(name, data)

    return fastest(lambda: render("epub", book, folder), zipped, rounds=ROUNDS)


def _docx(book: Manuscript, folder: Path) -> list[float]:
    """Milliseconds of the whole, and of pandoc with its document and its styles made beforehand."""
    pandoc = pypandoc.get_pandoc_path()
    reference = folder / "alone.docx"
    reference.write_bytes(reference_docx(pandoc))
    document = json.dumps(docx_book._document(edition_of(book)), ensure_ascii=False).encode()
    command = [pandoc, "--from=json", "--to=docx", "--toc", "--toc-depth=1", "--output=-"]
    command += [f"--reference-doc={reference}", *docx_book.MEMORY]
    return fastest(
        lambda: render("docx", book, folder),
        lambda: run(command, stdin=document, folder=folder, seconds=docx_book.SECONDS),
        rounds=ROUNDS,
    )
