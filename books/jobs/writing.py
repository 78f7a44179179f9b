"""A chapter: written in sections that fit the model's context, stored whole when the last one stands in the journal."""

import re
from collections.abc import Sequence

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
# What small models repeat of the order before they begin; a sentence of prose does not start like this.
LABEL = re.compile(
    r"(?:title|language|topic|subtitle|goal|summary|cover|points|chapter \d+|part \d+(?: of \d+)?"
    r"|titre|langue|sujet|sous-titre|résumé|chapitre \d+|partie \d+(?: sur \d+)?)\s*:",
    re.IGNORECASE,
)
ORDER = re.compile(r"(?:write about \d+ (?:words|pages)|écris environ \d+ (?:mots|pages))\b", re.IGNORECASE)
PREAMBLE = re.compile(r"(?:sure|certainly|of course|here (?:is|are)|bien sûr|voici)\b[^.!?\n]*:$", re.IGNORECASE)
BULLET = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+")
MARKS = " \t*_\"'“”«»\u00a0.,;:!?…"
NOTE = re.compile(r"\[\^([^\]\s]+)\]")
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
                part=(number, sections),
                earlier_text=text,
            )
            stream.restart(text)
            call = journal.ask(step, held, route.model(), request, on_text=stream.write)
            words = prompts.section_words(chapter.words, sections, number)
            prose = usable(call, words, echoes=(chapter.title, chapter.summary, *chapter.points))
            text = join(text, own_notes(prose, number))
    _store(step, held, text)


def join(text: str, section: str) -> str:
    """Put a section after what stands, as a new paragraph."""
    return f"{text}\n\n{section}" if text else section


def own_notes(section: str, number: int) -> str:
    """Footnote labels made the section's own: every part of a chapter may count its notes from 1."""
    return NOTE.sub(rf"[^{number}-\1]", section) if number > 1 else section


def usable(call: LanguageModelCall, words: int, *, echoes: Sequence[str] = ()) -> str:
    """The section's prose. Raises Unusable when less than SHORTEST_SECTION of the `words` asked for is left.

    Headings and echoes of the order are dropped (`echoes`: the chapter's title, summary and points); an answer cut by
    its length limit ends at its last whole sentence.
    """
    text = without_echoes(HEADING.sub("", call.text), echoes)
    if call.finish == "length":
        ends = [match.end() for match in SENTENCE_END.finditer(text)]
        text = text[: ends[-1]] if ends else ""
    text = re.sub(r"\n{3,}", "\n\n", text)
    if count_words(text) < words * SHORTEST_SECTION:
        raise Unusable(_("The model's answer was too short to be a part of the chapter. Try again, or another model."))
    return text


def without_echoes(text: str, echoes: Sequence[str]) -> str:
    """Drop lines before the prose that repeat the order, and list lines anywhere that only repeat one of `echoes`."""
    known = {_bare(echo) for echo in echoes} - {""}
    lines = [line for line in text.splitlines() if not (BULLET.match(line.strip()) and _bare(line) in known)]
    start = next((index for index, line in enumerate(lines) if line.strip() and not _is_echo(line, known)), len(lines))
    return "\n".join(lines[start:]).strip()


def _is_echo(line: str, known: set[str]) -> bool:
    bare = line.strip().lstrip(MARKS)
    return bool(LABEL.match(bare) or ORDER.match(bare) or PREAMBLE.match(line.strip())) or _bare(line) in known


def _bare(line: str) -> str:
    """A line without bullet, number, emphasis and closing marks, in one case: what an echo is recognized by."""
    return BULLET.sub("", line.strip(), count=1).strip(MARKS).casefold()


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
