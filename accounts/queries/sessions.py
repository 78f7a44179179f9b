"""Where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.queries import devices

NOWHERE = "::"  # a socket of the machine itself (accounts.adapter.people)


@dataclass(frozen=True)
class Row:
    """One session. `last_seen` is right to the minute (accounts.middleware.SessionSeen)."""

    id: int
    device: str
    address: str
    began: datetime
    last_seen: datetime
    is_this: bool


def of(person: User, session_key: str | None) -> list[Row]:
    """Sessions that still open the site: this one first, then by last use."""
    rows = UserSession.objects.filter(user=person, session_key__in=_living()).order_by("-last_seen_at", "-pk")
    found = [
        Row(
            id=row.pk,
            device=devices.in_words(row.user_agent),
            address="" if row.ip == NOWHERE else row.ip,
            began=row.created_at,
            last_seen=row.last_seen_at,
            is_this=row.session_key == session_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_this)


def count(person: User) -> int:
    """How many sessions still open the site."""
    sessions: int = UserSession.objects.filter(user=person, session_key__in=_living()).count()
    return sessions


def _living() -> object:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
