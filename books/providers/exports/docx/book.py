"""The Word file: pandoc's document, with its contents filled in and its dates those of the book."""

import io
import json
import re
import zipfile
from datetime import UTC
from html import escape
from pathlib import Path

import pypandoc

from books.providers.exports.archives import pack
from books.providers.exports.blocks import blocks_of
from books.providers.exports.docx import tree
from books.providers.exports.docx.reference import reference_docx
from books.providers.exports.edition import Edition, edition_of
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.programs import run

SECONDS = 120
MEMORY = ("+RTS", "-M700M", "-RTS")
_DATE = re.compile(rb'(<dcterms:(?:created|modified) xsi:type="dcterms:W3CDTF">)[^<]*')
_FIELD_END = b'<w:fldChar w:fldCharType="separate" /><w:fldChar w:fldCharType="end" /></w:r></w:p>'


def render_docx(manuscript: Manuscript, workdir: Path) -> bytes:
    """An A5 document with real headings, footnotes, contents and page numbers, in the book's language."""
    edition = edition_of(manuscript)
    pandoc = pypandoc.get_pandoc_path()
    reference = workdir / "reference.docx"
    reference.write_bytes(reference_docx(pandoc))
    command = [pandoc, "--from=json", "--to=docx", "--sandbox", "--toc", "--toc-depth=1", "--output=-"]
    command += [f"--reference-doc={reference}", *MEMORY]
    document = json.dumps(_document(edition), ensure_ascii=False).encode()
    return _settled(run(command, stdin=document, folder=workdir, seconds=SECONDS), edition)


def _document(edition: Edition) -> tree.Node:
    fields = {"title": edition.title, "subtitle": edition.subtitle, "author": edition.author}
    meta = {name: {"t": "MetaInlines", "c": [tree.text(value)]} for name, value in fields.items() if value}
    imprint = [edition.publisher, edition.extent] if edition.publisher else [edition.extent]
    lines = [node for line in imprint for node in (tree.text(line), {"t": "LineBreak"})][:-1]
    meta["date"] = {"t": "MetaInlines", "c": lines}
    meta["lang"] = {"t": "MetaString", "c": edition.language}
    meta["toc-title"] = {"t": "MetaString", "c": edition.labels.contents}
    found: list[tree.Node] = []
    for chapter in edition.chapters:
        found.append(tree.heading(1, f"chapter-{chapter.place}", [tree.text(chapter.title)]))
        found += tree.blocks(blocks_of(chapter.body))
    return {"pandoc-api-version": tree.VERSION, "meta": meta, "blocks": found}


def _settled(data: bytes, edition: Edition) -> bytes:
    """The same document with the book's date in it and on its parts, and contents to read before Word counts pages."""
    moment = edition.manuscript.modified_at.astimezone(UTC)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["docProps/core.xml"] = _DATE.sub(
        rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode(), files["docProps/core.xml"]
    )
    files["word/document.xml"] = files["word/document.xml"].replace(_FIELD_END, _contents(edition), 1)
    return pack(files.items(), at=moment)


def _contents(edition: Edition) -> bytes:
    lines = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="TOC1" /></w:pPr><w:hyperlink w:anchor="chapter-{chapter.place}" w:history="1">'
        f'<w:r><w:t xml:space="preserve">{escape(chapter.title)}</w:t></w:r></w:hyperlink></w:p>'
        for chapter in edition.chapters
    )
    return (
        f'<w:fldChar w:fldCharType="separate" /></w:r></w:p>{lines}'
        '<w:p><w:r><w:fldChar w:fldCharType="end" /></w:r></w:p>'
    ).encode()
