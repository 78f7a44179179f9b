"""A chapter or passage written anew, shorter, longer or in another language: a proposal beside what stands."""

import re
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from books.jobs import checks, journal, live, memory, rewrite_prompts, rooms, route
from books.jobs.prompts import PlannedChapter
from books.jobs.prose import join, own_notes, usable
from books.models import Rewrite, RewriteTask, Run, RunState, Step, StepState
from books.transitions import passages, runs, steps
from core import events, leases
from core.text import count_words

LEAST_WORDS = 10  # an instruction may ask for very little: a sentence is an answer


def write_anew(step: Step, held: leases.Claim) -> None:
    """Write every part that is not in the journal yet, then store the proposal and complete the run."""
    run, order = step.run, _order(step)
    outline, chapter = outline_of(run)
    rooms.fix(step, route.of("rewrite").context_tokens, lambda fixed: _choose(fixed, order, chapter), rewrites=True)
    parts = parts_of(order.base_markdown, _sections(run, order))
    known = memory.of_chapter(run, outline, chapter)
    echoes = (chapter.title, chapter.summary, *chapter.points, order.instruction)
    text = ""
    with live.chapter(run.pk, 0) as stream:
        for number, part in enumerate(parts, 1):
            checks.still_wanted(step, held)
            request = rewrite_prompts.rewritten(
                run.brief,
                [entry.title for entry in outline],
                task=RewriteTask(order.task),
                stands=part,
                instruction=order.instruction,
                number=number,
                earlier_text=text,
                memory=known,
            )
            restart = partial(stream.restart, text)
            restart()
            call = journal.ask(step, held, request, on_text=stream.write, on_restart=restart)
            text = join(text, own_notes(usable(call, LEAST_WORDS, echoes=echoes, headings=True), number))
            events.changed(run.pk)
    _store(step, held, in_one_line(text) if run.brief.get("inline") else text)


def parts_of(text: str, count: int) -> list[str]:
    """A text in at most `count` parts of whole paragraphs, about equally long."""
    paragraphs = text.split("\n\n")
    share = max(1, -(-count_words(text) // count))
    parts: list[list[str]] = [[]]
    words = 0
    for paragraph in paragraphs:
        if words >= share * len(parts) and len(parts) < count:
            parts.append([])
        parts[-1].append(paragraph)
        words += count_words(paragraph)
    return ["\n\n".join(part) for part in parts]


def in_one_line(text: str) -> str:
    """A text for the middle of a paragraph: what a model set as several is one."""
    return re.sub(r"\s*\n\s*", " ", text).strip()


@transaction.atomic
def _order(step: Step) -> Rewrite:
    return Rewrite.objects.of(step.organization).get(run=step.run_id)


def outline_of(run: Run) -> tuple[list[PlannedChapter], PlannedChapter]:
    """The book's chapters and the one in question, as fixed when it was ordered."""
    lines = run.brief["outline"]
    outline = [PlannedChapter(**{**line, "points": tuple(line["points"])}) for line in lines]
    return outline, next(one for one in outline if one.position == run.brief["chapter"])


def _sections(run: Run, order: Rewrite) -> int:
    """As many as the longer text needs: what stands goes into the prompts, what is asked for comes out of them."""
    return run.sections_of(RewriteTask(order.task).room(count_words(order.base_markdown)))


def _choose(run: Run, order: Rewrite, chapter: PlannedChapter) -> None:
    about = " ".join([order.instruction, chapter.title, chapter.summary, *chapter.points])
    passages.choose_for_rewrite(run, position=chapter.position, about=about, sections=_sections(run, order))


@transaction.atomic
def _store(step: Step, held: leases.Claim, text: str) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    words = count_words(text)
    Rewrite.objects.of(run.organization).filter(run=run).update(markdown=text, word_count=words, updated_at=Now())
    run.delivered_words = min(run.planned_words, words)
    steps.move(step, StepState.DONE)
    runs.move(run, RunState.COMPLETED)
