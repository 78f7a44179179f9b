"""Whether somebody is acting as somebody else right now."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import MAY_ACT, Impersonation, User


def of_ticket(ticket: Mapping[str, Any]) -> Impersonation:
    """The impersonation that a session names, with both people."""
    return Impersonation.objects.select_related("staff", "person").get(pk=ticket["impersonation"])


def goes_on(held: Impersonation, person: object, *, seal: str) -> bool:
    """Whether it may go on: within its time, between these two, and both still what they were when it began.

    `seal`: the staff's session hash of then; a new password has made another one.
    """
    staff: User = held.staff
    return (
        held.ended_at is None
        and timezone.now() < held.ends_at
        and person == held.person
        and not (held.person.is_staff or held.person.is_superuser)
        and staff.is_active
        and staff.is_staff
        and staff.has_perm(MAY_ACT)
        and constant_time_compare(seal, staff.get_session_auth_hash())
    )
