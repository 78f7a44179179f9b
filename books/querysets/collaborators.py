"""Sets of grants on books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from organizations.models import Membership
from organizations.querysets import TenantQuerySet

if TYPE_CHECKING:
    from books.models import Collaborator  # noqa: F401  # named in the base class below


class CollaboratorQuerySet(TenantQuerySet["Collaborator"]):
    """Parts that people have, had or are offered in books."""

    def holding(self) -> CollaboratorQuerySet:
        """Active ones of people who have been members ever since."""
        return self.filter(_is_inside(), state="active")

    def lapsed(self) -> CollaboratorQuerySet:
        """Active ones whose person has left since: joining again does not bring them back."""
        return self.filter(~_is_inside(), state="active")

    def with_inside(self) -> CollaboratorQuerySet:
        """The same, said of each row: `is_inside`."""
        return self.annotate(is_inside=_is_inside())


def _is_inside() -> Exists:
    places = Membership.objects.filter(
        organization=OuterRef("organization"), person=OuterRef("person"), created_at__lte=OuterRef("accepted_at")
    )
    return Exists(places)
