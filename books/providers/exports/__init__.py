"""Export engines: a manuscript in, the bytes of a file out; the same manuscript gives the same bytes everywhere."""

from books.providers.exports.errors import ExportError, GlyphMissing
from books.providers.exports.formats import FORMATS, ExportFormat, render
from books.providers.exports.markdown import chapter_html

__all__ = ["FORMATS", "ExportError", "ExportFormat", "GlyphMissing", "chapter_html", "render"]
