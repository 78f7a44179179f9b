"""Texts of chapters out of their packed versions."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from books.models import Chapter, ChapterVersion
from books.models.provenance import Label, Source, labels_from
from core import deltas
from core.blocks import blocks

_PART = "\x00"  # between text and labels: no text of a book holds it


@dataclass(frozen=True)
class Document:
    """A text with the labels of its blocks."""

    markdown: str
    labels: tuple[Label, ...]

    def packed(self) -> str:
        """As versions hold it: the text, then a label a line."""
        lines = [json.dumps(label.as_json(), ensure_ascii=False, sort_keys=True) for label in self.labels]
        return _PART.join([self.markdown, "\n".join(lines)])


def unpacked(text: str) -> Document:
    """What `packed` made a string of."""
    markdown, _part, lines = text.partition(_PART)
    labels = labels_from([json.loads(line) for line in lines.split("\n") if line])
    return Document(markdown, labels or unlabelled(markdown))


def labels_of(chapter: Chapter) -> tuple[Label, ...]:
    """The labels of a chapter's text; the model's for a text from before there were labels."""
    if chapter.labels or not chapter.markdown:
        return labels_from(chapter.labels)
    return unlabelled(chapter.markdown)


def unlabelled(markdown: str) -> tuple[Label, ...]:
    """Labels of a text from before there were any: a model wrote it."""
    return (Label(Source.MODEL, ""),) * len(blocks(markdown))


def document(version: ChapterVersion) -> Document:
    """The text of a version (one query)."""
    return documents(version.chapter, [version.number])[version.number]


def documents(chapter: Chapter, numbers: Collection[int]) -> dict[int, Document]:
    """The texts of several versions of a chapter (one query: those since the whole text below the lowest)."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter, number__lte=max(numbers))
    whole = rows.filter(is_whole=True, number__lte=min(numbers)).order_by("-number").values("number")[:1]
    chain = rows.filter(number__gte=whole).order_by("number").values_list("number", "is_whole", "payload")
    packed = [(number, is_whole, bytes(payload)) for number, is_whole, payload in chain]
    return {number: unpacked(text) for number, text in replayed(packed).items() if number in set(numbers)}


def replayed(chain: Sequence[tuple[int, bool, bytes]]) -> dict[int, str]:
    """The packed text of each version of a chain that begins with a whole one."""
    texts: dict[int, str] = {}
    text = ""
    for number, is_whole, payload in chain:
        texts[number] = text = deltas.restored("" if is_whole else text, payload)
    return texts


def earlier_texts(chapter: Chapter) -> Iterator[tuple[int, str]]:
    """Every text the chapter had, by number, one in memory at a time."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter).order_by("number")
    text = ""
    for number, is_whole, payload in rows.values_list("number", "is_whole", "payload").iterator(chunk_size=20):
        text = deltas.restored("" if is_whole else text, bytes(payload))
        yield number, unpacked(text).markdown
