"""What became of asking a provider, before it is written down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from billing.models import Errand


class Impossible(Exception):
    """What the errand was for has changed since; the message is for whoever waits for it."""


@dataclass(frozen=True)
class Outcome:
    """`result` is for the page that waits; `record` writes in the transaction that ends the errand.

    `about` (a kind of object and its id there) is what the provider now says something else of: it is read again and
    settled in that transaction too, so that nobody waits for the provider's event.
    """

    result: dict[str, Any] = field(default_factory=dict)
    about: tuple[str, str] | None = None
    record: Callable[[], None] = lambda: None


def key(errand: Errand) -> str:
    """The idempotency key: the errand's id, with a number once a key is spent on a fault that is remembered."""
    number = errand.result.get("spent_keys", 0)
    return f"{errand.pk}.{number}" if number else str(errand.pk)


def subject(errand: Errand) -> UUID:
    """What the errand is about. Raises ValueError for one about nothing."""
    if errand.subject_id is None:
        raise ValueError(f"{errand.pk} is about nothing")
    return errand.subject_id
