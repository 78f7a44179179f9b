"""The journal of calls: no text is used before it stands here, no finished call is paid twice (rulings 16, 17)."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from books.models import CallState, LanguageModelCall, Step
from books.providers.language_models import LanguageModel, ModelAnswer, ModelError, ModelRequest, Stopped
from core import leases
from core.text import normalize, without_control_characters

log = logging.getLogger(__name__)
Result = TypeVar("Result")
OUTAGE_SECONDS = 30.0


def ask(
    step: Step,
    held: leases.Claim,
    model: LanguageModel,
    request: ModelRequest,
    *,
    on_text: Callable[[str], None] | None = None,
) -> LanguageModelCall:
    """Return the journaled answer to `request`, asking the model only if none stands there yet.

    Raises ModelError (journaled as well) and leases.LeaseLost. An answer that cannot be committed because PostgreSQL is
    restarting is kept in memory and committed when it is back: it has been paid for.
    """
    call = _open(step, held, model, request)
    if call.state == CallState.ANSWERED:
        return call
    try:
        answer = model.ask(request, on_text=on_text, stopped=held.lost.is_set)
    except ModelError as error:
        state = CallState.STOPPED if isinstance(error, Stopped) else CallState.FAILED
        code = error.code
        through_outage(lambda: _close(call, state, code))
        raise
    through_outage(lambda: _commit(call, held, answer))
    return call


@transaction.atomic
def _open(step: Step, held: leases.Claim, model: LanguageModel, request: ModelRequest) -> LanguageModelCall:
    leases.confirm(held)
    calls = LanguageModelCall.objects.of(step.organization).filter(step=step)
    # A row still `asking` belongs to a worker that lost this lease: whether its call was paid nobody knows.
    calls.filter(state=CallState.ASKING).update(state=CallState.UNCERTAIN)
    digest = request.digest(model.name)
    answered = calls.filter(attempt=step.attempt, input_hash=digest, state=CallState.ANSWERED).first()
    return answered or LanguageModelCall.objects.create(
        organization=step.organization,
        run_id=step.run_id,
        step=step,
        attempt=step.attempt,
        input_hash=digest,
        purpose=request.purpose,
        holder=held.holder,
        model=model.name,
    )


@transaction.atomic
def _commit(call: LanguageModelCall, held: leases.Claim, answer: ModelAnswer) -> None:
    leases.confirm(held)
    call.state = CallState.ANSWERED
    call.text = without_control_characters(normalize(answer.text))
    call.model, call.finish = answer.model[:120], answer.finish
    call.tokens_in, call.tokens_out = answer.tokens_in, answer.tokens_out
    call.first_text_ms, call.total_ms = answer.first_text_ms, answer.total_ms
    call.save(
        update_fields=[
            "state", "text", "model", "finish", "tokens_in", "tokens_out", "first_text_ms", "total_ms", "updated_at",
        ]
    )  # fmt: skip
    Step.objects.of(call.organization).filter(pk=call.step_id).update(tries=0)


def _close(call: LanguageModelCall, state: CallState, code: str) -> None:
    with transaction.atomic():
        LanguageModelCall.objects.of(call.organization).filter(pk=call.pk, state=CallState.ASKING).update(
            state=state, problem_code=code
        )


def through_outage(write: Callable[[], Result]) -> Result:
    """Run `write`, again and again while PostgreSQL is away, for up to 30 s; then the outage is raised."""
    deadline = time.monotonic() + OUTAGE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if time.monotonic() > deadline:
                raise
            log.warning("database away, keeping the answer: %s", type(error).__name__)
            time.sleep(0.5)
