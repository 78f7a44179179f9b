"""An answer in the chat, or five ideas: one call, streamed, stored when it stands in the journal."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from books.jobs import chat_prompts, checks, journal, live, prompts, route
from books.jobs.outcome import Unusable
from books.jobs.outlining import tidy
from books.jobs.prose import whole_sentences
from books.models import ChatKind, ChatTurn, LanguageModelCall, RunState, Step, StepState
from books.transitions import runs, steps
from core import leases

QUOTES = '"“”«» \u00a0'


class IdeasAnswer(BaseModel):
    """Ideas as the model answers them."""

    ideas: list[str]


def answer_turn(step: Step, held: leases.Claim) -> None:
    """Ask what the turn asks, and store what came."""
    checks.still_wanted(step, held)
    _fix_window(step, held)
    if step.run.brief["kind"] == ChatKind.QUESTION:
        _store(step, held, answer=_answer(step, held))
    else:
        _store(step, held, ideas=_ideas(step, held))


@transaction.atomic
def _fix_window(step: Step, held: leases.Claim) -> None:
    """What a prompt has room for is fixed at the first try: models configured later move no prompt (ruling 16)."""
    leases.confirm(held)
    if "window" not in step.run.brief:
        step.run.brief["window"] = route.of("chat").context_tokens
        step.run.save(update_fields=["brief", "updated_at"])


def _answer(step: Step, held: leases.Claim) -> str:
    request = chat_prompts.question(step.run.brief)
    with live.chapter(step.run_id, step.position) as stream:
        stream.restart("")
        call = journal.ask(step, held, request, on_text=stream.write, on_restart=lambda: stream.restart(""))
    return answer_from(call)


def answer_from(call: LanguageModelCall) -> str:
    """The answer; one cut by its length limit ends at its last whole sentence. Raises Unusable when it is empty."""
    text = call.text.strip()
    if call.finish == "length":
        text = whole_sentences(text) or f"{text}…"
    if not text.strip("…"):
        raise Unusable(_("The model gave no answer. Try again, or put the question differently."))
    return text


def _ideas(step: Step, held: leases.Claim) -> list[str]:
    """Five ideas; the repair try, which a person may have to read, may bring fewer."""
    kind, request = ChatKind(step.run.brief["kind"]), chat_prompts.ideas(step.run.brief)
    first = journal.ask(step, held, request)
    try:
        return ideas_from(first.text, kind, least=chat_prompts.IDEAS)
    except Unusable as fault:
        second = journal.ask(step, held, prompts.repair(request, first.text, fault.fault))
        return ideas_from(second.text, kind, least=1)


def ideas_from(text: str, kind: ChatKind, *, least: int) -> list[str]:
    """Different ideas from an answer, at most five, each one line. Raises Unusable when fewer than `least` are left."""
    try:
        told = IdeasAnswer.model_validate(prompts.as_json(text)).ideas
    except (ValidationError, ValueError, RecursionError) as error:
        raise _unusable("it is not JSON of the agreed shape") from error
    found = dict.fromkeys(tidy(idea, chat_prompts.IDEA_LENGTH[kind]).strip(QUOTES) for idea in told)
    kept = [idea for idea in found if idea][: chat_prompts.IDEAS]
    if len(kept) < least:
        raise _unusable(f"it has {len(kept)} different ideas instead of {least}")
    return kept


def _unusable(fault: str) -> Unusable:
    return Unusable(_("The model’s ideas could not be used, not even at the second try. Try again."), fault=fault)


@transaction.atomic
def _store(step: Step, held: leases.Claim, *, answer: str = "", ideas: list[str] | None = None) -> None:
    run = runs.lock(step.run)
    leases.finish(held)
    ChatTurn.objects.of(run.organization).filter(run=run).update(answer=answer, ideas=ideas or [], updated_at=Now())
    steps.move(step, StepState.DONE)
    runs.move(run, RunState.COMPLETED)
