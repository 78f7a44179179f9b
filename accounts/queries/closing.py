"""What stands in the way of closing an account, and which closing a link is about."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone
from django.utils.functional import Promise

from accounts import signals
from accounts.models import Closing, User
from core import digests

SALT = "accounts.reopening"
NEW_ADDRESS_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Obstacle:
    """One thing to settle first: what it is, why it is in the way, and where it is settled."""

    title: str
    reason: "str | Promise"
    url: str


def obstacles(person: User) -> tuple[Obstacle, ...]:
    """What rooms above have against it (signals.person_closing), in their order."""
    said: Any = signals.person_closing.send(sender=User, person=person)  # typed as if receivers returned text
    return tuple(obstacle for _receiver, found in said for obstacle in found)


def open_closing(token: str) -> Closing | None:
    """The closing that can still be undone by the link with this token."""
    return _undoable(token_digest=digests.of_token(token)) if token else None


def new_address_token(closing: Closing, email: str) -> str:
    """What a link to confirm another address for the account carries: good for a day."""
    return signing.dumps([str(closing.pk), email.lower()], salt=SALT, compress=True)


def with_new_address(token: str) -> tuple[Closing, str] | None:
    """The closing and the address that such a link confirms; None when it is broken, too old or of no use any more."""
    try:
        closing_id, email = signing.loads(token, salt=SALT, max_age=NEW_ADDRESS_SECONDS)
    except signing.BadSignature:
        return None
    found = _undoable(pk=UUID(closing_id))
    return (found, email) if found else None


def _undoable(**which: Any) -> Closing | None:
    rows = Closing.objects.filter(**which).select_related("person")
    return rows.filter(undone_at__isnull=True, erased_at__isnull=True, erase_at__gt=timezone.now()).first()
