"""The outline: asked for in parts that fit one answer, checked against its schema, one repair try each.

For a long book the facts that it keeps to are asked for at the end of the same step.
"""

import re
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from books.jobs import checks, journal, memory, prompts, rooms, route
from books.jobs.outcome import Unusable
from books.models import OutlineEntry, Run, Step, StepState
from books.models.runs import LONGEST_FACT, MOST_FACTS
from books.providers.language_models import ModelRequest
from books.transitions import advance, passages, runs, steps
from core import leases
from core.text import clean_line, without_control_characters

CHAPTERS_A_CALL = 10
NUMBER = re.compile(r"^(?:(?:chapter|chapitre)\s+\d{1,2}\s*[:.–-]\s*|\d{1,2}[.)]\s+|[-*•]\s+)", re.IGNORECASE)

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ChapterAnswer(BaseModel):
    """One chapter as the model answers it."""

    title: Title
    summary: str = ""
    points: list[str] = Field(default_factory=list)


class FactsAnswer(BaseModel):
    """What a book keeps to as the model answers it."""

    facts: list[str]


class OutlineAnswer(BaseModel):
    """A part of an outline as the model answers it."""

    chapters: list[ChapterAnswer]


def make_outline(step: Step, held: leases.Claim) -> None:
    """Ask for the outline and store it; the run then waits for approval, or goes on by itself."""
    run, total = step.run, int(step.run.brief["chapter_count"])
    follow = _sources(step)
    planned: list[ChapterAnswer] = []
    while len(planned) < total:
        checks.still_wanted(step, held)
        last = min(total, len(planned) + CHAPTERS_A_CALL)
        request = prompts.outline(
            run.brief,
            first=len(planned) + 1,
            last=last,
            total=total,
            earlier=[one.title for one in planned],
            passages=follow,
        )
        planned += _answered(step, held, request, last - len(planned))
    _store(step, held, planned, _facts(step, held, planned))


def _sources(step: Step) -> list[prompts.Passage]:
    """What the outline follows, chosen when it begins; sources cannot come or go before it is done."""
    room = rooms.for_passages(route.of("outline").context_tokens, rooms.OUTLINE_TOKENS)
    rooms.fix(step, route.of("section").context_tokens, lambda run: passages.choose_for_outline(run, most_words=room))
    return memory.passages(step.run, 0).get(1, [])


def _facts(step: Step, held: leases.Claim, planned: list[ChapterAnswer]) -> list[str]:
    """What every chapter of a long book keeps to; nothing for a short one, nor from an answer that is no list.

    A book can do without: the author sees the list beside the outline and writes what is missing.
    """
    if not memory.is_long([int(step.run.brief["words_per_chapter"])] * len(planned)):
        return []
    checks.still_wanted(step, held)
    chapters = [prompts.Neighbour(one.title, one.summary) for one in planned]
    answer = journal.ask(step, held, prompts.facts(step.run.brief, chapters))
    try:
        listed = FactsAnswer.model_validate(prompts.as_json(answer.text)).facts
    except (ValueError, RecursionError):
        return []
    return list(dict.fromkeys(fact for fact in (tidy(one, LONGEST_FACT) for one in listed) if fact))[:MOST_FACTS]


def _answered(step: Step, held: leases.Claim, request: ModelRequest, count: int) -> list[ChapterAnswer]:
    first = journal.ask(step, held, request)
    try:
        return parse(first.text, count)
    except Unusable as fault:
        second = journal.ask(step, held, prompts.repair(request, first.text, fault.fault))
        return parse(second.text, count)


def parse(text: str, count: int) -> list[ChapterAnswer]:
    """Read `count` chapters from an answer; Unusable says what is wrong. More than asked for are left out."""
    try:
        chapters = OutlineAnswer.model_validate(prompts.as_json(text)).chapters
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _unusable(f"it does not have the agreed shape ({where})") from error
    except (ValueError, RecursionError) as error:
        raise _unusable("it is not valid JSON") from error
    if len(chapters) < count:
        raise _unusable(f"it has {len(chapters)} chapters instead of {count}")
    return chapters[:count]


def _unusable(fault: str) -> Unusable:
    message = _("The model's outline could not be used, not even at the second try. Try again, or another model.")
    return Unusable(message, fault=fault)


@transaction.atomic
def _store(step: Step, held: leases.Claim, planned: list[ChapterAnswer], facts: list[str]) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    run.facts = facts
    run.save(update_fields=["facts", "updated_at"])
    OutlineEntry.objects.of(run.organization).filter(run=run).delete()
    OutlineEntry.objects.bulk_create(_entry(run, position, answer) for position, answer in enumerate(planned, 1))
    steps.move(step, StepState.DONE)
    advance.after_outline(run)


def _entry(run: Run, position: int, answer: ChapterAnswer) -> OutlineEntry:
    points = [tidy(point, 300) for point in answer.points[:12]]
    return OutlineEntry(
        organization=run.organization,
        run=run,
        position=position,
        title=tidy(answer.title, 150) or _numbered(run, position),
        summary=tidy(answer.summary, 1000),
        points=[point for point in points if point],
        words=int(run.brief["words_per_chapter"]),
    )


def _numbered(run: Run, position: int) -> str:
    """A title for a chapter that was given none, in the book's language."""
    with override(str(run.brief["language"])):
        return _("Chapter %(number)d") % {"number": position}


def tidy(text: str, length: int) -> str:
    """One line of at most `length` characters from whatever a model wrote, without the number it put before it."""
    return NUMBER.sub("", clean_line(without_control_characters(text)))[:length].strip()
