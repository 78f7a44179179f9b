"""A chapter: written in sections that fit the model's context, stored whole when the last one stands in the journal."""

import re

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from books.jobs import checks, journal, live, prompts, route
from books.jobs.outcome import Unusable
from books.models import Book, Chapter, LanguageModelCall, Step, StepState
from books.transitions import advance, runs, steps
from core import leases
from core.text import count_words

SHORTEST_SECTION = 0.1  # of the words asked for; shorter is no section
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]*_]*(?=\s|$)")


def write_chapter(step: Step, held: leases.Claim) -> None:
    """Write every section that is not in the journal yet, then store the chapter."""
    outline = checks.approved_outline(step)
    chapter = outline[step.position - 1]
    sections = max(1, -(-chapter.words // step.run.section_words))
    text = ""
    with live.chapter(step.run_id, step.position) as stream:
        for number in range(1, sections + 1):
            checks.still_wanted(step, held)
            request = prompts.section(
                step.run.brief,
                [entry.title for entry in outline],
                chapter,
                number=number,
                sections=sections,
                earlier_text=text,
            )
            stream.restart(text)
            call = journal.ask(step, held, route.model(), request, on_text=stream.write)
            text = join(text, usable(call, prompts.section_words(chapter.words, sections, number)))
    _store(step, held, text)


def join(text: str, section: str) -> str:
    """Put a section after what stands, as a new paragraph."""
    return f"{text}\n\n{section}" if text else section


def usable(call: LanguageModelCall, words: int) -> str:
    """The section's prose: headings dropped, an answer cut by its length limit ended at its last whole sentence."""
    text = HEADING.sub("", call.text).strip()
    if call.finish == "length":
        ends = [match.end() for match in SENTENCE_END.finditer(text)]
        text = text[: ends[-1]] if ends else ""
    text = re.sub(r"\n{3,}", "\n\n", text)
    if count_words(text) < words * SHORTEST_SECTION:
        raise Unusable(_("The model's answer was too short to be a part of the chapter. Try again, or another model."))
    return text


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
