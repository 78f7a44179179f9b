"""The files of an EPUB and their order in the archive (EPUB 3.3, OCF: the media type first and uncompressed)."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
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
PNG, SVG = Item("cover-image", "cover.png", "image/png"), Item("cover-image", "cover.svg", "image/svg+xml")


def render_epub(manuscript: Manuscript, workdir: Path) -> bytes:
    """An EPUB 3 with cover, title page, contents, landmarks, NCX and notes that reading systems can pop up."""
    edition = edition_of(manuscript)
    # The typesetter is a process of its own: it draws while chapters are read.
    with ThreadPoolExecutor(1) as pool:
        files = _files(edition, workdir, pool.submit(_cover, edition))
        packed_already = {f"OEBPS/{path}" for path in (PNG.path, *(one.path for one in manuscript.pictures))}
        return pack(files, at=manuscript.modified_at, stored=frozenset({"mimetype", *packed_already}))


def _files(edition: Edition, workdir: Path, cover: Future[tuple[Item, bytes]]) -> Iterator[tuple[str, bytes]]:
    yield "mimetype", b"application/epub+zip"
    yield "META-INF/container.xml", container()
    yield "OEBPS/style.css", STYLE
    yield "OEBPS/title.xhtml", pages.title_page(edition)
    if len(edition.blurb):
        yield "OEBPS/about.xhtml", pages.about_page(edition)
    texts = _texts(edition)
    yield "OEBPS/nav.xhtml", navigation(edition, texts)
    yield "OEBPS/toc.ncx", ncx(edition, texts)
    for chapter in edition.chapters:
        yield f"OEBPS/{_path(chapter.place)}", pages.chapter_page(edition, chapter)
    pictures = edition.pictures
    for one in pictures:
        yield f"OEBPS/{one.path}", one.read(workdir)
    front, data = cover.result()
    yield f"OEBPS/{front.path}", data
    yield "OEBPS/cover.xhtml", pages.cover_page(edition, front.path)
    shown = [Item(f"picture-{place}", one.path, one.media_type) for place, one in enumerate(pictures, 1)]
    yield "OEBPS/package.opf", package(edition, [front, *shown], texts)


def _texts(edition: Edition) -> list[Item]:
    """The spine in reading order."""
    labels = edition.labels
    front = [Item("cover", "cover.xhtml", label=labels.cover), Item("title", "title.xhtml", label=labels.title_page)]
    if len(edition.blurb):
        front.append(Item("about", "about.xhtml", label=labels.about))
    front.append(Item("nav", "nav.xhtml", label=labels.contents))
    return [*front, *(Item(f"c{one.place}", _path(one.place), label=one.line) for one in edition.chapters)]


def _path(place: int) -> str:
    return f"c{place:03d}.xhtml"


def _cover(edition: Edition) -> tuple[Item, bytes]:
    """A PNG, which every shop and shelf shows; the drawing itself where our fonts lack a letter of its text."""
    svg = cover_svg(edition.manuscript).encode()
    if first_missing(edition.title + edition.subtitle + edition.author):
        return SVG, svg
    return PNG, _picture(svg)


@lru_cache(maxsize=16)
def _picture(svg: bytes) -> bytes:
    """The drawing as a picture 1600 pixels wide; a book exported again after a change mostly has the same cover."""
    with tempfile.TemporaryDirectory(prefix="cover-") as folder:
        return typeset("cover", {"cover.svg": svg}, workdir=Path(folder), at=None)
