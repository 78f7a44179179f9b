"""Which language models answer which kind of step, in which order."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from books.jobs import resting
from books.models import Run, RunKind, Step, StepKind
from books.providers.language_models import Fallback, FallbackModel, ModelNotFound, ModelRequest, discover
from books.providers.language_models.catalogue import (
    PURPOSES,
    Catalogue,
    Invalid,
    ModelSetting,
    Patience,
    Purpose,
    read,
)
from books.providers.language_models.choice import Choice

FALLBACK_CONTEXT = 8192
PROMPT_TOKENS = 2400  # the brief, titles, facts and neighbours, a summary and the tail of the chapter so far
MAX_SECTION_WORDS = 900
# With another model in the list a fault that may pass is waited out once, and then that one is asked.
PATIENT_TRIES = 1
# A repair try is part of the step that needs it.
OF_STEP: dict[str, Purpose] = {
    StepKind.OUTLINE: "outline",
    StepKind.CHAPTER: "section",
    StepKind.FINISH: "blurb",
    StepKind.REWRITE: "rewrite",
    StepKind.SUGGEST: "review",
    StepKind.CHAT: "chat",
}
# What the screens call a run's model: who writes most of it.
MAIN: dict[str, Purpose] = {
    RunKind.BOOK: "section",
    RunKind.REWRITE: "rewrite",
    RunKind.SUGGEST: "review",
    RunKind.CHAT: "chat",
}


@dataclass(frozen=True)
class Route:
    """Who is asked for one kind of step: a tier's models, the preferred one first."""

    purpose: Purpose
    tier: str
    choices: tuple[Choice, ...]
    strong: Choice  # the first of the strong tier, with which what was paid is compared

    @property
    def name(self) -> str:
        """The preferred model's name in the configuration."""
        return self.choices[0].name

    @property
    def label(self) -> str:
        """The preferred model's name on screen."""
        return self.choices[0].label

    @property
    def context_tokens(self) -> int:
        """What fits the smallest window of the list fits whoever answers."""
        return min(choice.context_tokens for choice in self.choices)

    @property
    def section_words(self) -> int:
        """How many words one call may be asked for, so that prompt and answer fit the context."""
        fixed = [choice.setting.section_words for choice in self.choices if choice.setting.section_words]
        return min(fixed) if fixed else max(120, min(MAX_SECTION_WORDS, (self.context_tokens - PROMPT_TOKENS) // 2))

    def model(self, tries: int, on_fallback: Callable[[Fallback], None]) -> FallbackModel:
        """The list as one model, for a step that has met `tries` passing faults; who rests is asked last."""
        awake, asleep = resting.sort(self.choices) if len(self.choices) > 1 else (self.choices, ())
        if awake and asleep:
            for one, code in asleep:
                on_fallback(resting.passed_over(one, code, awake[0]))
        ordered = (*awake, *(one for one, _code in asleep))
        return FallbackModel(ordered, on_fallback, exhausted=tries >= PATIENT_TRIES)

    def worst_micros(self, request: ModelRequest) -> int:
        """The most a call may cost at the dearest model of the list; models without a price count for nothing."""
        return max(choice.worst_micros(request) or 0 for choice in self.choices)

    def choice(self, name: str) -> Choice:
        """The model of that name in this list."""
        return next(one for one in self.choices if one.name == name)


def of(purpose: Purpose) -> Route:
    """The route of a kind of step. Raises ModelError when a server that has to be asked what it serves is away."""
    return _routes(settings.MODEL_ROUTES, json.dumps(dict(settings.LANGUAGE_MODEL)) if _is_single() else "")[purpose]


def of_request(step: Step, request: ModelRequest) -> Route:
    """The route of one request of a step."""
    return of(request.purpose if request.purpose in PURPOSES else OF_STEP[step.kind])


def key(run: Run, route: Route) -> str:
    """The model's name in the journal's key: fixed when the run began, whoever is preferred now (ruling 16)."""
    return str(run.routes.get(route.purpose) or run.model_name)


def choices() -> tuple[Choice, ...]:
    """Every model that any step may ask, once each, by name."""
    found = {choice.name: choice for purpose in PURPOSES for choice in of(purpose).choices}
    return tuple(found[name] for name in sorted(found))


def faults() -> list[str]:
    """What is wrong with MODEL_ROUTES, one sentence each: for the check at start."""
    if _is_single():
        return []
    try:
        catalogue = read(settings.MODEL_ROUTES)
    except Invalid as invalid:
        return invalid.faults
    return catalogue.missing_keys()


def _is_single() -> bool:
    return not settings.MODEL_ROUTES


@lru_cache(maxsize=8)
def _routes(given: str, single: str) -> dict[Purpose, Route]:
    """Built once for each configuration a process meets, which is one outside of tests."""
    if not given:
        return _one_route(json.loads(single))
    catalogue = read(given)
    made = {
        name: Choice(name, setting, api_key=os.environ.get(setting.api_key_env, "") if setting.api_key_env else "")
        for name, setting in catalogue.models.items()
    }
    return {purpose: _route(catalogue, made, purpose) for purpose in PURPOSES}


def _route(catalogue: Catalogue, made: dict[str, Choice], purpose: Purpose) -> Route:
    tier = catalogue.tier(purpose)
    listed = tuple(made[name] for name in catalogue.tiers[tier])
    return Route(purpose, tier, listed, made[catalogue.tiers["strong"][0]])


def _one_route(chosen: dict[str, str]) -> dict[Purpose, Route]:
    """`LLM_*` alone: one model, or the small local one, for everything. Raises ModelError when it is away."""
    name, context = chosen["LLM_MODEL"], int(chosen["LLM_CONTEXT_TOKENS"] or 0)
    if not name or not context:
        found = discover(chosen["LLM_URL"], chosen["LLM_API_KEY"], model=name)
        name, context = name or found.name, context or found.context_tokens or FALLBACK_CONTEXT
    if not name:
        raise ModelNotFound(detail="the server offers several models, and LLM_MODEL names none")
    patience = Patience(
        first_byte=float(chosen["LLM_FIRST_BYTE_SECONDS"]),
        idle=float(chosen["LLM_IDLE_SECONDS"]),
        total=float(chosen["LLM_TOTAL_SECONDS"]),
    )
    setting = ModelSetting.model_validate(
        {
            "provider": "compatible", "url": chosen["LLM_URL"], "model": name, "label": chosen["LLM_LABEL"],
            "context_tokens": context, "section_words": int(chosen["LLM_SECTION_WORDS"] or 0) or None,
            "extra": json.loads(chosen["LLM_EXTRA"] or "{}"), "timeouts": patience,
        }
    )  # fmt: skip
    only = Choice(name, setting, api_key=chosen["LLM_API_KEY"])
    return {purpose: Route(purpose, "strong", (only,), only) for purpose in PURPOSES}
