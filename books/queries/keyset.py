"""Pages of books by cursor: the next page begins after a row, whatever came or went before it; no offset is counted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from books.querysets import BookQuerySet
from organizations.models import Organization


@dataclass(frozen=True)
class Order:
    """A column of books with an index over (organization, column, id), and which way it is read."""

    field: str
    descending: bool = True


@dataclass(frozen=True)
class Cursor:
    """The book after which a page begins, or before which it ends; neither is the first page."""

    after: UUID | None = None
    before: UUID | None = None


FIRST = Cursor()


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the ids from which the pages beside it are asked for; None where there is none."""

    rows: tuple[dict[str, Any], ...]
    before: UUID | None
    after: UUID | None


def cut(
    books: BookQuerySet,
    organization: Organization,
    *,
    order: Order,
    columns: list[str],
    size: int,
    cursor: Cursor = FIRST,
) -> Slice:
    """One page of these books: those after (or before) that book in this order (one query, two beside a cursor).

    A cursor is a book of the organization, found though it has changed or left the selection since.
    """
    backwards = cursor.before is not None and cursor.after is None
    anchor = cursor.after or cursor.before
    down = order.descending != backwards
    place = books.model.objects.of(organization).filter(pk=anchor).values_list(order.field, flat=True) if anchor else ()
    for value in place[:1]:
        books = _beyond(books, order.field, value, anchor, down)
    sign = "-" if down else ""
    rows = list(books.order_by(f"{sign}{order.field}", f"{sign}id").values(*columns)[: size + 1])
    more = len(rows) > size
    shown = rows[:size][::-1] if backwards else rows[:size]
    return Slice(
        tuple(shown),
        before=shown[0]["id"] if shown and (more if backwards else anchor) else None,
        after=shown[-1]["id"] if shown and (more or backwards) else None,
    )


def _beyond(books: BookQuerySet, field: str, value: object, anchor: UUID | None, down: bool) -> BookQuerySet:
    """Rows past the anchor. The first condition alone is what the index understands."""
    than = "lt" if down else "gt"
    reached = Q(**{f"{field}__{than}e": value})
    past = Q(**{f"{field}__{than}": value}) | Q(**{field: value, f"id__{than}": anchor})
    return books.filter(reached, past)
