"""The formats a book can be had in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from books.providers.exports.errors import UnknownFormat
from books.providers.exports.manuscript import Manuscript

Renderer = Callable[[Manuscript, Path], bytes]


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file; `extension` is without its dot, `render` takes a folder it may leave files in.

    The manuscript's pictures are in that folder (ManuscriptPicture.path): those for screens if it is `for_screens`,
    else those for print. With pictures its extension may be another one.
    """

    key: str
    label: str
    extension: str
    media_type: str
    render: Renderer
    for_screens: bool = False
    with_pictures: str = ""

    def extension_of(self, manuscript: Manuscript) -> str:
        """How the name of this manuscript's file ends: a text with pictures beside it is a ZIP."""
        return self.with_pictures if self.with_pictures and manuscript.pictures else self.extension


def _engine(module: str, function: str) -> Renderer:
    """The engine, imported when it first runs: pages that only list the formats do not load it."""

    def render(manuscript: Manuscript, workdir: Path) -> bytes:
        engine: Renderer = getattr(import_module(f"books.providers.exports.{module}"), function)
        return engine(manuscript, workdir)

    return render


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HTML, _TEXT = "text/html; charset=utf-8", "text/markdown; charset=utf-8"
FORMATS: Mapping[str, ExportFormat] = {
    one.key: one
    for one in (
        ExportFormat("pdf", "PDF", "pdf", "application/pdf", _engine("pdf", "render_pdf")),
        ExportFormat("epub", "EPUB", "epub", "application/epub+zip", _engine("epub", "render_epub")),
        ExportFormat("docx", "Word", "docx", _DOCX, _engine("docx", "render_docx")),
        ExportFormat("html", "HTML", "html", _HTML, _engine("web_page", "render_html"), for_screens=True),
        ExportFormat("markdown", "Markdown", "md", _TEXT, _engine("plain", "render_markdown"), with_pictures="zip"),
    )
}


def render(format_key: str, manuscript: Manuscript, workdir: Path) -> bytes:
    """The file's bytes; ExportError says why there can be none, OSError that this machine is at fault."""
    if format_key not in FORMATS:
        raise UnknownFormat
    return FORMATS[format_key].render(manuscript, workdir)
