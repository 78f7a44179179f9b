"""DOCX: our own writer of WordprocessingML (ECMA-376), whose elements stand in the order its schema wants."""

from books.providers.exports.docx.book import render_docx

__all__ = ["render_docx"]
