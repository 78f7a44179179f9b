"""What happened in an organization: its part of the trail, filtered, searched, by cursor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat
from django.utils.http import urlencode
from django.utils.translation import get_language, override

from accounts.models import User
from audit.models import Entry
from audit.queries import acts
from audit.queries.lines import Line, line
from core import tenancy
from core.folding import folded
from core.ids import first_id_of
from organizations.models import Membership, Organization

PAGE = 50
BATCH = 1000  # rows of a table that are in memory at once
SEARCHED = 20_000  # entries one search for words looks through; the next page goes on where it stopped
MOST_PEOPLE = 300  # in the list to choose from; others are found by their name
SYSTEM = "system"

# What targets are called now: called with (organization, ids by `app.model`); rooms above add theirs when ready.
namers: list[Callable[[Organization, dict[str, set[UUID]]], dict[UUID, str]]] = []


@dataclass(frozen=True)
class Asked:
    """What is looked for: `person` is an id or SYSTEM; days are the reader's, both included."""

    person: str = ""
    area: str = ""
    severity: str = ""
    since: date | None = None
    until: date | None = None
    q: str = ""

    @property
    def query(self) -> str:
        """The same as a query string; empty when nothing is."""
        return urlencode({name: value for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class Activity:
    """One page, the newest first. `goes_on`: the search stopped for now, and older entries are left to look through."""

    lines: tuple[Line, ...]
    asked: Asked
    next_url: str
    first_url: str
    goes_on: bool


def activity_page(
    organization: Organization, asked: Asked, *, before: UUID | None = None, searched: int = SEARCHED
) -> Activity:
    """A page of the entries older than `before` (one query, one more for words, one for staff, and the namers').

    A search looks through `searched` entries at most, for no index knows the words.
    """
    rows = entries(organization, asked, before)
    floor = _floor(organization, asked, before, searched) if asked.q else None
    rows = rows.filter(pk__gte=floor) if floor else rows
    found = list(rows[: PAGE + 1])
    shown, more = found[:PAGE], len(found) > PAGE
    following = shown[-1].pk if more else floor
    return Activity(
        lines=_lines(organization, shown),
        asked=asked,
        next_url=_address(asked, following) if following else "",
        first_url=_address(asked) if before else "",
        goes_on=floor is not None and not more,
    )


def every_line(organization: Organization, asked: Asked) -> Iterator[Line]:
    """All of them for a table, however many: read a thousand at a time, each in a transaction of its own.

    It is read after the view has ended: organization and language are declared anew, in the words of now.
    """
    language, before = get_language(), None
    while True:
        with override(language), tenancy.declared(organization.pk), transaction.atomic():
            found = list(entries(organization, asked, before)[:BATCH])
            lines = _lines(organization, found)
        yield from lines
        if len(found) < BATCH:
            return
        before = found[-1].pk


def people(organization: Organization, chosen: str = "") -> tuple[tuple[str, str], ...]:
    """Members to choose from, by name, and whoever is chosen already (one query, perhaps two)."""
    rows = Membership.objects.filter(organization=organization).select_related("person").order_by("-id")
    found = {str(row.person_id): row.person.name for row in rows[:MOST_PEOPLE]}
    if chosen and chosen not in {*found, SYSTEM}:
        labels = _known(organization).filter(actor_id=chosen).values_list("actor_label", flat=True)
        if label := labels.first():
            found[chosen] = label
    return tuple(sorted(found.items(), key=lambda one: one[1].casefold()))


def names_for(person: User, ids: set[UUID]) -> dict[UUID, str]:
    """Names of those of these organizations that the person belongs to (one query), for their own activity."""
    return dict(Organization.objects.with_member(person).filter(pk__in=ids).values_list("pk", "name"))


def _known(organization: Organization) -> QuerySet[Entry]:
    """What members may know of; in this order from an index, one quarter's partition after the other."""
    entries = Entry.objects.filter(organization_id=organization.pk).exclude(action__in=acts.INTERNAL)
    return entries.order_by("-id")


def entries(organization: Organization, asked: Asked, before: UUID | None = None) -> QuerySet[Entry]:
    """Those that are looked for, newest first."""
    rows = _known(organization)
    if before:
        rows = rows.filter(pk__lt=before)
    if asked.person == SYSTEM:
        rows = rows.filter(actor_id=None)
    elif asked.person:
        rows = rows.filter(actor_id=asked.person)
    if asked.area:
        rows = rows.filter(action__in=acts.names_of(asked.area))
    if asked.severity:
        rows = rows.filter(severity=asked.severity)
    if asked.since:
        rows = rows.filter(pk__gte=first_id_of(asked.since))
    if asked.until:
        rows = rows.filter(pk__lt=first_id_of(asked.until + timedelta(days=1)))
    return _matching(rows, asked.q) if asked.q else rows


def _matching(rows: QuerySet[Entry], q: str) -> QuerySet[Entry]:
    """An id stands for itself, its target, its actor or its request; words are looked for in names and in labels."""
    try:
        wanted = UUID(q)
    except ValueError:
        names = Concat(
            "actor_label",
            Value("\n"),
            KT("details__title"),
            Value("\n"),
            Cast("personal", TextField()),
            output_field=TextField(),
        )
        named = Q(*(Q(names__contains=folded(Value(word))) for word in q.split()))
        return rows.alias(names=folded(names)).filter(named | Q(action__in=acts.names_like(q)) | Q(request_id=q))
    return rows.filter(Q(pk=wanted) | Q(target_id=wanted) | Q(actor_id=wanted) | Q(request_id=q))


def _floor(organization: Organization, asked: Asked, before: UUID | None, searched: int) -> UUID | None:
    """The entry that a search ends at, if more are left behind it."""
    ids = entries(organization, replace(asked, q=""), before).values_list("pk", flat=True)
    last, beyond = [*ids[searched - 1 : searched + 1], None, None][:2]
    return last if beyond else None


def _lines(organization: Organization, entries: list[Entry]) -> tuple[Line, ...]:
    staff = _staff(organization, {entry.actor_id for entry in entries if entry.actor_id})
    names = _names(organization, entries)
    return tuple(line(entry, staff=staff, names=names) for entry in entries)


def _staff(organization: Organization, actors: set[UUID]) -> frozenset[UUID]:
    """Those who acted as staff: of the staff, and no members."""
    members = Membership.objects.filter(organization=organization).values("person")
    rows = User.objects.filter(pk__in=actors, is_staff=True).exclude(pk__in=members)
    return frozenset(rows.values_list("pk", flat=True))


def _names(organization: Organization, entries: list[Entry]) -> dict[UUID, str]:
    targets: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.target_id:
            targets.setdefault(entry.target_type, set()).add(entry.target_id)
    found: dict[UUID, str] = {}
    for namer in namers:
        found |= namer(organization, targets)
    return found


def _address(asked: Asked, before: UUID | None = None) -> str:
    cursor: dict[str, Any] = {"before": before} if before else {}
    return "?" + "&".join(part for part in (asked.query, urlencode(cursor)) if part)
