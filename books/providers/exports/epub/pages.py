"""The pages of an EPUB, as XHTML."""

import re
from html import escape

from lxml import etree

from books.providers.exports.edition import Edition, EditionChapter
from books.providers.exports.markdown import Element

_ROLES = {"doc-noteref": "noteref", "doc-backlink": "backlink", "doc-endnotes": "endnotes"}
# Angle brackets of a text are escaped: what looks like a tag here is one.
_ROLE = re.compile(r'(<(?:a|section)\b[^>]*) role="(doc-noteref|doc-backlink|doc-endnotes)"')


def page(edition: Edition, title: str, body: str, *, kind: str = "") -> bytes:
    """A whole XHTML document; `body` is markup, `kind` an epub:type of the body."""
    kind = f' epub:type="{kind}"' if kind else ""
    lang = escape(edition.language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{lang}" xml:lang="{lang}"><head><meta charset="utf-8"/><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="style.css"/></head><body{kind}>{body}</body></html>\n'
    ).encode()


def cover_page(edition: Edition, picture: str) -> bytes:
    """The cover, described for those who do not see it."""
    alt = escape(edition.labels.cover_of.format(title=edition.title))
    return page(
        edition,
        edition.labels.cover,
        f'<section epub:type="cover" class="cover"><img role="doc-cover" src="{picture}" alt="{alt}"/></section>',
        kind="frontmatter",
    )


def title_page(edition: Edition) -> bytes:
    """Title, subtitle, author, publisher, length."""
    lines = [f'<h1 class="title">{escape(edition.title)}</h1>']
    if edition.subtitle:
        lines.append(f'<p class="subtitle" role="doc-subtitle">{escape(edition.subtitle)}</p>')
    for name, text in (("author", edition.author), ("publisher", edition.publisher), ("extent", edition.extent)):
        if text:
            lines.append(f'<p class="{name}">{escape(text)}</p>')
    body = f'<section epub:type="titlepage" class="titlepage">{"".join(lines)}</section>'
    return page(edition, edition.labels.title_page, body, kind="frontmatter")


def about_page(edition: Edition) -> bytes:
    """The back-cover text."""
    name = edition.labels.about
    body = f'<section class="about"><h1>{escape(name)}</h1>{xhtml(edition.blurb)}</section>'
    return page(edition, name, body, kind="frontmatter")


def chapter_page(edition: Edition, chapter: EditionChapter) -> bytes:
    """One chapter under its number and title, its notes at its end."""
    name = f"c{chapter.place}-title"
    number = f'<p class="number">{escape(chapter.number)}</p>' if chapter.number else ""
    head = f'{number}<h1 id="{name}">{escape(chapter.title)}</h1>'
    body = (
        f'<section epub:type="chapter" role="doc-chapter" aria-labelledby="{name}" class="chapter">'
        f"<header>{head}</header>{xhtml(chapter.body)}</section>"
    )
    return page(edition, chapter.line, body, kind="bodymatter")


def xhtml(root: Element) -> str:
    """What stands inside the element as XHTML, the parts of notes named for reading systems that pop them up."""
    text: str = etree.tostring(root, method="xml", encoding="unicode")
    text = text.removeprefix("<div>").removesuffix("</div>").removesuffix("<div/>")
    if 'role="doc-' not in text:
        return text
    text = _ROLE.sub(lambda found: f'{found[1]} role="{found[2]}" epub:type="{_ROLES[found[2]]}"', text)
    return text.replace('<li id="', '<li epub:type="footnote" id="')
