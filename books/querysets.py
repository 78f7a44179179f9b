"""Sets of books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Func, Q, TextField, Value

from organizations.querysets import TenantQuerySet

if TYPE_CHECKING:
    from django.db.models.functions import Concat

    from books.models import Book  # noqa: F401  # named in the base class below
    from organizations.access import Member

# Lower case, accents and ligatures away, at most 600 characters (what a btree's row has room for). Computed by the
# database, in the stored column and in the question alike. NFC at the end: Korean syllables would stay apart.
FOLD = (
    "LEFT(REPLACE(REPLACE(NORMALIZE(REGEXP_REPLACE(NORMALIZE(LOWER(%(expressions)s), NFD),"
    " '[\\u0300-\\u036f]', '', 'g'), NFC), 'œ', 'oe'), 'æ', 'ae'), 600)"
)


def folded(text: Concat | Value) -> Func:
    """The text as the list of books compares it: `Élan du CŒUR` is `elan du coeur`."""
    return Func(text, template=FOLD, output_field=TextField())


class BookQuerySet(TenantQuerySet["Book"]):
    """Books of an organization."""

    def visible_to(self, member: Member) -> BookQuerySet:
        """Those whose text the member may read: their own, and what is not private (ruling 22); none in the trash."""
        return self._readable_by(member).filter(trashed_at__isnull=True)

    def trashed_for(self, member: Member) -> BookQuerySet:
        """Those in the trash that the member may restore or erase."""
        trashed = self._readable_by(member).filter(trashed_at__isnull=False, erased_at__isnull=True)
        return trashed if member.leads else trashed.filter(author=member.person)

    def _readable_by(self, member: Member) -> BookQuerySet:
        books: BookQuerySet = self.of(member.organization)  # type: ignore[assignment]
        if member.role == "guest":
            return books.filter(author=member.person)
        return books.filter(Q(author=member.person) | ~Q(visibility="private"))

    def editable_by(self, member: Member) -> BookQuerySet:
        """Those the member may change: their own, and for owners and admins also others' internal ones."""
        visible = self.visible_to(member)
        return visible if member.leads else visible.filter(author=member.person)

    def matching(self, search: str) -> BookQuerySet:
        """Those in whose title, subtitle, subject or author's name every word stands, whatever its accents and case."""
        found: BookQuerySet = self
        for word in search.split():
            found = found.filter(folded__contains=folded(Value(word)))
        return found
