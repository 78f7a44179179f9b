"""Pictures of a text in every format: in the file, described, of a size that fits, the same every time."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import pikepdf
import pytest
from lxml import etree, html
from PIL import Image

from books.providers.exports import FORMATS, chapter_html, render
from books.providers.exports.epubcheck import check_epub
from books.providers.exports.figures import named_in, replaced
from tests.books.exports.manuscripts import DRAWING, ILLUSTRATED, PHOTOGRAPH, UNKNOWN, illustrated, one_chapter

IDS = re.compile("0193a000-0000-7000-8000-0000000000a[1-3]")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Format → the file of the illustrated book."""
    folder = tmp_path_factory.mktemp("illustrated")
    return {key: render(key, illustrated(folder), folder) for key in FORMATS}


@pytest.mark.parametrize("line", ["![" * 100_000 + "picture:", "![a](picture:" * 10_000, "![a](picture:x " * 5_000])
def test_a_line_of_openings_costs_no_more_than_another(line: str) -> None:
    began = monotonic()
    assert replaced(line, {}) == line
    assert monotonic() - began < 5


def test_a_picture_that_is_gone_leaves_its_description_with_brackets_and_all() -> None:
    line = r'![a](picture:x) ![](picture:1 "t") ![a \[b\] c](<picture:x> "c") ![n](https://elsewhere.example/x)'
    assert replaced(line, {}) == r"\[a\]  \[a \[b\] c\] ![n](https://elsewhere.example/x)"


@pytest.mark.parametrize(
    "text", [">" * 200_000 + "deep", "*a " * 30_000 + "deep " + "a* " * 30_000, "- > " * 50_000 + "deep"]
)
def test_what_is_nested_without_end_is_shown_at_once(text: str) -> None:
    began = monotonic()
    assert "deep" in chapter_html(text, "en")
    assert monotonic() - began < 5


def names_in(data: bytes) -> list[str]:
    """What is in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def part(data: bytes, name: str) -> bytes:
    """One file of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def test_a_text_names_its_pictures_in_order() -> None:
    assert list(dict.fromkeys(named_in(ILLUSTRATED))) == [PHOTOGRAPH, DRAWING, UNKNOWN]
    assert list(named_in(f"picture:{PHOTOGRAPH}0 picture:{PHOTOGRAPH}-1 picture:0193 PICTURE:{DRAWING}")) == [DRAWING]


def test_a_picture_alone_in_its_paragraph_is_a_figure_and_any_other_part_of_its_line(tmp_path: Path) -> None:
    shown = illustrated(tmp_path).shown
    page = html.fragment_fromstring(chapter_html(ILLUSTRATED, "en", pictures=shown), create_parent="div")
    first = page.find("figure")
    assert [one.tag for one in first] == ["img", "figcaption"]
    assert first.findtext("figcaption") == "The “first” – hive"
    assert first[0].get("alt") == "A hive & a <roof>"
    assert page.xpath("string(//blockquote/figure/img/@alt)") == "Its own words 🐝 𒀀"
    assert page.xpath("//p[starts-with(., 'A line')]/img/@alt") == [""]
    assert len(page.xpath("//li/figure | //td/img | //a/img")) == 3
    assert {one.get("loading") for one in page.iter("img")} == {"lazy"}


def test_what_is_not_the_books_own_is_words(tmp_path: Path) -> None:
    shown = illustrated(tmp_path).shown
    page = html.fragment_fromstring(chapter_html(ILLUSTRATED, "en", pictures=shown), create_parent="div")
    assert {one.get("src") for one in page.iter("img")} == {"pictures/picture-1.jpg", "pictures/picture-2.png"}
    text = page.text_content()
    assert "[nobody’s]" in text and "[far]" in text and "Heading [a bee]" in text
    without = html.fragment_fromstring(chapter_html(ILLUSTRATED, "en"), create_parent="div")
    assert not list(without.iter("img")) and "[A hive & a <roof>]" in without.text_content()
    assert not page.xpath("//a[starts-with(@href, 'picture:')]")


@pytest.mark.parametrize(
    "typed",
    [
        '![x" onerror="alert(1)](picture:{id})',
        '![x](picture:{id} "<script>alert(1)</script>")',
        "![x](picture:{id}/../../etc)",
        "![x](https://example.com/picture:{id})",
        "![x](javascript:alert(1)//picture:{id})",
        '<img src="picture:{id}" onerror="alert(1)">',
    ],
)
def test_no_name_of_a_picture_becomes_markup(typed: str, tmp_path: Path) -> None:
    text = chapter_html(typed.format(id=PHOTOGRAPH), "en", pictures=illustrated(tmp_path).shown)
    page = html.fragment_fromstring(text, create_parent="div")
    assert not page.xpath("//script | //@onerror")
    assert {one.get("src") for one in page.iter("img")} <= {"pictures/picture-1.jpg"}


@pytest.mark.parametrize("key", FORMATS)
def test_the_same_pictures_give_the_same_bytes_in_another_folder(
    key: str, made: Mapping[str, bytes], tmp_path: Path
) -> None:
    assert render(key, illustrated(tmp_path), tmp_path) == made[key]


def test_a_picture_that_is_only_shown_as_code_is_in_no_file(tmp_path: Path) -> None:
    pictures = illustrated(tmp_path).pictures
    book = one_chapter(f"    ![x](picture:{PHOTOGRAPH})\n\n![y](picture:{DRAWING})", pictures=pictures)
    for key in ("epub", "docx"):
        found = [name for name in names_in(render(key, book, tmp_path)) if "picture-" in name]
        assert len(found) == 1 and found[0].endswith("picture-2.png")


