"""A person's picture: put in place of the one before, or taken away."""

from django.db import transaction

from accounts.models import User
from accounts.transitions import pictures
from audit import actions as audit


@transaction.atomic
def change_picture(*, person: User, stored: str) -> None:
    """Show the stored picture from now on; "" shows initials."""
    if person.avatar != stored:
        pictures.show(person, stored)
        audit.record("person.picture_changed" if stored else "person.picture_removed", actor=person, target=person)
