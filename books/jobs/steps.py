"""One step of a run, from claim to commit: whoever starts it, however often, it is done once."""

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import override

from books.errors import CapReached
from books.jobs import chatting, finishing, outlining, reviewing, rewriting, route, writing
from books.jobs.outcome import Interrupted, OurFault, Unusable
from books.models import WORKING_RUN_STATES, Run, RunKind, RunState, Step, StepKind, StepState
from books.providers.language_models import ModelError, Stopped
from books.providers.language_models.catalogue import PURPOSES
from books.transitions import runs, spending, steps
from core import leases

log = logging.getLogger(__name__)

MAX_TRIES = 8
BACKOFF_SECONDS, BACKOFF_CEILING = 1.0, 60.0
MAKE: dict[str, Callable[[Step, leases.Claim], None]] = {
    StepKind.OUTLINE: outlining.make_outline,
    StepKind.CHAPTER: writing.write_chapter,
    StepKind.FINISH: finishing.finish_book,
    StepKind.REWRITE: rewriting.write_anew,
    StepKind.SUGGEST: reviewing.review_chapter,
    StepKind.CHAT: chatting.answer_turn,
}


def perform(step_id: UUID) -> None:
    """Take the step up if it is free, do it, and leave it done, failed, deferred or to another worker."""
    leases.carry_out(step_id, _perform)


def _perform(held: leases.Claim) -> None:
    step = _begin(held)
    if step:
        with override(step.run.started_by.language):
            _make(step, held)


def _make(step: Step, held: leases.Claim) -> None:
    try:
        if not step.run.model_name:
            _fix_routes(step)
        MAKE[step.kind](step, held)
    except Interrupted:
        _release(step, held)
    except CapReached as cap:
        _pause_at_cap(step, held, cap.needed)
    except Stopped as stop:
        raise leases.LeaseLost(str(step.pk)) from stop
    except ModelError as error:
        _again_or_fail(step, held, error)
    except Unusable as error:
        _fail(step, held, code="unusable", problem=error.message)
    except (leases.LeaseLost, OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("step %s", step.pk)
        _again_or_fail(step, held, OurFault())


def _again_or_fail(step: Step, held: leases.Claim, error: ModelError) -> None:
    if error.retryable and step.tries + 1 < MAX_TRIES:
        _defer(step, held, error)
    else:
        _fail(step, held, code=error.code, problem=str(error.message))


@transaction.atomic
def _begin(held: leases.Claim) -> Step | None:
    run = runs.lock(Run.objects.select_related("organization").get(steps=held.subject))
    leases.confirm(held)
    step = Step.objects.select_related("organization", "chapter").get(pk=held.subject)
    if run.state not in WORKING_RUN_STATES or step.state not in {StepState.OPEN, StepState.WORKING}:
        leases.finish(held)
        return None
    if run.organization.closed_at is not None:
        # Begun while the organization was being closed, whose closing paused what it saw: this one waits with them.
        runs.move(run, RunState.PAUSED)
        leases.finish(held)
        return None
    if run.state == RunState.PENDING:
        runs.move(run, RunState.OUTLINING if run.kind == RunKind.BOOK else RunState.WRITING)
    step.run = run
    steps.move(step, StepState.WORKING)
    return step


def _fix_routes(step: Step) -> None:
    """What is asked of whom, and what sections are sized by, is fixed when the run starts (ruling 16).

    A configuration changed later moves no prompt, and asks again nothing that has its answer.
    """
    run, main = step.run, route.of(route.MAIN[step.run.kind])
    run.routes = {purpose: route.of(purpose).name for purpose in PURPOSES}
    run.model_name, run.model_label = main.name[:120], main.label[:120]
    run.section_words = main.section_words
    with transaction.atomic():
        run.save(update_fields=["routes", "model_name", "model_label", "section_words", "updated_at"])


@transaction.atomic
def _release(step: Step, held: leases.Claim) -> None:
    """The run was paused between two calls: leave the step open, for `resume` to offer again."""
    run = runs.lock(step.run)
    leases.confirm(held)
    steps.move(step, StepState.OPEN)
    leases.finish(held)
    if run.state in WORKING_RUN_STATES:
        steps.offer(run, step)


@transaction.atomic
def _pause_at_cap(step: Step, held: leases.Claim, needed: int) -> None:
    """No cap has room for the step's next call: pause the run, and leave the step as any pause does."""
    run = runs.lock(step.run)
    leases.confirm(held)
    spending.pause(run, needed)
    _release(step, held)


@transaction.atomic
def _defer(step: Step, held: leases.Claim, error: ModelError) -> None:
    runs.lock(step.run)
    step.tries += 1
    pause = min(BACKOFF_CEILING, BACKOFF_SECONDS * 2 ** (step.tries - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter
    delay = timedelta(seconds=max(pause, error.retry_after or 0.0))
    leases.defer(held, delay)
    steps.move(step, StepState.OPEN, problem=str(error.message), code=error.code)
    step.waits_until = timezone.now() + delay
    step.save(update_fields=["tries", "waits_until", "updated_at"])


@transaction.atomic
def _fail(step: Step, held: leases.Claim, *, code: str, problem: str) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    steps.move(step, StepState.FAILED, problem=problem[:500], code=code)
    runs.fail_when_settled(run)
