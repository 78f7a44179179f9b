"""Models that failed a moment ago rest: another of their list is asked first, by every worker.

Without this each call of a long outage would begin with a provider that is down, and wait out its deadlines. What is
known stands in Valkey for a minute; without Valkey nobody rests.
"""

import logging
from collections.abc import Sequence

import redis

from books.providers.language_models import Fallback
from books.providers.language_models.choice import Choice
from core import events

log = logging.getLogger(__name__)
SECONDS = 60
CODE = "resting"  # the reason of a fallback from a model that was not asked
# What lies in the request, and says nothing of the next one.
OF_THE_REQUEST = {"refused", "context_too_long", CODE}


def rest(fallback: Fallback) -> None:
    """Let the model that failed rest for a minute, unless the fault was this request's."""
    if fallback.code not in OF_THE_REQUEST:
        events.quietly(lambda client: client.set(_key(fallback.name), fallback.code, ex=SECONDS))


def sort(choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], tuple[tuple[Choice, str], ...]]:
    """Those that may be asked first, and those that rest with the code they failed with; both in the given order."""
    try:
        codes = events.client().mget([_key(choice.name) for choice in choices])
    except redis.RedisError as error:
        log.warning("Valkey unavailable: %s", type(error).__name__)
        return tuple(choices), ()
    known = [(choice, _text(code)) for choice, code in zip(choices, codes, strict=True)]
    awake = tuple(choice for choice, code in known if not code)
    return awake, tuple((choice, code) for choice, code in known if code)


def passed_over(choice: Choice, code: str, instead: Choice) -> Fallback:
    """What the journal says of a model that was not asked because it failed with `code` a moment ago."""
    return Fallback(choice.name, choice.label, CODE, code, 0, instead.name, instead.label)


def _text(stored: bytes | str | None) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored or ""


def _key(name: str) -> str:
    return f"model-resting:{name}"
