"""The journal of calls: no text is used before it stands here, no finished call is paid twice (rulings 16, 17)."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from books.jobs import resting, route
from books.models import CallState, LanguageModelCall, Step
from books.providers.language_models import CutShort, Fallback, ModelAnswer, ModelError, ModelRequest, Stopped
from books.transitions import spending
from core import leases
from core.text import normalize, without_control_characters

log = logging.getLogger(__name__)
Result = TypeVar("Result")
OUTAGE_SECONDS = 30.0


def ask(
    step: Step,
    held: leases.Claim,
    request: ModelRequest,
    *,
    on_text: Callable[[str], None] | None = None,
    on_restart: Callable[[], None] | None = None,
) -> LanguageModelCall:
    """Return the journaled answer to `request`, asking the models of its route only if none stands there yet.

    `on_text` is given the words as they come; `on_restart` is called when another model begins anew, which makes void
    what was given before. Raises CapReached before anything is asked, ModelError (journaled as well) and
    leases.LeaseLost. An answer that cannot be committed because PostgreSQL is restarting is kept in memory and
    committed when it is back: it has been paid for.
    """
    chosen = route.of_request(step, request)
    call, is_capped = _open(step, held, chosen, request)
    if call.state == CallState.ANSWERED:
        return call
    fallbacks: list[Fallback] = []

    def fell_back(fallback: Fallback) -> None:
        fallbacks.append(fallback)
        resting.rest(fallback)
        if on_restart:
            on_restart()

    try:
        model = chosen.model(step.tries, fell_back)
        answer = model.ask(request, on_text=on_text, stopped=held.lost.is_set)
    except ModelError as error:
        _closed(call, error, fallbacks)
        raise
    through_outage(lambda: _commit(call, held, chosen, answer, fallbacks))
    step.tries = 0
    if is_capped:
        spending.warn(step.run)
    return call


@transaction.atomic
def _open(step: Step, held: leases.Claim, chosen: route.Route, request: ModelRequest) -> tuple[LanguageModelCall, bool]:
    """The journal's entry for the request, answered or just begun, and whether caps hold for it."""
    calls = LanguageModelCall.objects.of(step.organization).filter(step=step)
    digest = request.digest(route.key(step.run, chosen))
    answered = calls.filter(attempt=step.attempt, input_hash=digest, state=CallState.ANSWERED).first()
    worst = chosen.worst_micros(request)
    is_capped = not answered and spending.reserve(step.run, worst)
    leases.confirm(held)
    # A row still `asking` belongs to a worker that lost this lease: whether its call was paid nobody knows.
    calls.filter(state=CallState.ASKING).update(state=CallState.UNCERTAIN)
    if answered:
        return answered, is_capped
    begun = LanguageModelCall.objects.create(
        organization=step.organization,
        run_id=step.run_id,
        step=step,
        attempt=step.attempt,
        input_hash=digest,
        purpose=request.purpose,
        holder=held.holder,
        tier=chosen.tier,
        provider=chosen.choices[0].setting.provider,
        asked=chosen.name,
        model=chosen.name,
        reserved_micros=worst,
    )
    return begun, is_capped


@transaction.atomic
def _commit(
    call: LanguageModelCall,
    held: leases.Claim,
    chosen: route.Route,
    answer: ModelAnswer,
    fallbacks: Sequence[Fallback],
) -> None:
    leases.confirm(held)
    call.state = CallState.ANSWERED
    call.text = without_control_characters(normalize(answer.text))
    call.model, call.provider, call.finish = answer.model[:120], answer.provider, answer.finish
    call.tokens_in, call.tokens_out = answer.tokens_in, answer.tokens_out
    call.first_text_ms, call.total_ms = answer.first_text_ms, answer.total_ms
    call.fallbacks = told(fallbacks)
    tokens = answer.tokens_in, answer.tokens_out
    call.reserved_micros = 0
    call.cost_micros = chosen.choice(answer.asked).micros(*tokens, answered=answer.model)
    is_strong = answer.asked == chosen.strong.name
    call.strong_micros = call.cost_micros if is_strong else chosen.strong.micros(*tokens)
    call.save(
        update_fields=[
            "state", "text", "model", "provider", "finish", "tokens_in", "tokens_out", "first_text_ms", "total_ms",
            "fallbacks", "reserved_micros", "cost_micros", "strong_micros", "updated_at",
        ]
    )  # fmt: skip
    Step.objects.of(call.organization).filter(pk=call.step_id).update(tries=0)


def told(fallbacks: Sequence[Fallback]) -> list[dict[str, str | int]]:
    """What the journal keeps of each fallback: who failed, why, after how many milliseconds, and who was asked next."""
    return [
        {
            "name": one.name, "label": one.label, "code": one.code, "ms": one.after_ms,
            "to": one.next_name, "next": one.next_label,
        }
        for one in fallbacks
    ]  # fmt: skip


def _closed(call: LanguageModelCall, error: ModelError, fallbacks: Sequence[Fallback]) -> None:
    """Journal the failure. A call that was stopped or broke off keeps its reserve: its provider had begun to write."""
    stopped = isinstance(error, Stopped)
    change = {
        "state": CallState.STOPPED if stopped else CallState.FAILED,
        "problem_code": error.code,
        "fallbacks": told(fallbacks),
        "reserved_micros": call.reserved_micros if isinstance(error, Stopped | CutShort) else 0,
    }
    through_outage(lambda: _close(call, change))


def _close(call: LanguageModelCall, change: Mapping[str, Any]) -> None:
    with transaction.atomic():
        mine = LanguageModelCall.objects.of(call.organization).filter(pk=call.pk, state=CallState.ASKING)
        mine.update(**change)


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
