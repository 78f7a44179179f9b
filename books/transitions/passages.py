"""Sources cut into passages, and the passages chosen for what is about to be written.

What is chosen is written down as rows first: prompts use those rows and nothing else (ruling 16), and they outlive the
source they came from.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from uuid import UUID

from books.models import OutlineEntry, PassageUse, Run
from books.queries.sources import Found, best_passages, first_passages
from core.text import count_words

FULL_WORDS = 150  # a passage with so many words takes no further paragraph
MOST_WORDS = 250  # a longer paragraph is cut between sentences
PARAGRAPH = re.compile(r"\n\s*\n")
SENTENCE_END = re.compile(r"(?<=[.!?…»”\"])\s+")


def cut(text: str) -> list[str]:
    """The text in passages of about FULL_WORDS to MOST_WORDS words, whole paragraphs where possible."""
    passages: list[str] = []
    gathered: list[str] = []
    words = 0
    for piece in chain.from_iterable(_pieces(paragraph) for paragraph in PARAGRAPH.split(text)):
        length = count_words(piece)
        if gathered and words + length > MOST_WORDS:
            passages.append("\n\n".join(gathered))
            gathered, words = [], 0
        gathered.append(piece)
        words += length
        if words >= FULL_WORDS:
            passages.append("\n\n".join(gathered))
            gathered, words = [], 0
    return [*passages, "\n\n".join(gathered)] if words else passages


def _pieces(paragraph: str) -> Iterator[str]:
    """A paragraph, or its sentences in groups where it is too long; a sentence too long is cut between words."""
    if count_words(paragraph) <= MOST_WORDS:
        yield paragraph.strip()
        return
    group: list[str] = []
    for sentence in SENTENCE_END.split(paragraph):
        words = sentence.split()
        for start in range(0, len(words), MOST_WORDS):
            part = words[start : start + MOST_WORDS]
            if group and len(group) + len(part) > MOST_WORDS:
                yield " ".join(group)
                group = []
            group += part
    if group:
        yield " ".join(group)


def choose_for_outline(run: Run, *, most_words: int) -> None:
    """Fix what the outline follows: passages that fit the brief, some of every source."""
    about = " ".join(str(run.brief.get(name, "")) for name in ("title", "subtitle", "topic", "goal"))
    found = best_passages(run.book, about, most_words=most_words, from_each=True)
    found = found or first_passages(run.book, most_words=most_words)
    PassageUse.objects.bulk_create(_uses(run, 0, 1, found))


def choose_for_chapter(run: Run, position: int) -> None:
    """Fix what every section of an approved chapter follows, once: outline and sources stand still since approval."""
    fixed = PassageUse.objects.of(run.organization).filter(run=run, chapter=position).exists()
    if not fixed and run.passage_words and run.book.sources.of(run.organization).exists():
        entry = OutlineEntry.objects.of(run.organization).get(run=run, position=position)
        PassageUse.objects.bulk_create(_of_chapter(run, entry), batch_size=500)


def choose_for_rewrite(run: Run, *, position: int, about: str, sections: int) -> None:
    """Fix what a chapter written anew follows: the same passages for every section of it."""
    found = best_passages(run.book, about, most_words=run.passage_words or 0)
    PassageUse.objects.bulk_create(
        use for section in range(1, sections + 1) for use in _uses(run, position, section, found)
    )


def _of_chapter(run: Run, entry: OutlineEntry) -> Iterator[PassageUse]:
    """The best passages for each section's own points, none of them twice in a chapter."""
    sections = run.sections_of(entry.words)
    taken: set[UUID] = set()
    for section in range(1, sections + 1):
        points = entry.points[(section - 1) * len(entry.points) // sections : section * len(entry.points) // sections]
        about = " ".join([entry.title, entry.summary, *points])
        found = best_passages(run.book, about, most_words=run.passage_words or 0, without=taken)
        taken |= {one.id for one in found}
        yield from _uses(run, entry.position, section, found)


def _uses(run: Run, chapter: int, section: int, found: Iterable[Found]) -> Iterator[PassageUse]:
    for rank, one in enumerate(found, 1):
        yield PassageUse(
            organization=run.organization,
            run=run,
            chapter=chapter,
            section=section,
            rank=rank,
            passage_id=one.id,
            source_title=one.source_title,
            text=one.text,
        )
