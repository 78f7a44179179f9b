"""Ending sessions: one's own, elsewhere."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import Impersonation, User
from accounts.transitions import acting as moves
from audit import actions as audit
from audit.models import Severity


@transaction.atomic
def end_session(*, person: User, session_id: int) -> None:
    """Sign the person out there; nothing happens where it is over already, or was never theirs."""
    session = UserSession.objects.filter(user=person, pk=session_id).first()
    if session is not None:
        session.end()
        audit.record("person.session_ended", actor=person, target=person, severity=Severity.MEDIUM)


@transaction.atomic
def end_other_sessions(*, person: User, session_key: str | None, why: str) -> int:
    """Sign the person out everywhere but in this session (None: everywhere); returns in how many places.

    A session in which they act as somebody else is none of their list: it ends too, and leads back to nothing.
    `why`: `asked`, `password`, `factor_removed`, …
    """
    others = list(UserSession.objects.filter(user=person).exclude(session_key=session_key or ""))
    for session in others:
        session.end()
    for acting in Impersonation.objects.filter(staff=person, ended_at__isnull=True):
        moves.end(acting, why="signed_out")
    if others:
        details = {"sessions": len(others), "why": why}
        audit.record("person.sessions_ended", actor=person, target=person, details=details, severity=Severity.MEDIUM)
    return len(others)
