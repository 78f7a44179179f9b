"""Orders of one step, beside the writing of a book: a rewrite, an answer in the chat."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from audit import actions as audit
from billing.queries import Quote
from books.models import Book, Chapter, Run, RunKind, Step, StepKind
from books.transitions import charges, steps


def place_order(
    *,
    book: Book,
    by: User,
    kind: RunKind,
    price: Quote,
    brief: Mapping[str, Any],
    planned_words: int,
    chapter: Chapter | None = None,
) -> Run:
    """Open a run of one step of the same kind and offer it to the workers; called inside the action's transaction.

    `brief` is everything its prompts use, fixed here (ruling 16). Raises TooFewCredits and InDebt.
    """
    run = Run.objects.create(
        organization=book.organization,
        book=book,
        started_by=by,
        kind=kind,
        brief=dict(brief),
        tariff_version=price.version,
        credits_quoted=price.credits,
        planned_words=planned_words,
    )
    charges.reserve(run, by)
    step = Step.objects.create(organization=book.organization, run=run, kind=StepKind(kind), chapter=chapter)
    audit.record("run.started", actor=by, target=run, details={"credits": price.credits, "kind": kind})
    steps.offer(run, step)
    return run
