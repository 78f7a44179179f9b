"""A manuscript read once: printed titles, parsed chapters, length. Every format but Markdown starts here."""

from dataclasses import dataclass

from books.providers.exports.labels import Labels, extent, labels_for
from books.providers.exports.manuscript import Manuscript
from books.providers.exports.markdown import Element, parse, plain_text
from books.providers.exports.typography import one_line, polished_line
from core.text import count_words


@dataclass(frozen=True)
class EditionChapter:
    """A chapter ready to be written in any format; ids in `body` start with `c<number>-`."""

    number: int
    title: str
    body: Element


@dataclass(frozen=True)
class Edition:
    """The book as it is printed: one-line polished names, parsed texts; `language` is a well-formed tag."""

    manuscript: Manuscript
    language: str
    title: str
    subtitle: str
    author: str
    publisher: str
    blurb: Element
    chapters: tuple[EditionChapter, ...]
    words: int
    labels: Labels

    @property
    def extent(self) -> str:
        """Words and reading time, as the imprint says them."""
        return extent(self.words, self.language)


def edition_of(manuscript: Manuscript, *, top: int = 2) -> Edition:
    """Read the manuscript; headings inside chapters start at level `top`."""
    language, labels = manuscript.language, labels_for(manuscript.language)
    chapters = tuple(
        EditionChapter(
            chapter.number,
            polished_line(chapter.title, language) or labels.chapter.format(number=chapter.number),
            parse(chapter.markdown, language, prefix=f"c{chapter.number}-", top=top),
        )
        for chapter in manuscript.chapters
    )
    return Edition(
        manuscript=manuscript,
        language=language,
        title=polished_line(manuscript.title, language) or labels.untitled,
        subtitle=polished_line(manuscript.subtitle, language),
        author=polished_line(manuscript.author, language),
        publisher=one_line(manuscript.publisher),
        blurb=parse(manuscript.blurb, language, prefix="blurb-", top=top),
        chapters=chapters,
        words=sum(count_words(plain_text(chapter.body)) for chapter in chapters),
        labels=labels,
    )
