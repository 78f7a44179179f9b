"""The tables of an EPUB: package document, contents, landmarks, NCX for old readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from html import escape

from books.providers.exports.edition import Edition
from books.providers.exports.epub.pages import page
from books.providers.exports.markdown import plain_text

_ACCESSIBILITY = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),  # the cover, and pictures, all of them described
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityFeature", "unlocked"),
    ("accessibilityHazard", "none"),
)
_PROPERTIES = {"nav": ' properties="nav"', "cover-image": ' properties="cover-image"'}


@dataclass(frozen=True)
class Item:
    """One file of the package; `path` is relative to the package document, which lies beside it."""

    id: str
    path: str
    media_type: str = "application/xhtml+xml"
    label: str = ""


def container() -> bytes:
    """Where the package document is."""
    return (
        b'<?xml version="1.0" encoding="utf-8"?>\n'
        b'<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        b'<rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/>'
        b"</rootfiles></container>\n"
    )


def package(edition: Edition, pictures: Sequence[Item], texts: Sequence[Item]) -> bytes:
    """Metadata, manifest and spine; the first of the pictures is the cover."""
    tables = (Item("style", "style.css", "text/css"), Item("ncx", "toc.ncx", "application/x-dtbncx+xml"))
    manifest = "".join(
        f'<item id="{item.id}" href="{item.path}" media-type="{item.media_type}"{_PROPERTIES.get(item.id, "")}/>'
        for item in (*tables, *pictures, *texts)
    )
    spine = "".join(f'<itemref idref="{item.id}"/>' for item in texts)
    lang = escape(edition.language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id" '
        f'xml:lang="{lang}">{_metadata(edition)}<manifest>{manifest}</manifest>'
        f'<spine toc="ncx">{spine}</spine></package>\n'
    ).encode()


def _metadata(edition: Edition) -> str:
    moment = edition.manuscript.modified_at.astimezone(UTC)
    blurb = " ".join(plain_text(edition.blurb).split())
    lines = [
        f'<dc:identifier id="book-id">urn:uuid:{edition.manuscript.identifier}</dc:identifier>',
        f'<dc:title id="main-title">{escape(edition.title)}</dc:title>',
        '<meta refines="#main-title" property="title-type">main</meta>',
        f"<dc:language>{escape(edition.language)}</dc:language>",
        f'<meta property="dcterms:modified">{moment:%Y-%m-%dT%H:%M:%SZ}</meta>',
        f"<dc:date>{moment:%Y-%m-%d}</dc:date>",
        '<meta name="cover" content="cover-image"/>',
        *(f'<meta property="schema:{name}">{value}</meta>' for name, value in _ACCESSIBILITY),
        f'<meta property="schema:accessibilitySummary">{escape(edition.labels.accessible)}</meta>',
    ]
    if edition.subtitle:
        lines.append(f'<dc:title id="sub-title">{escape(edition.subtitle)}</dc:title>')
        lines.append('<meta refines="#sub-title" property="title-type">subtitle</meta>')
    if edition.author:
        lines.append(f'<dc:creator id="creator">{escape(edition.author)}</dc:creator>')
        lines.append('<meta refines="#creator" property="role" scheme="marc:relators">aut</meta>')
    for element, text in (("publisher", edition.publisher), ("description", blurb)):
        if text:
            lines.append(f"<dc:{element}>{escape(text)}</dc:{element}>")
    return f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(lines)}</metadata>'


def navigation(edition: Edition, texts: Sequence[Item]) -> bytes:
    """Contents for people and landmarks for reading systems."""
    labels = edition.labels
    lines = "".join(f'<li><a href="{item.path}">{escape(item.label)}</a></li>' for item in _listed(texts))
    marks = [
        ("cover", "cover.xhtml", labels.cover),
        ("titlepage", "title.xhtml", labels.title_page),
        ("toc", "nav.xhtml#toc", labels.contents),
    ]
    marks += [("bodymatter", item.path, labels.start) for item in texts if item.id == "c1"]
    landmarks = "".join(
        f'<li><a epub:type="{kind}" href="{path}">{escape(text)}</a></li>' for kind, path, text in marks
    )
    body = (
        f'<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title"><h1 id="toc-title">'
        f"{escape(labels.contents)}</h1><ol>{lines}</ol></nav>"
        f'<nav epub:type="landmarks" hidden="hidden"><ol>{landmarks}</ol></nav>'
    )
    return page(edition, labels.contents, body, kind="frontmatter")


def ncx(edition: Edition, texts: Sequence[Item]) -> bytes:
    """The contents once more, as EPUB 2 readers want them."""
    points = "".join(
        f'<navPoint id="n{order}" playOrder="{order}"><navLabel><text>{escape(item.label)}</text></navLabel>'
        f'<content src="{item.path}"/></navPoint>'
        for order, item in enumerate(_listed(texts), 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="{escape(edition.language)}">'
        f'<head><meta name="dtb:uid" content="urn:uuid:{edition.manuscript.identifier}"/></head>'
        f"<docTitle><text>{escape(edition.title)}</text></docTitle><navMap>{points}</navMap></ncx>\n"
    ).encode()


def _listed(texts: Sequence[Item]) -> list[Item]:
    """What the contents list: every page but the cover and the contents themselves."""
    return [item for item in texts if item.id not in {"cover", "nav"}]
