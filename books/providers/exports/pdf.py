"""PDF: the edition as JSON for the typesetter."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from books.providers.exports.blocks import Block, blocks_of
from books.providers.exports.cover import WIDTH, cover_svg, palette_named
from books.providers.exports.edition import Edition, EditionChapter, edition_of
from books.providers.exports.errors import GlyphMissing
from books.providers.exports.fonts import first_missing
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.markdown import plain_text
from books.providers.exports.paper import paper_named
from books.providers.exports.typesetter import typeset

# A chapter opens with a few words in small capitals: at most so many, in at most so many letters.
_OPENING_WORDS, _OPENING_LETTERS = 4, 24


def render_pdf(manuscript: Manuscript, workdir: Path) -> bytes:
    """A tagged book of the page size asked for; GlyphMissing names the chapter of the first character no font has."""
    edition = edition_of(manuscript)
    files = typesetters_files(edition)
    return typeset("book", files, workdir=workdir, at=manuscript.modified_at, pictures=edition.pictures)


def typesetters_files(edition: Edition) -> dict[str, bytes]:
    """What book.typ reads: the book as JSON and its cover in the proportions of the page; or GlyphMissing."""
    paper = paper_named(edition.manuscript.page_size)
    job = _job(edition)
    text = json.dumps(job, ensure_ascii=False)
    if first_missing(text):
        _refuse(job)
    cover = cover_svg(edition.manuscript, height=round(WIDTH * paper.height / paper.width))
    return {"book.json": text.encode(), "cover.svg": cover.encode()}


def _refuse(job: dict[str, Any]) -> NoReturn:
    """Say in which part of the book the character stands that no font has."""
    parts = [{**job, "chapters": []}, *job["chapters"]]
    found = ((part["title"], first_missing(json.dumps(part, ensure_ascii=False))) for part in parts)
    place, character = next((place, character) for place, character in found if character)
    raise GlyphMissing(place=place, character=character)


def _job(edition: Edition) -> dict[str, Any]:
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
        "palette": asdict(palette_named(edition.manuscript.palette)),
        "paper": asdict(paper_named(edition.manuscript.page_size)),
        "labels": asdict(edition.labels),
        "description": " ".join(plain_text(edition.blurb).split()),
        "blurb": blocks_of(edition.blurb),
        "chapters": [
            {"number": chapter.number, "title": chapter.title, "blocks": _opened(_blocks(chapter))}
            for chapter in edition.chapters
        ],
    }


def _blocks(chapter: EditionChapter) -> list[Block]:
    """The chapter's blocks; what pictures show is packed as ASCII, because it is told and never printed."""
    for picture in chapter.body.iter("img"):
        picture.set("alt", json.dumps(picture.get("alt")))
    return blocks_of(chapter.body)


def _opened(blocks: list[Block]) -> list[Block]:
    """The same blocks, the first words of a chapter that starts with plain text set apart as `small`."""
    if not blocks or blocks[0]["t"] != "p" or not isinstance(blocks[0]["c"][0], str):
        return blocks
    text, *rest = blocks[0]["c"]
    words: list[str] = []
    for word in text.split(" ")[:_OPENING_WORDS]:
        if len(" ".join([*words, word])) > _OPENING_LETTERS:
            break
        words.append(word)
        if word.endswith((".", "!", "?")):
            break
    opening = " ".join(words)
    first = [{"t": "small", "c": [opening]}, text[len(opening) :]] if opening else [text]
    return [{"t": "p", "c": [*first, *rest]}, *blocks[1:]]
