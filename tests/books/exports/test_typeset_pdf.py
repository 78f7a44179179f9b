"""The PDF is a book: tagged, in four sizes, its chapters on right pages."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from PIL import ImageFont

from books.models import PageSize
from books.providers.exports import GlyphMissing, render
from books.providers.exports.edition import edition_of
from books.providers.exports.fonts import PACKAGES
from books.providers.exports.paper import PAPERS
from books.providers.exports.pdf import typesetters_files
from tests.books.exports.manuscripts import make_manuscript, one_chapter


def test_a_pdf_is_tagged_bookmarked_and_embeds_every_font(files: Mapping[str, bytes]) -> None:
    pdf = pikepdf.open(io.BytesIO(files["pdf"]))
    assert bool(pdf.Root.MarkInfo.Marked) and str(pdf.Root.Lang) == "en" and "/StructTreeRoot" in pdf.Root
    assert str(pdf.docinfo["/Title"]) == "Rooftop Bees & <Honey>"
    fonts = [
        one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
    ]
    assert fonts and all("/FontFile2" in one or "/FontFile3" in one for one in fonts)
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [420, 595]


def test_chapters_open_on_right_pages(files: Mapping[str, bytes]) -> None:
    pdf = pikepdf.open(io.BytesIO(files["pdf"]))
    places = {str(page.objgen): number for number, page in enumerate(pdf.pages, 1)}
    with pdf.open_outline() as outline:
        targets = {str(item.title): cast(pikepdf.Array, item.destination)[0] for item in outline.root}
        opened = {title: places[str(pikepdf.Page(page).objgen)] for title, page in targets.items()}
    assert list(opened) == [
        "Contents",
        "1 Why the <city> needs bees & more",
        "Chapter 2",
        "3 Neighbours, law and insurance",
    ]
    assert all(number % 2 for number in opened.values())


@pytest.mark.parametrize("language", ["pt-BR", "sr-Latn-RS", "de"])
def test_any_language_tag_is_set(language: str, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(render("pdf", one_chapter("Text", language=language), tmp_path))) as pdf:
        assert str(pdf.Root.Lang).partition("-")[0] == language.partition("-")[0]


def test_hebrew_words_in_a_latin_text_have_their_face(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(render("pdf", one_chapter("A whale is \u05d7\u05df in Hebrew."), tmp_path))) as pdf:
        faces = {
            str(one["/BaseFont"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        }
    assert any("NotoSerifHebrew" in face for face in faces)


@pytest.mark.parametrize("text", ["中", "عرب"])
def test_a_letter_no_font_has_is_answered_with_the_chapters_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(GlyphMissing) as caught:
        render("pdf", one_chapter(f"Good, then {text}."), tmp_path)
    assert caught.value.place == "The first spring" and caught.value.character == text[0]
    assert "The first spring" in str(caught.value) and text[0] in str(caught.value)
    assert render("docx", one_chapter(text), tmp_path) and render("html", one_chapter(text), tmp_path)


@pytest.mark.parametrize(
    ("key", "width", "height"), [("a5", 420, 595), ("a4", 595, 842), ("6x9", 432, 648), ("5x8", 360, 576)]
)
def test_every_page_of_a_book_has_the_size_asked_for(key: str, width: int, height: int, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(render("pdf", make_manuscript(page_size=key), tmp_path))) as pdf:
        sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages}
    assert sizes == {(width, height)}


@pytest.mark.parametrize("key", PageSize.values)
def test_a_line_holds_sixty_to_seventy_letters(key: str) -> None:
    """Of English prose, in the face of the book."""
    paper = PAPERS[key]
    prose = (
        "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and "
        "nothing particular to interest me on shore, I thought I would sail about a little and see the watery part "
        "of the world. Whenever I find myself growing grim about the mouth, I account it high time to get to sea. "
    )
    face = ImageFont.truetype(PACKAGES / "eb-garamond" / "400Regular" / "EBGaramond_400Regular.ttf", 100)
    letter = face.getlength(prose) / len(prose) / 100
    line = (paper.width - paper.inside - paper.outside) / 25.4 * 72
    assert 60 <= line / (letter * paper.type_size) <= 70
    assert paper.inside > paper.outside


def test_pages_before_a_chapter_are_blank(files: Mapping[str, bytes]) -> None:
    """Back of the cover, backs of half title and contents, and the page before a chapter that ends on a right one."""
    pdf = pikepdf.open(io.BytesIO(files["pdf"]))
    blank = {number for number, page in enumerate(pdf.pages, 1) if not page.Contents.read_bytes()}
    assert blank == {2, 4, 8, 12}


def test_a_pdf_says_what_it_is_about(files: Mapping[str, bytes]) -> None:
    pdf = pikepdf.open(io.BytesIO(files["pdf"]))
    with pdf.open_metadata() as metadata:
        assert metadata["dc:description"] == "For anyone with a roof."
        assert metadata["dc:language"] == {"en"} and metadata["pdfuaid:part"] == "1"


def test_a_chapter_opens_with_small_capitals_that_end_with_its_first_sentence(tmp_path: Path) -> None:
    def opening(markdown: str) -> str:
        files = typesetters_files(edition_of(one_chapter(markdown)))
        first = json.loads(files["book.json"])["chapters"][0]["blocks"][0]["c"][0]
        return first["c"][0] if isinstance(first, dict) and first["t"] == "small" else ""

    assert opening("Call me Ishmael. Some years ago") == "Call me Ishmael."
    assert opening("It was the best of times, it was the worst") == "It was the best"
    assert opening("Anticonstitutionnellement so far") == opening("*Then* he went") == opening("- one") == ""
