"""The styles of a Word file, under the names Word gives its own, so that another template takes them over."""

from dataclasses import dataclass
from html import escape

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# Twentieths of a point: A5, a wider margin at the spine.
PAGE = (
    '<w:pgSz w:w="8391" w:h="11906"/>'
    '<w:pgMar w:top="1191" w:right="1020" w:bottom="1191" w:left="1247" w:header="567" w:footer="567" w:gutter="0"/>'
)
LINE = 8391 - 1020 - 1247
LINES_HEIGHT = 11906 - 2 * 1191
INDENT = 283
_FACE = '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="Georgia" w:cs="Georgia"/>'
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="Consolas" w:cs="Consolas"/>'
_CENTRE, _BOTH = '<w:jc w:val="center"/>', '<w:jc w:val="both"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"


@dataclass(frozen=True)
class _Style:
    """A paragraph style; `paragraph` and `run` are properties, `then` the style of the paragraph typed after it."""

    id: str
    name: str
    paragraph: str = ""
    run: str = ""
    based: str = "Normal"
    then: str = ""


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _spacing(before: int, after: int, line: int = 276) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _first(indent: int) -> str:
    return f'<w:ind w:firstLine="{indent}"/>'


def _heading(level: int, half_points: int) -> _Style:
    paragraph = f'{_KEEP}<w:suppressAutoHyphens/>{_spacing(320, 120, 252)}<w:outlineLvl w:val="{level - 1}"/>'
    return _Style(
        f"Heading{level}", f"heading {level}", paragraph, f"<w:b/>{_size(half_points)}", then="FirstParagraph"
    )


_STYLES = (
    _Style("BodyText", "Body Text", _first(INDENT) + _BOTH),
    _Style("FirstParagraph", "First Paragraph", _first(0), based="BodyText", then="BodyText"),
    _Style("Title", "Title", "<w:suppressAutoHyphens/>" + _spacing(600, 240, 252) + _CENTRE, _size(52)),
    _Style("Subtitle", "Subtitle", "<w:suppressAutoHyphens/>" + _spacing(0, 600, 252) + _CENTRE, "<w:i/>" + _size(28)),
    _Style("Author", "Author", _spacing(1400, 1400, 252) + _CENTRE, _size(26)),
    _Style("Publisher", "Publisher", _spacing(3000, 0) + _CENTRE, _size(20)),
    _Style("Imprint", "Imprint", _spacing(0, 60), _size(17)),
    _Style("TOCHeading", "TOC Heading", "<w:keepNext/><w:pageBreakBefore/>" + _spacing(600, 500, 252) + _CENTRE,
           _size(34)),
    _Style("TOC1", "toc 1", f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{LINE}"/></w:tabs>' + _spacing(60, 60)
           + '<w:ind w:left="283" w:right="567" w:hanging="283"/>'),
    _Style("ChapterNumber", "Chapter Number", "<w:keepNext/><w:pageBreakBefore/>" + _spacing(1200, 200, 252) + _CENTRE,
           '<w:color w:val="595959"/>' + _size(24), then="Heading1"),
    _Style("Heading1", "heading 1", f"{_KEEP}<w:suppressAutoHyphens/>" + _spacing(0, 700, 252) + _CENTRE
           + '<w:outlineLvl w:val="0"/>', _size(36), then="FirstParagraph"),
    *(_heading(level, size) for level, size in ((2, 25), (3, 23), (4, 21), (5, 21), (6, 21))),
    _Style("BlockText", "Block Text", _spacing(80, 80) + '<w:ind w:left="425" w:right="425"/>' + _BOTH, _size(20)),
    _Style("ListParagraph", "List Paragraph", _spacing(20, 20) + _BOTH),
    _Style("TableText", "Table Text", _spacing(40, 40, 252), _size(19)),
    _Style("SourceCode", "Source Code", '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
           '<w:suppressAutoHyphens/>' + _spacing(160, 160, 252), f"{_MONO}<w:noProof/>{_size(17)}"),
    _Style("SceneBreak", "Scene Break", "<w:keepNext/>" + _spacing(280, 280) + _CENTRE, then="FirstParagraph"),
    _Style("Figure", "Figure", _spacing(280, 160, 240) + _CENTRE, then="Caption"),
    _Style("Caption", "caption", _spacing(0, 280, 252) + _CENTRE, '<w:color w:val="595959"/>' + _size(18),
           then="FirstParagraph"),
    _Style("FootnoteText", "footnote text", _spacing(0, 0, 240) + _BOTH, _size(17)),
    _Style("Footer", "footer", _CENTRE, _size(18)),
)  # fmt: skip
_CHARACTERS = (
    ("Hyperlink", "Hyperlink", ""),
    ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("VerbatimChar", "Verbatim Char", f"{_MONO}<w:noProof/>{_size(18)}"),
)


def styles_xml(language: str) -> str:
    """The part with every style; its text is in the language of the book, which Word hyphenates and proofreads by."""
    lang = f'<w:lang w:val="{escape(language)}" w:eastAsia="{escape(language)}"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_FACE}{_size(21)}{lang}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr><w:widowControl/>{_spacing(0, 0)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    characters = "".join(
        f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{run}</w:rPr></w:style>'
        for key, name, run in _CHARACTERS
    )
    return f"<w:styles {NAMES}>{defaults}{normal}{''.join(map(_style, _STYLES))}{characters}</w:styles>"


def _style(style: _Style) -> str:
    then = f'<w:next w:val="{style.then}"/>' if style.then else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based}"/>{then}<w:qFormat/>'
        f"<w:pPr>{style.paragraph}</w:pPr><w:rPr>{style.run}</w:rPr></w:style>"
    )
