"""allauth's events, turned into our own actions."""

from typing import Any

from django.http import HttpRequest

from accounts import actions
from accounts.models import User
from audit import actions as audit
from core import rate_limits


def signed_up(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A person finished the sign-up form: open the account in the same transaction."""
    actions.open_person(person=user)


def signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A person signed in: the trail, and no memory of slips before (of the address's there is)."""
    rate_limits.clear("sign_in", account=user.email)
    rate_limits.clear("second_factor", account=user.pk)
    audit.record("person.signed_in", actor=user, target=user)
