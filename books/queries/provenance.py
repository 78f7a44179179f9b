"""Who wrote what: paragraph by paragraph of a chapter, and summed over a book."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from books.models import Book, BookAct, Chapter
from books.models.provenance import Hand, Source
from books.queries.versions import labels_of
from core.blocks import blocks

EXCERPT = 160
WIDTH = 1000  # of the bar, in its own units
KINDS = {"edited", "reviewed"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and whose it is; `start` to `end` are its characters, `number` counts from 1."""

    number: int
    start: int
    end: int
    text: str
    source: Source
    written_by: str
    edited_by: tuple[str, ...]
    reviewed_by: str
    reviewed_on: date | None

    @property
    def place(self) -> int:
        """As the form sends it: counted from 0."""
        return self.number - 1


@dataclass(frozen=True)
class Share:
    """Words of one writer in a book, and where their part of the bar is."""

    source: Source
    name: str
    words: int
    percent: int
    x: int
    width: int

    @property
    def label(self) -> str:
        """What kind of writer it is."""
        return str(self.source.label)


@dataclass(frozen=True)
class ChapterShares:
    """Words of a chapter by kind of writer."""

    id: UUID
    position: int
    title: str
    words: int
    person: int
    model: int
    imported: int
    edited: int
    reviewed: int


@dataclass(frozen=True)
class OriginsPage:
    """A book's sums."""

    book: Book
    shares: tuple[Share, ...]
    chapters: tuple[ChapterShares, ...]
    words: int
    edited: int
    reviewed: int

    @property
    def edited_percent(self) -> int:
        """Per cent of the words in paragraphs that somebody else edited."""
        return percent(self.edited, self.words)

    @property
    def reviewed_percent(self) -> int:
        """Per cent of the words in paragraphs that somebody reviewed as they stand."""
        return percent(self.reviewed, self.words)


@dataclass(frozen=True)
class OriginPanel:
    """A chapter's paragraphs, for the studio's side."""

    chapter: Chapter
    paragraphs: tuple[Paragraph, ...]
    may_review: bool

    @property
    def reviewed(self) -> int:
        """How many paragraphs have been reviewed."""
        return sum(bool(one.reviewed_by) for one in self.paragraphs)


def percent(part: int, whole: int) -> int:
    """Rounded; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def origin_panel(chapter: Chapter, acts: frozenset[BookAct]) -> OriginPanel:
    """Read a chapter's paragraphs with their people (one query, however many they are)."""
    parts = blocks(chapter.markdown)
    labels = labels_of(chapter)
    names = _names({key for one in labels for key in (one.key, *one.edited_by, one.reviewed_by)})
    ends = list(accumulate(map(len, parts)))
    paragraphs = tuple(
        Paragraph(
            number=number,
            start=end - len(part),
            end=end - len(part) + len(part.rstrip("\n")),
            text=" ".join(part[: 2 * EXCERPT].split())[:EXCERPT],
            source=label.source,
            written_by=names[label.key],
            edited_by=tuple(names[key] for key in label.edited_by),
            reviewed_by=names[label.reviewed_by] if label.reviewed_by else "",
            reviewed_on=date.fromisoformat(label.reviewed_on) if label.reviewed_on else None,
        )
        for number, (part, label, end) in enumerate(zip(parts, labels, ends, strict=True), 1)
    )
    return OriginPanel(chapter, paragraphs, BookAct.DECIDE in acts)


def origins_page(book: Book) -> OriginsPage:
    """Sum a book (two queries, no text read)."""
    rows = Chapter.objects.of(book.organization).filter(book=book).order_by("position")
    words: Counter[str] = Counter()
    chapters = []
    for pk, position, title, number, stored in rows.values_list("id", "position", "title", "word_count", "label_words"):
        own = stored or ({Hand(Source.MODEL, "").key: number} if number else {})
        words.update(own)
        chapters.append(_chapter_shares(pk, position, title, number, own))
    total = sum(number for key, number in words.items() if key not in KINDS)
    return OriginsPage(book, tuple(_shares(words, total)), tuple(chapters), total, words["edited"], words["reviewed"])


def _chapter_shares(pk: UUID, position: int, title: str, words: int, own: Mapping[str, int]) -> ChapterShares:
    kinds: Counter[Source] = Counter()
    for key, number in own.items():
        if key not in KINDS:
            kinds[_source(key)] += number
    return ChapterShares(
        pk, position, title, words, kinds[Source.PERSON], kinds[Source.MODEL], kinds[Source.IMPORT],
        own.get("edited", 0), own.get("reviewed", 0),
    )  # fmt: skip


def _shares(words: Mapping[str, int], total: int) -> Iterable[Share]:
    """One writer after the other: people, models, what was imported; of each kind who wrote most comes first."""
    names = _names(words.keys() - KINDS)
    order = list(Source)
    keys = sorted(words.keys() - KINDS, key=lambda key: (order.index(_source(key)), -words[key], key))
    written = 0
    for key in keys:
        x = WIDTH * written // total
        written += words[key]
        width = WIDTH * written // total - x
        yield Share(_source(key), names[key], words[key], percent(words[key], total), x, width)


def _source(key: str) -> Source:
    kind, colon, _name = key.partition(":")
    return Source(kind) if colon else Source.PERSON


def _names(keys: Iterable[str]) -> dict[str, str]:
    """What writers are called: people by one query, models by their names; who has left is said so."""
    named = {key: key.partition(":")[2] or _("a model") for key in keys if ":" in key}
    ids = {key: UUID(key) for key in keys if key and ":" not in key}
    people = {str(one.pk): one.name for one in User.objects.filter(pk__in=ids.values())} if ids else {}
    return named | {key: people.get(key, _("Somebody who has left")) for key in ids}
