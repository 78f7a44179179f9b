"""Whose picture a person may see."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User


def picture_of(person_id: UUID, *, viewer: User) -> str:
    """Stored name of the larger picture of oneself or of somebody one shares an organization with; "" for any other."""
    together = Q(
        memberships__organization__membership__person=viewer,
        memberships__organization__membership__suspended_at__isnull=True,
    )
    found = User.objects.filter(Q(pk=viewer.pk) | together, pk=person_id, closed_at__isnull=True)
    return found.values_list("avatar", flat=True).first() or ""
