"""A person's picture, changed or taken away."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from core import leases

TASK = "accounts.tasks.tidy_pictures"
WAIT = timedelta(minutes=2)  # longer than the job's grace for a picture that is about to be somebody's


def show(person: User, stored: str) -> None:
    """Show the stored picture from now on; "" shows initials. The files before are deleted soon after."""
    person.avatar = stored
    person.save(update_fields=["avatar", "updated_at"])
    leases.offer(person.pk, TASK, organization=None, not_before=timezone.now() + WAIT)
