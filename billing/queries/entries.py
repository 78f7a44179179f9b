"""The ledger as an organization reads it: what came, what was used, what went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Sum, Value
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from billing.models import CREDIT, Account, EntryKind, LedgerEntry, LedgerLine
from core import keyset, tenancy
from core.folding import folded
from core.ids import first_id_of
from core.money import Money
from organizations.models import Membership, Organization

PAGE = 50
BATCH = 1000  # rows of a table that are in memory at once
NEWEST = keyset.Order("id")
TONES = {EntryKind.DISPUTE: "bad", EntryKind.DEBT: "warn", EntryKind.EXPIRY: "wait", EntryKind.RESERVE: "run"}


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which entries: words of a reason or an id, a kind, days on the reader's clock, both included."""

    q: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some entries only are asked for."""
        return bool(self.q or self.kind or self.since or self.until)


@dataclass(frozen=True)
class EntryLine:
    """One entry: what it changed of what is available, reserved, spent and owed, and the money that came or went."""

    id: UUID
    at: datetime
    kind: EntryKind
    reason: str
    who: str
    available: int
    reserved: int
    spent: int
    owed: int
    money: Money | None

    @property
    def label(self) -> str:
        """Its kind in the reader's language."""
        return str(capfirst(self.kind.label))

    @property
    def tone(self) -> str:
        """Which tag colour its kind has."""
        return TONES.get(self.kind, "ok" if self.available >= 0 else "wait")

    @property
    def change(self) -> str:
        """What it changed of what is available, with its sign."""
        return signed(self.available)

    @property
    def note(self) -> str:
        """What else it moved."""
        told = [
            _("%(count)s delivered") % {"count": number_format(self.spent, force_grouping=True)} if self.spent else "",
            _("reserved %(change)s") % {"change": signed(self.reserved)} if self.reserved else "",
            _("owed %(change)s") % {"change": signed(self.owed)} if self.owed else "",
        ]
        return ", ".join(one for one in told if one)


@dataclass(frozen=True)
class EntriesPage(keyset.Paged):
    """One page of the ledger with cursors to those beside it."""

    lines: tuple[EntryLine, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def entries_page(
    organization: Organization, wanted: Wanted, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> EntriesPage:
    """A page of the ledger, the newest first (four queries, five beside a cursor)."""
    everything = LedgerEntry.objects.of(organization)
    found = selection(organization, wanted)
    page = keyset.cut(found, among=everything, order=NEWEST, columns=["id"], size=size, cursor=cursor)
    rows = everything.filter(pk__in=[row["id"] for row in page.rows]).order_by("-id")
    return EntriesPage(lines_of(organization, rows), wanted, page.before, page.after)


def every_entry(organization: Organization, wanted: Wanted) -> Iterator[EntryLine]:
    """All of them for a table, a thousand at a time: organization and language are declared anew, the view is over."""
    language, cursor = get_language(), keyset.FIRST
    while True:
        with override(language), tenancy.declared(organization.pk), transaction.atomic():
            page = entries_page(organization, wanted, cursor, size=BATCH)
        yield from page.lines
        if page.after is None:
            return
        cursor = replace(keyset.FIRST, after=page.after)


def selection(organization: Organization, wanted: Wanted) -> QuerySet[LedgerEntry]:
    """The entries that are asked for; each word of the search stands in the reason, or it is an id."""
    rows = LedgerEntry.objects.of(organization)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since:
        rows = rows.filter(pk__gte=first_id_of(wanted.since))
    if wanted.until:
        rows = rows.filter(pk__lt=first_id_of(wanted.until + timedelta(days=1)))
    return _matching(rows, wanted.q) if wanted.q else rows


def lines_of(organization: Organization, rows: Iterable[LedgerEntry]) -> tuple[EntryLine, ...]:
    """Entries as lines (three queries, that of the entries included)."""
    entries = list(rows)
    sums: dict[UUID, dict[tuple[str, str], int]] = {entry.pk: {} for entry in entries}
    lines = LedgerLine.objects.of(organization).filter(entry__in=sums.keys())
    for line in lines.values("entry_id", "account", "unit").annotate(total=Sum("amount")):
        sums[line["entry_id"]][line["account"], line["unit"]] = line["total"]
    names = _names(organization, {entry.by_id for entry in entries if entry.by_id})
    return tuple(_line(entry, sums[entry.pk], names) for entry in entries)


def signed(number: int) -> str:
    """A number with its sign: “+120”, “−40”, “0”."""
    written = number_format(abs(number), force_grouping=True)
    return f"{'+' if number > 0 else '−' if number else ''}{written}"


def _line(entry: LedgerEntry, sums: dict[tuple[str, str], int], names: dict[UUID, str]) -> EntryLine:
    money = next((Money(total, unit) for (account, unit), total in sums.items() if account == Account.CASH), None)
    return EntryLine(
        id=entry.pk,
        at=entry.created_at,
        kind=EntryKind(entry.kind),
        reason=entry.reason,
        who=names.get(entry.by_id, _("our team")) if entry.by_id else "",
        available=sums.get((Account.AVAILABLE, CREDIT), 0),
        reserved=sums.get((Account.RESERVED, CREDIT), 0),
        spent=sums.get((Account.SPENT, CREDIT), 0),
        owed=-sums.get((Account.DEBT, CREDIT), 0),
        money=money,
    )


def _names(organization: Organization, ids: set[UUID]) -> dict[UUID, str]:
    """Names of members; who is none is of the staff, or has left."""
    rows = Membership.objects.filter(organization=organization, person__in=ids).select_related("person")
    return {row.person_id: row.person.name for row in rows}


def _matching(rows: QuerySet[LedgerEntry], q: str) -> QuerySet[LedgerEntry]:
    try:
        return rows.filter(subject_id=UUID(q)) | rows.filter(pk=UUID(q))
    except ValueError:
        rows = rows.alias(told=folded(F("reason")))
        for word in q.split():
            rows = rows.filter(told__contains=folded(Value(word)))
        return rows
