"""What a person did, and what was done to them: their own part of the trail, of whatever organization."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from audit.models import Entry
from audit.queries.acts import INTERNAL
from audit.queries.lines import Line, line

PAGE = 50

# Names of those of these organizations (ids) that the person belongs to now; organizations registers its answer.
naming: list[Callable[[User, set[UUID]], dict[UUID, str]]] = []


@dataclass(frozen=True)
class OwnLine:
    """One entry, and where it happened: empty for what is of no organization."""

    line: Line
    place: str


@dataclass(frozen=True)
class OwnActivity:
    """One page, the newest first."""

    lines: tuple[OwnLine, ...]
    next_url: str
    first_url: str


def activity_of(person: User, *, before: UUID | None = None) -> OwnActivity:
    """A page of the entries older than `before` (three queries).

    Of an organization that the person has left they see that they did it, and nothing more.
    """
    found = entries_of(person, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    names = _names(person, {entry.organization_id for entry in shown if entry.organization_id})
    staff = _staff({entry.actor_id for entry in shown if entry.actor_id} - {person.pk})
    return OwnActivity(
        lines=tuple(_own(person, entry, names, staff) for entry in shown),
        next_url=f"?before={shown[-1].pk}" if len(found) > PAGE else "",
        first_url="?" if before else "",
    )


def entries_of(person: User, *, before: UUID | None, most: int) -> list[Entry]:
    """Entries by or on the person, newest first (one query).

    Row level security shows an organization's entries to it alone, so that a function of the owner role reads these
    (migration audit 0008): it can only be asked for one person at a time.
    """
    columns = [person.pk, before, most, list(INTERNAL)]
    return list(Entry.objects.raw("SELECT * FROM audit_of_person(%s, %s, %s, %s)", columns))


def _own(person: User, entry: Entry, names: dict[UUID, str], staff: frozenset[UUID]) -> OwnLine:
    if entry.organization_id and entry.organization_id not in names:
        entry.details, entry.changes, entry.personal = {}, {}, {}
    if entry.actor_id and entry.actor_id != person.pk:
        entry.address, entry.user_agent = None, ""  # where others were is theirs
    return OwnLine(line(entry, staff=staff), names.get(entry.organization_id, "") if entry.organization_id else "")


def _names(person: User, ids: set[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for name in naming:
        found |= name(person, ids)
    return found


def _staff(ids: set[UUID]) -> frozenset[UUID]:
    """Others of these who are of the staff."""
    return frozenset(User.objects.filter(pk__in=ids, is_staff=True).values_list("pk", flat=True))
