"""The parts of a Word file: title page, imprint and contents, then the chapters with page numbers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from html import escape
from pathlib import Path

from books.providers.exports.archives import pack
from books.providers.exports.blocks import blocks_of
from books.providers.exports.docx.body import DEEPEST, Body, paragraph, text_run
from books.providers.exports.docx.styles import NAMES, PAGE, styles_xml
from books.providers.exports.edition import Edition, EditionChapter, edition_of
from books.providers.exports.manuscript import Manuscript, ManuscriptPicture
from books.providers.exports.markdown import plain_text

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_R = f'xmlns:r="{_OFFICE}"'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = ("styles", "settings", "numbering", "footnotes", "footer")
# Word proofreads by language and country; a book may name the language alone.
_COUNTRIES = {"en": "en-US", "fr": "fr-FR", "de": "de-DE", "es": "es-ES", "it": "it-IT", "pt": "pt-PT", "nl": "nl-NL"}
_BULLETS = "•–◦"


def render_docx(manuscript: Manuscript, workdir: Path) -> bytes:
    """An A5 document with real headings, footnotes, contents and page numbers, in the book's language."""
    edition = edition_of(manuscript)
    language = _COUNTRIES.get(edition.language, edition.language)
    body = Body()
    chapters = "".join(_chapter(body, chapter) for chapter in edition.chapters)
    files = {
        "[Content_Types].xml": _content_types(edition.pictures),
        "_rels/.rels": _relations(
            (("officeDocument", "word/document.xml"), ("extended-properties", "docProps/app.xml")), core=True
        ),
        "docProps/core.xml": _core(edition, language),
        "docProps/app.xml": _application(edition),
        "word/document.xml": _document(edition, chapters),
        "word/_rels/document.xml.rels": _relations([(name, f"{name}.xml") for name in _PARTS], body),
        "word/footnotes.xml": _footnotes(body.notes),
        "word/_rels/footnotes.xml.rels": _relations((), body),
        "word/numbering.xml": _numbering(body.numberings),
        "word/styles.xml": styles_xml(language),
        "word/settings.xml": _settings(language),
        "word/footer.xml": _footer(),
    }
    stored = frozenset(f"word/{one.path}" for one in edition.pictures)
    return pack(_parts(files, edition.pictures, workdir), at=manuscript.modified_at, stored=stored)


def _parts(
    files: Mapping[str, str], pictures: Sequence[ManuscriptPicture], workdir: Path
) -> Iterator[tuple[str, bytes]]:
    for name, text in files.items():
        yield name, (_HEAD + text).encode()
    for picture in pictures:
        yield f"word/{picture.path}", picture.read(workdir)


def _chapter(body: Body, chapter: EditionChapter) -> str:
    mark = f'<w:bookmarkStart w:id="{chapter.place}" w:name="chapter-{chapter.place}"/>'
    title = f'{mark}{text_run(chapter.title)}<w:bookmarkEnd w:id="{chapter.place}"/>'
    text = body.chapter(blocks_of(chapter.body))
    if chapter.number:
        return paragraph("ChapterNumber", text_run(chapter.number)) + paragraph("Heading1", title) + text
    break_ = '<w:pageBreakBefore/><w:spacing w:before="1700" w:after="700"/>'
    return paragraph("Heading1", title, break_) + text


def _document(edition: Edition, chapters: str) -> str:
    # The first section has no page numbers; a section's properties stand in its last paragraph.
    front = f'<w:p><w:pPr><w:sectPr><w:type w:val="nextPage"/>{PAGE}</w:sectPr></w:pPr></w:p>'
    last = f'<w:sectPr><w:footerReference w:type="default" r:id="rId5"/><w:type w:val="nextPage"/>{PAGE}</w:sectPr>'
    return (
        f"<w:document {NAMES} {_R}><w:body>{_title_page(edition)}{_contents(edition)}{front}{chapters}{last}</w:body>"
        "</w:document>"
    )


def _title_page(edition: Edition) -> str:
    author, title = paragraph("Author", text_run(edition.author)), paragraph("Title", text_run(edition.title))
    subtitle = paragraph("Subtitle", text_run(edition.subtitle)) if edition.subtitle else ""
    publisher = paragraph("Publisher", text_run(edition.publisher)) if edition.publisher else ""
    year = str(edition.manuscript.modified_at.year)
    lines = [edition.title, edition.author, ", ".join(filter(None, (edition.publisher, year))), edition.extent]
    first, *rest = filter(None, lines)
    imprint = paragraph("Imprint", text_run(first, "<w:i/>"), '<w:pageBreakBefore/><w:spacing w:before="7800"/>')
    return author + title + subtitle + publisher + imprint + "".join(paragraph("Imprint", text_run(x)) for x in rest)


