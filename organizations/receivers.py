"""What organizations do when a person appears."""

from typing import Any

from accounts.models import User
from organizations import actions


def person_opened(*, person: User, **_: Any) -> None:
    """Every person has a personal organization from the start (rulings 3)."""
    actions.ensure_personal_organization(person=person)
