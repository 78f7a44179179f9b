"""The files of an EPUB and their order in the archive (EPUB 3.3, OCF: the media type first and uncompressed)."""

from pathlib import Path

from books.providers.exports.archives import pack
from books.providers.exports.cover import cover_svg
from books.providers.exports.edition import Edition, edition_of
from books.providers.exports.epub import pages
from books.providers.exports.epub.package import Item, container, navigation, ncx, package
from books.providers.exports.fonts import first_missing
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.typesetter import typeset

STYLE = (Path(__file__).parent / "style.css").read_bytes()


def render_epub(manuscript: Manuscript, workdir: Path) -> bytes:
    """An EPUB 3 with cover, title page, contents, landmarks, NCX and notes that reading systems can pop up."""
    edition = edition_of(manuscript)
    items = _items(edition, _cover(edition, workdir))
    files = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container()),
        ("OEBPS/package.opf", package(edition, items)),
        ("OEBPS/toc.ncx", ncx(edition, items)),
        *((f"OEBPS/{item.path}", item.data) for item in items),
    ]
    return pack(files, at=manuscript.modified_at, stored=frozenset({"mimetype", "OEBPS/cover.png"}))


def _cover(edition: Edition, workdir: Path) -> Item:
    """A PNG, which every shop and shelf shows; the drawing itself where our fonts lack a letter of its text."""
    svg = cover_svg(edition.manuscript).encode()
    if first_missing(edition.title + edition.subtitle + edition.author):
        return Item("cover-image", "cover.svg", "image/svg+xml", svg, properties="cover-image")
    png = typeset("cover", {"cover.svg": svg}, workdir=workdir, at=edition.manuscript.modified_at)
    return Item("cover-image", "cover.png", "image/png", png, properties="cover-image")


def _items(edition: Edition, cover: Item) -> list[Item]:
    """Everything in the package but its own tables, spine items in reading order."""
    labels = edition.labels
    front = [
        Item("style", "style.css", "text/css", STYLE),
        cover,
        Item("cover", "cover.xhtml", data=pages.cover_page(edition, cover.path), spine=True, label=labels.cover),
        Item("title", "title.xhtml", data=pages.title_page(edition), spine=True, label=labels.title_page),
    ]
    if len(edition.blurb):
        front.append(Item("about", "about.xhtml", data=pages.about_page(edition), spine=True, label=labels.about))
    chapters = [
        Item(
            f"c{one.place}",
            f"c{one.place:03d}.xhtml",
            data=pages.chapter_page(edition, one),
            spine=True,
            label=one.line,
        )
        for one in edition.chapters
    ]
    contents = Item("nav", "nav.xhtml", properties="nav", spine=True, label=labels.contents)
    items = [*front, contents, *chapters]
    contents.data = navigation(edition, items)
    return items
