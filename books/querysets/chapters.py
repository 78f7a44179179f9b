"""Sets of chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.querysets import TenantQuerySet

if TYPE_CHECKING:
    from books.models import Chapter  # noqa: F401  # named in the base class below


class ChapterQuerySet(TenantQuerySet["Chapter"]):
    """Chapters of an organization."""

    def standing(self) -> ChapterQuerySet:
        """Those that stand in their book: none in the trash."""
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> ChapterQuerySet:
        """Those in the trash."""
        return self.filter(trashed_at__isnull=False)
