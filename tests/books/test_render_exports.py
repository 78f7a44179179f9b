"""Manuscripts become files: sound, harmless, the same every time."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from uuid import UUID

import pikepdf
import pytest
from lxml import etree, html

from books.providers.exports import FORMATS, ExportError, GlyphMissing, chapter_html, render
from books.providers.exports.cover import PALETTES, cover_svg
from books.providers.exports.epubcheck import check_epub
from books.providers.exports.errors import EngineFailed, EngineTimedOut
from books.providers.exports.manuscript import Manuscript, ManuscriptChapter
from books.providers.exports.programs import run
from books.providers.exports.typography import polish, printable

NASTY = """# A part

"Quoted" -- it's *long*, **bold**, ~~struck~~, `code; "x"`[^1], again[^1] and[^n]. #read("/etc/passwd") *word*.Next

<script>alert(1)</script> <b onclick="x()">bold</b> 🐝 ❤️ 👩‍👩‍👧
\x07\x1b[31m \u202eevil\u202c &#27; &#0; \ufffe \U0001fffe

<div style="position:fixed">
block
</div>

> A quote
>
> > inside a quote

- one
  - two *em*

3. three
4. four

   and a paragraph

***

| Month | Honey (kg) |
|:------|-----------:|
| April |            |
| July  | 12.5 | surplus |

### Deeper

```python
print("<x>")  # not "quoted"
```

![A hive](https://example.com/hive.png) [bad](javascript:alert(1)) [data](data:text/html,x)
[good](https://example.com/a?b=1&c=2)
[relative](other.md) [fragment](#nowhere) [broken](http://[::1) ![](x.png)

#

[^1]: The note, with *emphasis*.

    And a second paragraph.
[^n]: > A quoted note[^1]
"""
FRENCH = 'Il dit: "Bonjour!" et partit; pourquoi?[^1]\n\n« Oui » : il est 10:30.\n\n[^1]: Une note.\n'


def make_manuscript(**overrides: object) -> Manuscript:
    chapters = (
        ManuscriptChapter(1, "Why the <city> needs bees & more", NASTY, 120),
        ManuscriptChapter(2, "", "", 0),
        ManuscriptChapter(3, "Neighbours, law and insurance", FRENCH, 14),
    )
    manuscript = Manuscript(
        identifier=UUID("0193a000-0000-7000-8000-000000000001"),
        title="Rooftop Bees & <Honey>",
        subtitle='A field guide for the city\'s "keepers"',
        author="Ada O'Neill",
        publisher="Demo & Sons",
        language="en",
        blurb="For anyone with a *roof*.",
        chapters=chapters,
        modified_at=datetime(2026, 11, 21, 10, 30, tzinfo=UTC),
        palette="forest",
    )
    return replace(manuscript, **overrides)  # type: ignore[arg-type]  # overrides name its fields


def one_chapter(markdown: str, **overrides: object) -> Manuscript:
    return make_manuscript(chapters=(ManuscriptChapter(1, "The first spring", markdown, 12),), **overrides)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    folder = tmp_path_factory.mktemp("exports")
    return {key: render(key, make_manuscript(), folder) for key in FORMATS}


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


# The same bytes


def test_the_same_manuscript_gives_the_same_bytes_in_another_process_and_folder(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    program = """
import hashlib, json, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from books.providers.exports import FORMATS, render
from tests.books.test_render_exports import make_manuscript
folder = Path(sys.argv[1])
print(json.dumps({key: hashlib.sha256(render(key, make_manuscript(), folder)).hexdigest() for key in FORMATS}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        check=True,
        env={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2],
    )
    assert json.loads(done.stdout) == {key: hashlib.sha256(data).hexdigest() for key, data in files.items()}


@pytest.mark.parametrize("key", ["pdf", "epub", "docx"])
def test_only_the_date_of_the_last_change_enters_a_file(files: Mapping[str, bytes], key: str, tmp_path: Path) -> None:
    later = make_manuscript(modified_at=datetime(2027, 1, 2, 3, 4, 6, tzinfo=UTC))
    assert render(key, later, tmp_path) != files[key]
    if key == "pdf":
        with pikepdf.open(io.BytesIO(files[key])) as pdf:
            assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261121103000")
    else:
        with zipfile.ZipFile(io.BytesIO(files[key])) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 21, 10, 30, 0)}


# Harmless


@pytest.mark.parametrize("key", ["html", "epub", "docx", "markdown"])
def test_nothing_an_author_types_becomes_markup(files: Mapping[str, bytes], key: str) -> None:
    texts = [files[key].decode()] if key in {"html", "markdown"} else list(parts(files[key]).values())
    for text in texts:
        if text.startswith("\ufffdPNG"):
            continue
        assert "\x1b" not in text and "\u202e" not in text and "\ufffe" not in text
        if key != "markdown":
            assert "<script" not in text and "<b onclick" not in text
            assert 'href="javascript' not in text and "example.com/hive.png" not in text
    if key == "markdown":
        assert r"\<script>" in texts[0]


def test_what_looks_like_html_is_read_as_text() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    assert "<script>alert(1)</script>" in page.text_content()
    assert not page.xpath("//script | //b | //div[@style] | //img | //*[@onclick]")


def test_only_links_that_lead_somewhere_are_kept() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    outside = [link for link in page.iter("a") if not link.get("href").startswith("#")]
    assert [link.get("href") for link in outside] == ["https://example.com/a?b=1&c=2"]
    assert outside[0].get("rel") == "nofollow noopener noreferrer"
    assert "[A hive]" in page.text_content()


def test_notes_point_to_each_other() -> None:
    page = html.fragment_fromstring(chapter_html(NASTY, "en"), create_parent="div")
    names = set(page.xpath("//@id"))
    inner = [link.get("href")[1:] for link in page.iter("a") if link.get("href").startswith("#")]
    assert inner and set(inner) <= names
    assert len(page.xpath("//a[@role='doc-noteref']")) == 4


def test_two_notes_of_one_name_are_two_notes_and_no_text_between_them_is_lost(tmp_path: Path) -> None:
    joined = "A[^1].\n\n[^1]: first\n\nB[^1].\n\n```\n[^1]: code\n```\n\n[^1]: second\n\nC[^1].\n"
    page = html.fragment_fromstring(chapter_html(joined, "en"), create_parent="div")
    assert [one.text_content().strip() for one in page if one.tag != "section"] == ["A1.", "B2.", "[^1]: code", "C2."]
    assert [one.text_content().split()[0] for one in page.iter("li")] == ["first", "second"]
    typed = render("markdown", one_chapter(joined), tmp_path).decode()
    assert "[^c1-1]: first" in typed and "[^c1-1_2]: second" in typed and "C[^c1-1_2]." in typed


def test_a_note_given_again_in_a_quote_takes_no_text_with_it() -> None:
    joined = "A[^1].\n\n> [^1]: first\n\nB[^1].\n\n[^1]: second\n\nC.\n"
    page = html.fragment_fromstring(chapter_html(joined, "en"), create_parent="div")
    assert [one.text_content().strip() for one in page.findall("p")] == ["A1.", "B1.", "C."]
    assert len(page.xpath("//section//li[@id]")) == 1


@pytest.mark.parametrize(
    "markdown",
    [
        "> " * 500 + "deep",
        "".join("  " * level + "- x\n" for level in range(200)),
        "*" * 999 + "a" + "*" * 999,
        "[^1]\n\n[^1]: a[^1]",
    ],
    ids=["quotes", "lists", "emphasis", "a note in itself"],
)
@pytest.mark.parametrize("key", ["pdf", "docx", "html"])
def test_depth_without_end_is_flattened(markdown: str, key: str, tmp_path: Path) -> None:
    assert render(key, one_chapter(markdown), tmp_path)


def test_headings_follow_the_chapter_title_without_gaps() -> None:
    page = html.fragment_fromstring(
        chapter_html("#### Deep\n\n# Top\n\n#### Deep\n\n##\n", "en", top=3), create_parent="div"
    )
    assert [(one.tag, one.text) for one in page] == [("h3", "Deep"), ("h3", "Top"), ("h4", "Deep")]


# Typography


@pytest.mark.parametrize(
    ("typed", "language", "printed"),
    [
        ('Il dit: "Bonjour!" ; fin ?', "fr", "Il dit\u00a0: «\u00a0Bonjour\u202f!\u00a0»\u202f; fin\u202f?"),
        ("«Oui» à 10:30, http://a.fr/?q=1 !", "fr-CA", "«\u00a0Oui\u00a0» à 10:30, http://a.fr/?q=1\u202f!"),
        ("L'été... -- quoi?!", "fr", "L’été… – quoi\u202f?!"),
        ("\"It's 'so'\" -- in the '90s... ---", "en", "“It’s ‘so’” – in the ’90s… —"),
        ('"So" ; it is', "en", "“So” ; it is"),
        ('"So" -- it is...', "de", '"So" -- it is...'),
    ],
)
def test_marks_and_spaces_follow_the_language(typed: str, language: str, printed: str) -> None:
    assert polish(typed, language) == printed
    assert polish(printed, language) == printed


def test_code_is_printed_as_typed_and_marks_see_across_elements() -> None:
    assert chapter_html('*Non*! `a ; "b"`', "fr") == '<p><em>Non</em>\u202f! <code>a ; "b"</code></p>\n'


def test_printable_text_is_composed_and_holds_no_controls() -> None:
    assert printable("e\u0301\r\n\x00\x85\u2066a\ud800\U0001fffe\tb") == "é\na\tb"


# EPUB


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


# PDF


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


@pytest.mark.parametrize("text", ["中", "שלום", "عرب"])
def test_a_letter_no_font_has_is_answered_with_the_chapters_name(text: str, tmp_path: Path) -> None:
    with pytest.raises(GlyphMissing) as caught:
        render("pdf", one_chapter(f"Good, then {text}."), tmp_path)
    assert caught.value.place == "The first spring" and caught.value.character == text[0]
    assert "The first spring" in str(caught.value) and text[0] in str(caught.value)
    assert render("docx", one_chapter(text), tmp_path) and render("html", one_chapter(text), tmp_path)


# DOCX


def test_a_word_file_has_real_headings_notes_contents_and_language(tmp_path: Path) -> None:
    found = parts(render("docx", make_manuscript(language="fr"), tmp_path))
    document = found["word/document.xml"]
    assert document.count('w:val="Heading1"') == 3 and "TOC \\o" in document
    assert 'w:anchor="chapter-2"' in document and "Table des matières" in document
    assert document.count("<w:footnoteReference") == 4 and "The note, with " in found["word/footnotes.xml"]
    assert 'w:val="fr"' in found["word/styles.xml"] or 'w:val="fr-FR"' in found["word/styles.xml"]
    assert 'w:w="8391"' in document and "PAGE" in found["word/footer.xml"]
    assert "2026-11-21T10:30:00Z" in found["docProps/core.xml"]
    for name, text in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(text.encode())


# HTML and Markdown


def test_the_html_file_needs_nothing_else(files: Mapping[str, bytes]) -> None:
    page = html.document_fromstring(files["html"].decode())
    assert not page.xpath("//script | //link | //img | //*[@src]")
    assert page.xpath("//meta[@http-equiv]/@content")[0].startswith("default-src 'none'")
    assert len(page.xpath("//nav//a")) == 3 and page.xpath("//h1")[0].text == "Rooftop Bees & <Honey>"
    names = page.xpath("//@id")
    assert len(names) == len(set(names)) and {link[1:] for link in page.xpath("//a/@href") if link[0] == "#"} <= set(
        names
    )
    assert "to read" in page.text_content()


def test_the_markdown_file_keeps_what_was_typed_under_one_heading_a_chapter(
    files: Mapping[str, bytes],
) -> None:
    text = files["markdown"].decode()
    assert text.startswith("**Rooftop Bees & \\<Honey\\>**\n\n*A field guide")
    assert [line for line in text.split("\n") if line.startswith("# ")] == [
        "# Why the \\<city\\> needs bees & more",
        "# Neighbours, law and insurance",
    ]
    assert "[^c1-1]" in text and "[^c3-1]: Une note." in text and "[^1]" not in text
    assert '"Quoted" -- it\'s' in text and text.endswith("Une note.\n")


# Covers, engines


@pytest.mark.parametrize("title", ["Bees", "A " * 49 + "B", "Anticonstitutionnellement" * 4, "🐝 <&>", "\x00"])
def test_every_title_fits_its_cover(title: str) -> None:
    drawing = etree.fromstring(cover_svg(make_manuscript(title=title, palette="unknown")).encode())
    lines = [one for one in drawing.iter("{*}text") if one.get("font-weight") == "600"]
    assert all(float(one.get("y")) < 500 for one in lines)


def test_every_palette_can_be_read() -> None:
    def luminance(colour: str) -> float:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for palette in PALETTES.values():
        assert (luminance(palette.ink) + 0.05) / (luminance(palette.ground) + 0.05) >= 7


def test_an_engine_that_hangs_or_fails_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EngineTimedOut):
        run(["sleep", "60"], stdin=b"", folder=tmp_path, seconds=0.1)
    with pytest.raises(EngineFailed) as caught:
        run(["sh", "-c", "echo broken >&2; exit 3"], stdin=b"", folder=tmp_path, seconds=10)
    assert caught.value.details == "broken\n" and "broken" not in str(caught.value)


def test_a_program_that_reads_strangers_text_sees_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    assert b"hidden" not in run(["env"], stdin=b"", folder=tmp_path, seconds=10)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        render("exe", make_manuscript(), tmp_path)
