"""A chapter: written in sections that fit the model's context, stored whole when the last one stands in the journal."""

from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from books.jobs import checks, journal, live, memory, prompts
from books.jobs.prose import join, own_notes, usable
from books.jobs.summarizing import RunningSummary
from books.models import Book, Chapter, Step, StepState
from books.transitions import advance, runs, steps
from core import leases
from core.text import count_words


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
    Chapter.objects.of(run.organization).filter(steps=step).update(
        markdown=text, word_count=count_words(text), updated_at=Now()
    )
    Book.objects.of(run.organization).filter(pk=run.book_id).update(content_changed_at=Now(), updated_at=Now())
    steps.move(step, StepState.DONE)
    advance.after_chapter(run)
