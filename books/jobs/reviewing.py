"""A chapter read by a model for suggestions, part by part; they stand in its text all at once, at the end."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from books.errors import BookRefused
from books.jobs import checks, journal, memory, prompts, proposing, review_prompts, review_wordings, rooms, route
from books.jobs.outcome import Unusable
from books.jobs.proposing import Found
from books.jobs.rewriting import outline_of
from books.models import Chapter, Review, RunState, Step, StepState, SuggestionSource
from books.providers.language_models import ModelRequest
from books.queries.reviews import parts_of
from books.transitions import proposals, runs, steps, suggestions, texts
from core import events, leases
from core.sentences import Sentence


def review_chapter(step: Step, held: leases.Claim) -> None:
    """Ask for suggestions for every part that is not in the journal yet, then make them and complete the run."""
    run, order = step.run, _order(step)
    rooms.fix_reading(step, route.of("review").context_tokens)
    outline, chapter = outline_of(run)
    known = memory.of_chapter(run, outline, chapter)
    found = Found()
    for part in parts_of(run, order):
        checks.still_wanted(step, held)
        request = review_prompts.review(
            run.brief,
            [entry.title for entry in outline],
            title=chapter.title,
            sentences=part,
            kinds=order.kinds,
            memory=known,
        )
        found += _answered(step, held, request, order.kinds, part)
        events.changed(run.pk)
    try:
        _store(step, held, order, found)
    except (BookRefused, Chapter.DoesNotExist) as gone:
        raise Unusable(_("The chapter is in the trash. Take it back, then try again.")) from gone


def _answered(step: Step, held: leases.Claim, request: ModelRequest, kinds: list[str], part: list[Sentence]) -> Found:
    """What the model suggests for a part; asked once more where its answer cannot be used."""
    to_check = review_wordings.of(step.run.brief["language"]).to_check
    first = journal.ask(step, held, request)
    try:
        return proposing.read(first.text, part, kinds, to_check)
    except Unusable as fault:
        second = journal.ask(step, held, prompts.repair(request, first.text, fault.fault))
        return proposing.read(second.text, part, kinds, to_check)


@transaction.atomic
def _order(step: Step) -> Review:
    rows = Review.objects.of(step.organization).select_related("chapter__book__organization", "organization")
    return rows.get(run=step.run_id)


@transaction.atomic
def _store(step: Step, held: leases.Claim, order: Review, found: Found) -> None:
    """Make the suggestions where their words stand by now, together with the end of the step: none is made twice."""
    run = runs.lock(step.run)
    leases.finish(held)
    chapter = texts.lock(order.chapter)
    quoting = [one for one in (proposals.placed(order.base_markdown, draft) for draft in found.drafts) if one]
    made = suggestions.propose(
        chapter=chapter,
        drafts=proposals.carried(quoting, order.base_markdown, chapter.markdown),
        source=SuggestionSource.MODEL,
        source_name=run.model_label or run.model_name,
        run=run,
    )
    counts = {"made": len(made.made), "dropped": found.dropped + len(found.drafts) - len(made.made)}
    Review.objects.of(run.organization).filter(pk=order.pk).update(**counts, updated_at=Now())
    run.delivered_words = run.planned_words
    steps.move(step, StepState.DONE)
    runs.move(run, RunState.COMPLETED)
