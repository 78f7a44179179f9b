"""EPUB 3: our own writer."""

from books.providers.exports.epub.book import render_epub

__all__ = ["render_epub"]
