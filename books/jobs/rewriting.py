"""A chapter written anew by its author's instruction, in sections when it is long: a proposal beside what stands."""

from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from books.jobs import checks, journal, live, memory, prompts, rooms, route
from books.jobs.prompts import PlannedChapter
from books.jobs.prose import join, own_notes, usable
from books.models import Rewrite, Run, RunState, Step, StepState
from books.transitions import passages, runs, steps
from core import events, leases
from core.text import count_words

LEAST_WORDS = 10  # an instruction may ask for very little: a sentence is an answer


def rewrite_chapter(step: Step, held: leases.Claim) -> None:
    """Write every section that is not in the journal yet, then store the proposal and complete the run."""
    run, order = step.run, _order(step)
    outline, chapter = _outline(run)
    rooms.fix(step, route.of("section").context_tokens, lambda fixed: _choose(fixed, order, chapter), rewrites=True)
    parts = parts_of(order.base_markdown, _sections(run, order))
    known = memory.of_chapter(run, outline, chapter)
    echoes = (chapter.title, chapter.summary, *chapter.points, order.instruction)
    text = ""
    with live.chapter(run.pk, 0) as stream:
        for number, part in enumerate(parts, 1):
            checks.still_wanted(step, held)
            request = prompts.rewritten(
                run.brief,
                [entry.title for entry in outline],
                stands=part,
                instruction=order.instruction,
                words=prompts.section_words(run.planned_words, len(parts), number),
                number=number,
                earlier_text=text,
                memory=known,
            )
            restart = partial(stream.restart, text)
            restart()
            call = journal.ask(step, held, request, on_text=stream.write, on_restart=restart)
            text = join(text, own_notes(usable(call, LEAST_WORDS, echoes=echoes, headings=True), number))
            events.changed(run.pk)
    _store(step, held, text)


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


@transaction.atomic
def _order(step: Step) -> Rewrite:
    return Rewrite.objects.of(step.organization).get(run=step.run_id)


def _outline(run: Run) -> tuple[list[PlannedChapter], PlannedChapter]:
    """The book's chapters and the one to rewrite, as fixed when it was ordered."""
    lines = run.brief["outline"]
    outline = [PlannedChapter(**{**line, "points": tuple(line["points"])}) for line in lines]
    return outline, next(one for one in outline if one.position == run.brief["chapter"])


def _sections(run: Run, order: Rewrite) -> int:
    """As many as the longer text needs: what stands goes into the prompts, what is planned comes out of them."""
    return run.sections_of(max(run.planned_words, count_words(order.base_markdown)))


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