def _contents(edition: Edition) -> str:
    """A field Word fills when it opens the file, with pages; elsewhere the chapters' names as links."""
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>' + _instruction(r'TOC \o "1-1" \h \z \u')
    lines = []
    for chapter in edition.chapters:
        name = f"chapter-{chapter.place}"
        lines.append(f'<w:hyperlink w:anchor="{name}" w:history="1">{text_run(chapter.line)}</w:hyperlink>')
    first, *rest = lines or [""]
    end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    listed = paragraph("TOC1", begin + first) + "".join(paragraph("TOC1", line) for line in rest)
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{paragraph('TOCHeading', text_run(edition.labels.contents))}{listed}{end}"
        "</w:sdtContent></w:sdt>"
    )


def _field(instruction: str, shown: str) -> str:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return f'{begin}{_instruction(instruction)}{text_run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _instruction(text: str) -> str:
    return (
        f'<w:r><w:instrText xml:space="preserve"> {text} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def _footnotes(notes: list[str]) -> str:
    rules = "".join(
        f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for number, name, mark in (
            (-1, "separator", "separator"),
            (0, "continuationSeparator", "continuationSeparator"),
        )
    )
    texts = "".join(f'<w:footnote w:id="{number}">{text}</w:footnote>' for number, text in enumerate(notes, 1))
    return f"<w:footnotes {NAMES} {_R}>{rules}{texts}</w:footnotes>"


def _numbering(lists: list[tuple[int, int]]) -> str:
    """Numbering 1 is that of all bullets; each numbered list has its own, which starts where the list does."""
    bullets = "".join(_level(level, "bullet", _BULLETS[level % len(_BULLETS)]) for level in range(DEEPEST))
    numbers = "".join(_level(level, "decimal", f"%{level + 1}.") for level in range(DEEPEST))
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for key, levels in enumerate((bullets, numbers))
    )
    used = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="{level}">'
        f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for key, (level, start) in enumerate(lists, 2)
    )
    return f'<w:numbering {NAMES}>{kinds}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{used}</w:numbering>'


def _level(level: int, kind: str, mark: str) -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{mark}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
    )


def _settings(language: str) -> str:
    return (
        f'<w:settings {NAMES}><w:mirrorMargins/><w:defaultTabStop w:val="708"/><w:autoHyphenation/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="15"/></w:compat><w:themeFontLang w:val="{escape(language)}"/></w:settings>'
    )


def _footer() -> str:
    return f"<w:ftr {NAMES}>{paragraph('Footer', _field('PAGE', '1'))}</w:ftr>"


def _core(edition: Edition, language: str) -> str:
    moment = f"{edition.manuscript.modified_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    about = " ".join(plain_text(edition.blurb).split())
    fields = [("title", edition.title), ("subject", edition.subtitle), ("creator", edition.author)]
    fields += [("description", about), ("language", language)]
    lines = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in fields if text)
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{lines}{dates}</cp:coreProperties>"
    )


def _application(edition: Edition) -> str:
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Words>{edition.words}</Words><Company>{escape(edition.publisher)}</Company></Properties>"
    )


def _content_types(pictures: Sequence[ManuscriptPicture]) -> str:
    kinds = sorted({(one.file_name.rpartition(".")[2], one.media_type) for one in pictures})
    shown = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in kinds)
    parts = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{name}+xml"/>' for name in _PARTS)
    office = "application/vnd.openxmlformats"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{office}-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{shown}'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>{parts}'
        f'<Override PartName="/docProps/core.xml" ContentType="{office}-package.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{office}-officedocument.extended-properties+xml"/>'
        "</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]], body: Body | None = None, *, core: bool = False) -> str:
    """Where a part's relations lead: `targets` are (kind, path), numbered from rId1; the body's own follow."""
    lines = [
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    ]
    if core:
        kind = f"{_PACKAGE}/relationships/metadata/core-properties"
        lines.append(f'<Relationship Id="rIdCore" Type="{kind}" Target="docProps/core.xml"/>')
    lines += [
        f'<Relationship Id="{key}" Type="{_OFFICE}/hyperlink" Target="{escape(href)}" TargetMode="External"/>'
        for href, key in (body.links if body else {}).items()
    ]
    lines += [
        f'<Relationship Id="{key}" Type="{_OFFICE}/image" Target="{path}"/>'
        for path, key in (body.pictures if body else {}).items()
    ]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'
