"""What a section is given beside its order, read from rows fixed before: facts, neighbours, sources (ruling 16)."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from books.jobs.prompts import Memory, Neighbour, Passage, PlannedChapter
from books.models import PassageUse, Run, Step
from books.transitions import passages as choices
from core import leases

# A book below either is short enough for its titles to hold it together, and a small model writes it better without.
LONG_CHAPTERS, LONG_WORDS = 3, 3000


def is_long(words: Sequence[int]) -> bool:
    """Whether a book of chapters of so many words needs facts, and chapters that know their neighbours."""
    return len(words) >= LONG_CHAPTERS and sum(words) >= LONG_WORDS


@transaction.atomic
def passages(run: Run, chapter: int) -> dict[int, list[Passage]]:
    """The passages fixed for a chapter (0 is the outline), by section."""
    found: dict[int, list[Passage]] = defaultdict(list)
    uses = PassageUse.objects.of(run.organization).filter(run=run, chapter=chapter).order_by("section", "rank")
    for section, source, text in uses.values_list("section", "source_title", "text"):
        found[section].append(Passage(source, text))
    return dict(found)


@transaction.atomic
def fix_passages(step: Step, held: leases.Claim) -> None:
    """Choose what the chapter's sections follow, before the first: in long sources it takes seconds."""
    leases.confirm(held)
    choices.choose_for_chapter(step.run, step.position)


def of_chapter(run: Run, outline: Sequence[PlannedChapter], chapter: PlannedChapter) -> Memory:
    """Everything the sections of a chapter keep to."""
    before, after = neighbours(outline, chapter.position)
    return Memory(tuple(run.facts), before, after, passages(run, chapter.position))


def neighbours(outline: Sequence[PlannedChapter], position: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The chapters before and after, in a book long enough for them to matter."""
    if not is_long([chapter.words for chapter in outline]):
        return None, None
    by_position = {chapter.position: Neighbour(chapter.title, chapter.summary) for chapter in outline}
    return by_position.get(position - 1), by_position.get(position + 1)
