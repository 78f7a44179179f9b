"""Sets of books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, Value

from books.querysets import rights
from core.folding import folded
from organizations.querysets import TenantQuerySet

if TYPE_CHECKING:
    from books.models import Book  # noqa: F401  # named in the base class below
    from organizations.access import Member


class BookQuerySet(TenantQuerySet["Book"]):
    """Books of an organization."""

    def visible_to(self, member: Member) -> BookQuerySet:
        """Those whose text the member may read: their own, and what is not private (ruling 22); none in the trash."""
        return self._readable_by(member).filter(trashed_at__isnull=True)

    def trashed_for(self, member: Member) -> BookQuerySet:
        """Those in the trash that the member may restore or erase."""
        theirs = self._readable_by(member).filter(rights.condition(member, rights.BookAct.REMOVE))
        return theirs.filter(trashed_at__isnull=False, erased_at__isnull=True)

    def allowing(self, member: Member, act: rights.BookAct) -> BookQuerySet:
        """Those of which the member may do that: books.querysets.rights, said to the database."""
        return self.visible_to(member).filter(rights.condition(member, act))

    def logged_for(self, member: Member) -> BookQuerySet:
        """Those of which the member may see who fetched a file: their own, and with the permission internal ones."""
        seen = Q(author=member.person)
        if member.may("exports.log"):
            seen |= ~Q(visibility="private")
        return self.visible_to(member).filter(seen)

    def hidden_from(self, member: Member) -> BookQuerySet:
        """Others' private books, of which whoever has the permission learns the title and nothing else (ruling 22)."""
        return (
            self.of(member.organization)
            .filter(visibility="private", trashed_at__isnull=True)
            .exclude(rights.condition(member, rights.BookAct.READ))
        )

    def _readable_by(self, member: Member) -> BookQuerySet:
        return self.of(member.organization).filter(rights.condition(member, rights.BookAct.READ))

    def matching(self, search: str) -> BookQuerySet:
        """Those in whose title, subtitle, subject or author's name every word stands, whatever its accents and case."""
        found: BookQuerySet = self
        for word in search.split():
            found = found.filter(folded__contains=folded(Value(word)))
        return found
