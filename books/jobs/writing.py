"""A chapter: written in sections that fit the model's context, stored whole when the last one stands in the journal."""

from functools import partial

from django.db import transaction

from books.jobs import checks, journal, live, memory, prompts
from books.jobs.prose import join, own_notes, usable
from books.jobs.summarizing import RunningSummary
from books.models import Chapter, Step, StepState
from books.models.provenance import Hand
from books.transitions import advance, runs, steps, texts
from core import leases


def write_chapter(step: Step, held: leases.Claim) -> None:
    """Write every section that is not in the journal yet, then store the chapter."""
    outline = checks.approved_outline(step)
    chapter = outline[step.position - 1]
    memory.fix_passages(step, held)
    known = memory.of_chapter(step.run, outline, chapter)
    sections = step.run.sections_of(chapter.words)
    summary = RunningSummary(step, held)
    text = ""
    with live.chapter(step.run_id, step.position) as stream:
        for number in range(1, sections + 1):
            checks.still_wanted(step, held)
            request = prompts.section(
                step.run.brief,
                [entry.title for entry in outline],
                chapter,
                part=(number, sections),
                earlier_text=text,
                memory=known,
                told=summary.of(text),
            )
            restart = partial(stream.restart, text)
            restart()
            call = journal.ask(step, held, request, on_text=stream.write, on_restart=restart)
            words = prompts.section_words(chapter.words, sections, number)
            prose = usable(call, words, echoes=(chapter.title, chapter.summary, *chapter.points))
            text = join(text, own_notes(prose, number))
    _store(step, held, text)


@transaction.atomic
def _store(step: Step, held: leases.Claim, text: str) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    chapter = Chapter.objects.of(run.organization).select_related("book").filter(steps=step).first()
    if chapter:  # not in the trash meanwhile
        chapter.organization = run.organization
        texts.begin(chapter, text, Hand.of_model(run.model_label or run.model_name))
    steps.move(step, StepState.DONE)
    advance.after_chapter(run)
