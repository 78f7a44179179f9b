"""The EPUB passes its check and names its parts."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from books.providers.exports import render
from books.providers.exports.epubcheck import check_epub
from tests.books.exports.manuscripts import make_manuscript, one_chapter, parts


@pytest.mark.parametrize("language", ["en", "fr"])
def test_epubcheck_finds_nothing(language: str, tmp_path: Path) -> None:
    data = render("epub", make_manuscript(language=language), tmp_path)
    assert check_epub(data, tmp_path).messages == ()


def test_epubcheck_tells_what_is_wrong(files: Mapping[str, bytes], tmp_path: Path) -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files["epub"])) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            if entry.filename != "OEBPS/c003.xhtml":
                new.writestr(entry, old.read(entry))
    report = check_epub(broken.getvalue(), tmp_path)
    assert report.errors and "c003.xhtml" in " ".join(report.messages)


def test_an_epub_names_its_parts(files: Mapping[str, bytes]) -> None:
    found = parts(files["epub"])
    assert next(iter(found)) == "mimetype" and found["mimetype"] == "application/epub+zip"
    assert 'epub:type="landmarks"' in found["OEBPS/nav.xhtml"] and "Chapter 2" in found["OEBPS/toc.ncx"]
    assert 'epub:type="noteref"' in found["OEBPS/c001.xhtml"] and 'epub:type="footnote"' in found["OEBPS/c001.xhtml"]
    assert 'property="schema:accessibilityHazard">none' in found["OEBPS/package.opf"]


def test_a_cover_our_fonts_cannot_write_stays_a_drawing(tmp_path: Path) -> None:
    found = parts(render("epub", one_chapter("Text", title="蜂"), tmp_path))
    assert "蜂" in found["OEBPS/cover.svg"] and "OEBPS/cover.png" not in found