def test_an_epub_holds_each_picture_once_and_passes_its_check(made: Mapping[str, bytes], tmp_path: Path) -> None:
    report = check_epub(made["epub"], tmp_path)
    assert (report.errors, report.warnings, report.messages) == (0, 0, ())
    names = names_in(made["epub"])
    assert [name for name in names if "picture-" in name] == [
        "OEBPS/pictures/picture-1.jpg",
        "OEBPS/pictures/picture-2.png",
    ]
    package = part(made["epub"], "OEBPS/package.opf").decode()
    assert '<item id="picture-1" href="pictures/picture-1.jpg" media-type="image/jpeg"/>' in package
    page = part(made["epub"], "OEBPS/c001.xhtml").decode()
    assert 'alt="A hive &amp; a &lt;roof&gt;"' in page and "<figcaption>The “first” – hive</figcaption>" in page
    assert not IDS.search(re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL))


def test_a_pdf_describes_each_picture_and_passes_over_those_that_decorate(made: Mapping[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made["pdf"])) as pdf:
        told = [str(one["/Alt"]) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        pictures = {
            (int(one["/Width"]), int(one["/Height"]))
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        }
    assert {"A hive & a <roof>", "Its own words 🐝 𒀀", "in a list", "in a cell", "small", "again"} <= set(told)
    assert "" not in told
    assert pictures == {(1600, 1000), (60, 90)}


@pytest.mark.parametrize("page_size", ["5x8", "a4"])
@pytest.mark.parametrize("size", [(3000, 400), (400, 3000), (20, 20)])
def test_a_picture_of_any_shape_fits_its_page(page_size: str, size: tuple[int, int], tmp_path: Path) -> None:
    book = illustrated(tmp_path, page_size=page_size)
    photograph = book.pictures[0]
    Image.new("RGB", size, "teal").save(tmp_path / photograph.path)
    shaped = type(photograph)(
        photograph.id, photograph.file_name, "x", "A shape", *size, media_type=photograph.media_type
    )
    text = "A paragraph of words. " * 40 + f"\n\n![A shape](picture:{PHOTOGRAPH} 'A caption')\n\nAfter it."
    one = one_chapter(text, pictures=(shaped,), page_size=page_size)
    with pikepdf.open(io.BytesIO(render("pdf", one, tmp_path))) as pdf:
        wide, high = placed(pdf)
        box = [float(number) for number in pdf.pages[6].mediabox]
    assert abs(wide / high - size[0] / size[1]) < 0.05 * size[0] / size[1]
    assert wide <= box[2] * 0.8 and high <= box[3] * 0.7
    assert size[0] / (wide / 72) >= 119


def placed(pdf: pikepdf.Pdf) -> tuple[float, float]:
    """Width and height in points of the one picture of the chapters."""
    for page in pdf.pages[6:]:
        scale: list[float] = []
        for step in pikepdf.parse_content_stream(page):
            if str(step.operator) == "cm":
                scale = [float(number) for number in step.operands]
            if str(step.operator) == "Do" and scale:
                return abs(scale[0]), abs(scale[3])
    raise AssertionError("no picture")


def test_a_word_file_has_its_pictures_described_inline_and_within_the_text(made: Mapping[str, bytes]) -> None:
    names = names_in(made["docx"])
    assert {"word/pictures/picture-1.jpg", "word/pictures/picture-2.png"} <= set(names)
    types = part(made["docx"], "[Content_Types].xml").decode()
    assert 'Extension="jpg" ContentType="image/jpeg"' in types and 'Extension="png" ContentType="image/png"' in types
    document = etree.fromstring(part(made["docx"], "word/document.xml"))
    spaces = {"wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
    described = document.xpath("//wp:docPr/@descr", namespaces=spaces)
    assert "A hive & a <roof>" in described and "Its own words 🐝 𒀀" in described
    assert len(set(document.xpath("//wp:docPr/@id", namespaces=spaces))) == len(described)
    assert b'decorative" val="1"' in part(made["docx"], "word/document.xml")
    widths = [int(one) for one in document.xpath("//wp:extent/@cx", namespaces=spaces)]
    assert max(widths) <= 6124 * 635 and min(widths) > 0
    for name in ("document", "footnotes"):
        used = set(re.findall(r'r:embed="(\w+)"', part(made["docx"], f"word/{name}.xml").decode()))
        known = set(re.findall(r' Id="(\w+)"', part(made["docx"], f"word/_rels/{name}.xml.rels").decode()))
        assert used and used <= known
    assert '<w:pStyle w:val="Caption"/>' in part(made["docx"], "word/document.xml").decode()


def test_a_web_page_is_whole_in_one_file(made: Mapping[str, bytes]) -> None:
    page = html.document_fromstring(made["html"])
    sources = {one.get("src").partition(",")[0] for one in page.iter("img")}
    assert sources == {"data:image/jpeg;base64", "data:image/png;base64"}
    assert "img-src data:" in page.xpath("string(//meta[@http-equiv]/@content)")


def test_markdown_with_pictures_is_a_zip_that_leads_to_them(made: Mapping[str, bytes]) -> None:
    assert names_in(made["markdown"]) == ["book.md", "pictures/picture-1.jpg", "pictures/picture-2.png"]
    text = part(made["markdown"], "book.md").decode()
    assert "(pictures/picture-1.jpg 'The \"first\" -- hive')" in text and "[p]: pictures/picture-2.png" in text
    assert r"\[nobody's\]" in text and str(UNKNOWN) not in text
    assert FORMATS["markdown"].extension_of(one_chapter("No picture.")) == "md"
