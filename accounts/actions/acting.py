"""Staff acting as somebody else: with a reason, for half an hour at most, and in nobody's name but their own."""

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import ACTING, MAY_ACT, Impersonation, User
from accounts.transitions import acting as moves
from audit import actions as audit
from audit.models import Severity
from core import leases, origin
from core.errors import Conflict, DomainError, Forbidden

TICKET = "acting"  # in a session of this kind: which impersonation, and what leads back
RECORDS_OF = f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"
KEPT = (AUTHENTICATION_METHODS_SESSION_KEY, RECORDS_OF, BACKEND_SESSION_KEY, HASH_SESSION_KEY)


@transaction.atomic
def begin_acting(*, staff: User, person: User, reason: str) -> Impersonation:
    """Let a member of the staff act as a person from now on; what they had not ended is ended.

    Raises Forbidden to who may not, Conflict about staff and about who has no open account, DomainError without reason.
    """
    staff = User.objects.select_for_update().get(pk=staff.pk)
    if not may_act(staff):
        raise Forbidden(_("Only support and administrators act as somebody else."))
    if person.is_staff or person.is_superuser or person.pk == staff.pk:
        raise Conflict(_("Nobody acts as a member of the staff."))
    if not person.is_active:
        raise Conflict(_("This account is closed or blocked: there is nothing to act in."))
    if not reason.strip():
        raise DomainError(_("Say why: the person is told the reason afterwards."))
    for open_one in Impersonation.objects.filter(staff=staff, ended_at__isnull=True):
        moves.end(open_one, why="another")
    begun = Impersonation.objects.create(
        staff=staff, person=person, reason=reason.strip(), ends_at=timezone.now() + ACTING
    )
    with origin.acting(staff.pk, str(staff)):
        audit.record(
            "person.acting_began", actor=staff, target=person, details={"minutes": int(ACTING.total_seconds() // 60)},
            personal={"reason": begun.reason}, severity=Severity.CRITICAL,
        )  # fmt: skip
    leases.offer(begun.pk, moves.TASK, organization=None, not_before=begun.ends_at)
    return begun


@transaction.atomic
def end_acting(*, impersonation_id: UUID, why: str) -> None:
    """Stop it, if it goes on still: `stopped` by its staff, `over` in time, `signed_out`, or `refused` any longer."""
    held = Impersonation.objects.select_related("staff", "person").select_for_update(of=("self",))
    moves.end(held.get(pk=impersonation_id), why=why)
    leases.withdraw(impersonation_id)


def may_act(staff: User) -> bool:
    """Whether this member of the staff may act as others."""
    return bool(staff.is_active and staff.is_staff and staff.has_perm(MAY_ACT))


def enter(session: SessionBase, *, begun: Impersonation) -> None:
    """Turn the staff's session into a new one of the person, without what the staff have proved about themselves."""
    ticket = {"impersonation": str(begun.pk), **{name: session.get(name) for name in KEPT}}
    session.flush()
    _sign_in(session, begun.person, backend=str(ticket[BACKEND_SESSION_KEY]))
    session[TICKET] = ticket
    session.set_expiry(int(ACTING.total_seconds()))


def leave(session: SessionBase, *, staff: User) -> bool:
    """Turn it back into a new one of the staff; False, and signed out, when their account has changed meanwhile."""
    ticket: MutableMapping[str, Any] = session.get(TICKET) or {}
    session.flush()
    same = constant_time_compare(str(ticket.get(HASH_SESSION_KEY)), staff.get_session_auth_hash())
    if not (same and staff.is_active and staff.is_staff):
        return False
    _sign_in(session, staff, backend=str(ticket[BACKEND_SESSION_KEY]))
    session[AUTHENTICATION_METHODS_SESSION_KEY] = ticket[AUTHENTICATION_METHODS_SESSION_KEY]
    session[RECORDS_OF] = ticket[RECORDS_OF]
    return True


def _sign_in(session: SessionBase, person: User, *, backend: str) -> None:
    """As django.contrib.auth.login, but in silence: nobody's last sign-in changes, no mail tells of a new browser."""
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.cycle_key()
