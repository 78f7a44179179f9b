"""The reference document: pandoc's own, made into an A5 book. Built, not stored, so that it is always readable here."""

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from lxml import etree

from books.providers.exports.programs import run

SECONDS = 60
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_FACE = '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="Georgia" w:cs="Georgia"/>'
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="Consolas" w:cs="Consolas"/>'
_BLACK = '<w:color w:val="000000"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _spacing(before: int, after: int, line: int = 276) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _heading(level: int, half_points: int) -> tuple[str, str]:
    paragraph = f'<w:keepNext/><w:keepLines/>{_spacing(320, 120, 252)}<w:outlineLvl w:val="{level - 1}"/>'
    return paragraph, f"{_FACE}<w:b/>{_BLACK}{_size(half_points)}"


# Style id → paragraph and run properties, in the order the schema wants (lengths in twentieths of a point).
_STYLES: dict[str, tuple[str, str]] = {
    "Normal": ("<w:widowControl/>" + _spacing(0, 0), f"{_FACE}{_size(21)}"),
    "BodyText": (_spacing(0, 0) + '<w:ind w:firstLine="283"/><w:jc w:val="both"/>', ""),
    "FirstParagraph": (_spacing(0, 0) + '<w:ind w:firstLine="0"/>', ""),
    "Compact": (_spacing(0, 0) + '<w:ind w:firstLine="0"/>', ""),
    "Title": (_spacing(2600, 240, 252) + '<w:jc w:val="center"/>', f"{_FACE}{_BLACK}{_size(52)}"),
    "Subtitle": (_spacing(0, 600, 252) + '<w:jc w:val="center"/>', f"{_FACE}<w:i/>{_BLACK}{_size(28)}"),
    "Author": (_spacing(0, 2400, 252) + '<w:jc w:val="center"/>', f"{_FACE}{_size(26)}"),
    "Date": (_spacing(0, 0) + '<w:jc w:val="center"/>', f"{_FACE}{_size(19)}"),
    "TOCHeading": ("<w:keepNext/><w:pageBreakBefore/>" + _spacing(600, 500, 252) + '<w:jc w:val="center"/>',
                   f"{_FACE}{_BLACK}{_size(34)}"),
    "Heading1": ("<w:keepNext/><w:keepLines/><w:pageBreakBefore/>" + _spacing(1600, 700, 252)
                 + '<w:jc w:val="center"/><w:outlineLvl w:val="0"/>', f"{_FACE}{_BLACK}{_size(36)}"),
    **{f"Heading{level}": _heading(level, size) for level, size in ((2, 25), (3, 23), (4, 21), (5, 21), (6, 21))},
    "BlockText": (_spacing(160, 160) + '<w:ind w:left="425" w:right="425" w:firstLine="0"/>', ""),
    "FootnoteText": (_spacing(0, 0, 240) + '<w:ind w:firstLine="0"/><w:jc w:val="both"/>', _size(17)),
    "VerbatimChar": ("", f"{_MONO}{_size(17)}"),
    "Hyperlink": ("", _BLACK),
}  # fmt: skip
_ADDED = (
    ("SourceCode", "Source Code", '<w:wordWrap w:val="off"/>' + _spacing(120, 120, 252), ""),
    ("SceneBreak", "Scene Break", "<w:keepNext/>" + _spacing(280, 280) + '<w:jc w:val="center"/>', ""),
    ("TOC1", "toc 1", '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="6236"/></w:tabs>' + _spacing(60, 60), ""),
    ("Footer", "footer", _spacing(0, 0) + '<w:jc w:val="center"/>', _size(18)),
)
_PAGE = (
    f'<w:sectPr {_NAMES}><w:footerReference w:type="default" r:id="rId90"/>'
    '<w:pgSz w:w="8391" w:h="11906"/>'
    '<w:pgMar w:top="1191" w:right="1020" w:bottom="1191" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
    "<w:titlePg/></w:sectPr>"
)
_FOOTER = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr {_NAMES}><w:p>'
    '<w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
).encode()
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"


@cache
def reference_docx(pandoc: str) -> bytes:
    """pandoc's reference document with our styles, an A5 page and page numbers from the second page on."""
    with tempfile.TemporaryDirectory() as folder:
        command = [pandoc, "--print-default-data-file=reference.docx"]
        default = run(command, stdin=b"", folder=Path(folder), seconds=SECONDS)
    with zipfile.ZipFile(io.BytesIO(default)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["word/styles.xml"] = _styled(files["word/styles.xml"])
    files["word/document.xml"] = _paged(files["word/document.xml"])
    files["word/footer1.xml"] = _FOOTER
    relation = f'<Relationship Id="rId90" Type="{_R}/footer" Target="footer1.xml"/></Relationships>'
    relations = "word/_rels/document.xml.rels"
    files[relations] = files[relations].replace(b"</Relationships>", relation.encode())
    part = f'<Override PartName="/word/footer1.xml" ContentType="{_FOOTER_TYPE}"/></Types>'
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(b"</Types>", part.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _styled(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for fonts in list(root.iter(f"{{{_W}}}rFonts")):
        # Theme fonts win over named ones: without this, headings stay in a sans.
        fonts.getparent().remove(fonts)
    for style in root.iter(f"{{{_W}}}style"):
        properties = _STYLES.get(style.get(f"{{{_W}}}styleId") or "")
        if properties:
            _replace(style, *properties)
    for key, name, paragraph, run_ in _ADDED:
        style = etree.fromstring(
            f'<w:style {_NAMES} w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
            '<w:basedOn w:val="Normal"/><w:qFormat/></w:style>'
        )
        _replace(style, paragraph, run_)
        root.append(style)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _replace(style: etree._Element, paragraph: str, run_: str) -> None:
    for name, content in (("pPr", paragraph), ("rPr", run_)):
        for old in style.findall(f"{{{_W}}}{name}"):
            style.remove(old)
        style.append(etree.fromstring(f"<w:{name} {_NAMES}>{content}</w:{name}>"))


def _paged(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for old in list(root.iter(f"{{{_W}}}sectPr")):
        old.getparent().replace(old, etree.fromstring(_PAGE))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
