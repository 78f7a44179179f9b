"""HTML: the whole book in one file that needs nothing else."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path

from books.providers.exports.cover import cover_svg
from books.providers.exports.edition import Edition, EditionChapter, edition_of
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.markdown import inner_html

STYLE = (Path(__file__).parent / "web_page.css").read_text(encoding="utf-8")
# Nothing may be fetched or run by this file, whatever the text holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def render_html(manuscript: Manuscript, workdir: Path) -> bytes:
    """Cover, title, contents, chapters with their notes; light, dark and print."""
    edition = edition_of(manuscript, top=3)
    lang, author = escape(edition.language), escape(edition.author)
    data = {one.path: f"data:{one.media_type};base64,{_packed(one.read(workdir))}" for one in edition.pictures}
    chapters = "\n".join(_chapter(chapter, data) for chapter in edition.chapters)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(edition.title)}</title>\n<meta name="author" content="{author}">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n{_front(edition)}\n{_contents(edition)}\n"
        f"<main>\n{chapters}\n</main>\n</body>\n</html>\n"
    ).encode()


def _front(edition: Edition) -> str:
    lines = [f"<h1>{escape(edition.title)}</h1>"]
    for name, text in (("subtitle", edition.subtitle), ("author", edition.author), ("publisher", edition.publisher)):
        if text:
            lines.append(f'<p class="{name}">{escape(text)}</p>')
    lines.append(f'<p class="extent">{escape(edition.extent)}</p>')
    if len(edition.blurb):
        lines.append(f'<div class="blurb">{inner_html(edition.blurb)}</div>')
    return f'<header class="front"><div class="cover">{cover_svg(edition.manuscript)}</div>{"".join(lines)}</header>'


def _contents(edition: Edition) -> str:
    lines = "".join(f'<li><a href="#c{one.place}">{escape(one.line)}</a></li>' for one in edition.chapters)
    name = escape(edition.labels.contents)
    return f'<nav aria-labelledby="contents"><h2 id="contents">{name}</h2><ol>{lines}</ol></nav>'


def _packed(data: bytes) -> str:
    return b64encode(data).decode()


def _chapter(chapter: EditionChapter, data: Mapping[str, str]) -> str:
    """The chapter with its pictures inside it, each time they are shown."""
    for picture in chapter.body.iter("img"):
        picture.set("src", data[picture.get("src")])
    number = f'<p class="number">{escape(chapter.number)}</p>' if chapter.number else ""
    return (
        f'<section class="chapter" id="c{chapter.place}" aria-labelledby="c{chapter.place}-title">'
        f'{number}<h2 id="c{chapter.place}-title">{escape(chapter.title)}</h2>\n'
        f"{inner_html(chapter.body)}</section>"
    )
