"""DOCX: pandoc, fed with its own tree made from ours, over a reference document of ours."""

from books.providers.exports.docx.book import render_docx

__all__ = ["render_docx"]
