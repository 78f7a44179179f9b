"""The outline: asked for in parts that fit one answer, checked against its schema, one repair try each."""

import re
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from books.jobs import checks, journal, prompts, route
from books.jobs.outcome import Unusable
from books.models import OutlineEntry, Run, Step, StepState
from books.providers.language_models import ModelRequest
from books.transitions import advance, runs, steps
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


class OutlineAnswer(BaseModel):
    """A part of an outline as the model answers it."""

    chapters: list[ChapterAnswer]


def make_outline(step: Step, held: leases.Claim) -> None:
    """Ask for the outline and store it; the run then waits for approval, or goes on by itself."""
    run, total = step.run, int(step.run.brief["chapter_count"])
    planned: list[ChapterAnswer] = []
    while len(planned) < total:
        checks.still_wanted(step, held)
        last = min(total, len(planned) + CHAPTERS_A_CALL)
        request = prompts.outline(
            run.brief, first=len(planned) + 1, last=last, total=total, earlier=[one.title for one in planned]
        )
        planned += _answered(step, held, request, last - len(planned))
    _store(step, held, planned)


def _answered(step: Step, held: leases.Claim, request: ModelRequest, count: int) -> list[ChapterAnswer]:
    model = route.model()
    first = journal.ask(step, held, model, request)
    try:
        return parse(first.text, count)
    except Unusable as fault:
        second = journal.ask(step, held, model, prompts.repair(request, first.text, fault.fault))
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
def _store(step: Step, held: leases.Claim, planned: list[ChapterAnswer]) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
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
