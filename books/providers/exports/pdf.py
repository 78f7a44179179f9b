"""PDF, A5: the edition as JSON for the typesetter."""

import json
from dataclasses import asdict
from pathlib import Path

from books.providers.exports.blocks import blocks_of
from books.providers.exports.cover import A5_HEIGHT, cover_svg
from books.providers.exports.edition import Edition, edition_of
from books.providers.exports.errors import GlyphMissing
from books.providers.exports.fonts import first_missing
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.markdown import plain_text
from books.providers.exports.typesetter import typeset


def render_pdf(manuscript: Manuscript, workdir: Path) -> bytes:
    """A tagged A5 book; GlyphMissing names the chapter of the first character no font can draw."""
    edition = edition_of(manuscript)
    _refuse_missing_glyphs(edition)
    files = {
        "book.json": json.dumps(_job(edition), ensure_ascii=False).encode(),
        "cover.svg": cover_svg(manuscript, height=A5_HEIGHT).encode(),
    }
    return typeset("book", files, workdir=workdir, at=manuscript.modified_at)


def _refuse_missing_glyphs(edition: Edition) -> None:
    front = " ".join((edition.title, edition.subtitle, edition.author, edition.publisher, plain_text(edition.blurb)))
    places = [(edition.title, front)]
    places += [(chapter.title, f"{chapter.title} {plain_text(chapter.body)}") for chapter in edition.chapters]
    for place, text in places:
        if character := first_missing(text):
            raise GlyphMissing(place=place, character=character)


def _job(edition: Edition) -> dict[str, object]:
    lang, *subtags = edition.language.lower().split("-")
    region = next((subtag for subtag in subtags if len(subtag) == 2), None)
    return {
        "title": edition.title,
        "subtitle": edition.subtitle,
        "author": edition.author,
        "publisher": edition.publisher,
        "lang": lang,
        "region": region,
        "year": str(edition.manuscript.modified_at.year),
        "extent": edition.extent,
        "cover_alt": edition.labels.cover_of.format(title=edition.title),
        "labels": asdict(edition.labels),
        "blurb": blocks_of(edition.blurb),
        "chapters": [
            {"number": chapter.number, "title": chapter.title, "blocks": blocks_of(chapter.body)}
            for chapter in edition.chapters
        ],
    }
