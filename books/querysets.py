"""Sets of books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.querysets import TenantQuerySet

if TYPE_CHECKING:
    from books.models import Book  # noqa: F401  # named in the base class below
    from organizations.access import Member


class BookQuerySet(TenantQuerySet["Book"]):
    """Books of an organization."""

    def visible_to(self, member: Member) -> BookQuerySet:
        """Those whose text the member may read: their own, and what is not private (ruling 22)."""
        if member.role == "guest":
            return self.of(member.organization).filter(author=member.person)  # type: ignore[return-value]
        mine_or_shared = Q(author=member.person) | ~Q(visibility="private")
        return self.of(member.organization).filter(mine_or_shared)  # type: ignore[return-value]

    def editable_by(self, member: Member) -> BookQuerySet:
        """Those the member may change: their own, and for owners and admins also others' internal ones."""
        visible = self.visible_to(member)
        return visible if member.leads else visible.filter(author=member.person)
