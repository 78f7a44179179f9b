"""The Word file is made of what Word calls a heading, a note, a list."""

import re
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from books.providers.exports import render
from tests.books.exports.manuscripts import make_manuscript, one_chapter, parts


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


# ECMA-376, part 1, 17.3.1.26 and 17.3.2.28: Word calls a file broken whose elements stand in another order.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr shd tabs suppressAutoHyphens spacing ind jc "
    "outlineLvl sectPr",
    "rPr": "rStyle rFonts b i strike noProof color sz szCs vertAlign lang",
    "sectPr": "footerReference type pgSz pgMar",
    "tblPr": "tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr",
}


def test_elements_stand_in_the_order_of_the_schema(files: Mapping[str, bytes]) -> None:
    for name, text in parts(files["docx"]).items():
        for element in etree.fromstring(text.encode()).iter():
            kind = etree.QName(element).localname
            if kind in _ORDER:
                found = [_ORDER[kind].split().index(etree.QName(child).localname) for child in element]
                assert found == sorted(set(found)), (name, etree.tostring(element))


def test_every_numbered_list_starts_where_it_says(tmp_path: Path) -> None:
    found = parts(render("docx", one_chapter("3. a\n4. b\n\ntext\n\n1. c\n\n   7. d\n"), tmp_path))
    numbering = etree.fromstring(found["word/numbering.xml"].encode())
    starts = numbering.xpath("//w:startOverride/@w:val", namespaces=numbering.nsmap)
    assert starts == ["3", "1", "7"]
    document = etree.fromstring(found["word/document.xml"].encode())
    used = document.xpath("//w:numPr/w:numId/@w:val", namespaces=document.nsmap)
    assert used == ["2", "2", "3", "4"]


def test_marks_of_the_text_are_runs_and_styles(files: Mapping[str, bytes]) -> None:
    found = parts(files["docx"])
    document, styles = found["word/document.xml"], found["word/styles.xml"]
    used = set(re.findall(r'<w:(?:p|r)Style w:val="(\w+)"', document + found["word/footnotes.xml"]))
    assert used <= set(re.findall(r'w:styleId="(\w+)"', styles))
    assert {"Title", "Subtitle", "Heading1", "FirstParagraph", "BlockText", "SceneBreak", "SourceCode"} <= used
    assert "<w:rPr><w:b/></w:rPr>" in document and "<w:rPr><w:i/></w:rPr>" in document and "<w:strike/>" in document
    for part in ("document", "footnotes"):
        called = set(re.findall(r'<w:hyperlink r:id="(\w+)"', found[f"word/{part}.xml"]))
        assert called <= set(re.findall(r' Id="(\w+)"', found[f"word/_rels/{part}.xml.rels"]))
