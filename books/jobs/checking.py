"""Asking every configured model for one word, because an operator wants to know now."""

import logging
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from books.jobs import route
from books.providers.language_models import Message, ModelError, ModelRequest
from books.providers.language_models.choice import Choice

log = logging.getLogger(__name__)
KEPT_SECONDS = 7 * 24 * 3600
FRESH = timedelta(seconds=10)
QUESTION = ModelRequest(messages=(Message("user", "Say yes."),), max_tokens=16, temperature=0.0, purpose="check")


@dataclass(frozen=True)
class Check:
    """What came of it: `code` is empty when the model answered."""

    at: str
    code: str
    message: str
    ms: int

    @property
    def when(self) -> datetime:
        """The moment of the check."""
        return datetime.fromisoformat(self.at)


def check_models() -> None:
    """Ask every model that any step may ask, one after the other, and keep what came for a week.

    One that was asked less than ten seconds ago is not asked again: two clicks, or one message delivered twice.
    """
    try:
        choices = route.choices()
    except ModelError as error:
        log.warning("no model to check: %s", error.code)
        return
    for choice in choices:
        if _is_fresh(last_check(choice.name)):
            continue
        cache.set(_key(choice.name), asdict(_checked(choice)), KEPT_SECONDS)


def last_check(name: str) -> Check | None:
    """What the last check of a model found."""
    kept = cache.get(_key(name))
    return Check(**kept) if kept else None


def _is_fresh(check: Check | None) -> bool:
    return check is not None and timezone.now() - check.when < FRESH


def _checked(choice: Choice) -> Check:
    began, code, message = time.monotonic(), "", ""
    try:
        choice.ask(QUESTION)
    except ModelError as error:
        code, message = error.code, str(error.message)
        log.warning("check of %s: %s", choice.name, code)
    return Check(timezone.now().isoformat(), code, message, round((time.monotonic() - began) * 1000))


def _key(name: str) -> str:
    return f"model-check:{name}"
