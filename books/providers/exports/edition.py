"""A manuscript as it is printed: titles, texts, length. Every format but Markdown starts here."""

from dataclasses import dataclass
from functools import cached_property

from books.providers.exports.figures import Pictures
from books.providers.exports.labels import Labels, extent, labels_for
from books.providers.exports.manuscript import Manuscript, ManuscriptPicture
from books.providers.exports.markdown import Element, parse
from books.providers.exports.numbering import numbered
from books.providers.exports.typography import one_line, polished_line


@dataclass(frozen=True)
class EditionChapter:
    """A chapter of the book; `number` and `title` stand above one another, `number` may be empty."""

    place: int
    number: str
    title: str
    markdown: str
    language: str
    top: int
    pictures: Pictures

    @cached_property
    def body(self) -> Element:
        """The text, read when it is first asked for; ids in it start with `c<place>-`."""
        prefix = f"c{self.place}-"
        return parse(self.markdown, self.language, prefix=prefix, top=self.top, pictures=self.pictures)

    @property
    def line(self) -> str:
        """Number and title in one line, as contents name the chapter."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True)
class Edition:
    """The book as it is printed: one-line polished names, texts; `language` is a well-formed tag."""

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

    @property
    def pictures(self) -> list[ManuscriptPicture]:
        """The pictures that the chapters really show: one that stands in a block of code is not among them."""
        shown = {picture.get("src") for chapter in self.chapters for picture in chapter.body.iter("img")}
        return [picture for picture in self.manuscript.pictures if picture.path in shown]


def edition_of(manuscript: Manuscript, *, top: int = 2) -> Edition:
    """The manuscript with its names as printed; headings inside its chapters start at level `top`."""
    language, labels = manuscript.language, labels_for(manuscript.language)
    names = numbered([polished_line(chapter.title, language) for chapter in manuscript.chapters], labels)
    chapters = tuple(
        EditionChapter(place, number, title, chapter.markdown, language, top, manuscript.shown)
        for place, ((number, title), chapter) in enumerate(zip(names, manuscript.chapters, strict=True), 1)
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
        words=sum(chapter.words for chapter in manuscript.chapters),
        labels=labels,
    )
