"""Pages by cursor: the next page begins after a row, whatever came or went before it; no offset is counted."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.http import urlencode


@dataclass(frozen=True)
class Order:
    """A column (or annotation) with an index over (organization, column, tie), and which way it is read.

    `tie` tells rows apart that have the same there.
    """

    field: str
    descending: bool = True
    tie: str = "id"


@dataclass(frozen=True)
class Cursor:
    """The row after which a page begins, or before which it ends; neither is the first page."""

    after: UUID | None = None
    before: UUID | None = None


FIRST = Cursor()


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the ids from which the pages beside it are asked for; None where there is none."""

    rows: tuple[dict[str, Any], ...]
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for: exactly what stands in its page's address, a field a parameter. Empty is everything."""

    def address(self, **cursor: UUID) -> str:
        """The query string that asks for the same rows, at a cursor when one is given."""
        return "?" + urlencode({name: value for name, value in {**asdict(self), **cursor}.items() if value})


EVERYTHING = Wanted()


class Paged:
    """A page of a list, with the cursors of those beside it."""

    wanted: Wanted
    before: UUID | None
    after: UUID | None

    @property
    def next_url(self) -> str:
        """The query string of the next page; empty on the last."""
        return self.wanted.address(after=self.after) if self.after else ""

    @property
    def previous_url(self) -> str:
        """The query string of the page before; empty on the first."""
        return self.wanted.address(before=self.before) if self.before else ""


def cut(
    rows: QuerySet[Any], *, among: QuerySet[Any], order: Order, columns: list[str], size: int, cursor: Cursor = FIRST
) -> Slice:
    """One page of these rows: those after (or before) that row in this order (one query, two beside a cursor).

    A cursor is the id of a row in `among`, found there though it has changed or left the selection since.
    """
    backwards = cursor.before is not None and cursor.after is None
    anchor = cursor.after or cursor.before
    down = order.descending != backwards
    place = among.filter(pk=anchor).values_list(order.field, order.tie) if anchor else ()
    for value, tie in place[:1]:
        rows = _beyond(rows, order, value, tie, down)
    sign = "-" if down else ""
    found = list(rows.order_by(f"{sign}{order.field}", f"{sign}{order.tie}").values(*columns)[: size + 1])
    more = len(found) > size
    shown = found[:size][::-1] if backwards else found[:size]
    return Slice(
        tuple(shown),
        before=shown[0]["id"] if shown and (more if backwards else anchor) else None,
        after=shown[-1]["id"] if shown and (more or backwards) else None,
    )


def _beyond(rows: QuerySet[Any], order: Order, value: object, tie: object, down: bool) -> QuerySet[Any]:
    """Rows past the anchor. The first condition alone is what the index understands."""
    than = "lt" if down else "gt"
    reached = Q(**{f"{order.field}__{than}e": value})
    past = Q(**{f"{order.field}__{than}": value}) | Q(**{order.field: value, f"{order.tie}__{than}": tie})
    return rows.filter(reached, past)
