"""An entry of the trail as a page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from audit.models import Entry, Severity
from audit.queries import acts

TONES = {Severity.LOW: "", Severity.MEDIUM: "run", Severity.HIGH: "warn", Severity.CRITICAL: "bad"}
# Under these keys stands what an act's target is called, the first that there is.
NAMED = ("title", "name", "member", "email", "label")
SHOWN = 300  # characters of a value
NOTHING = "—"


@dataclass(frozen=True)
class Fact:
    """One thing an entry tells, in words; of a change, before and after."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class Line:
    """One entry: who (and who really), what, on what, when, from where, and what it tells besides."""

    id: UUID
    at: datetime
    who: str
    who_id: UUID | None
    really: str
    label: str
    target: str
    severity: Severity
    severity_label: str
    address: str
    user_agent: str
    request_id: str
    facts: tuple[Fact, ...]
    changes: tuple[Fact, ...]

    @property
    def severity_tone(self) -> str:
        """Colour of its tag; none for what is ordinary."""
        return TONES[self.severity]

    @property
    def sentence(self) -> str:
        """Who did what, on what."""
        parts = (self.who, f"({self.really})" if self.really else "", self.label, self.target)
        return " ".join(part for part in parts if part)


def line(entry: Entry, *, staff: frozenset[UUID] = frozenset(), names: Mapping[UUID, str] | None = None) -> Line:
    """An entry for whoever is not staff: acts of `staff` (ids) are nobody's in person, and come from nowhere.

    `names` are what targets are called now, for entries that do not say it themselves.
    """
    by_staff = entry.actor_id in staff
    acted = entry.real_actor_id is not None
    hidden = by_staff or acted
    return Line(
        id=entry.pk,
        at=entry.at,
        who=_("Scriptorium staff") if by_staff else _who(entry),
        who_id=None if by_staff else entry.actor_id,
        really=_("in truth Scriptorium staff") if acted else "",
        label=acts.label_of(entry.action),
        target=_target(entry, names or {}),
        severity=Severity(entry.severity),
        severity_label=str(Severity(entry.severity).label),
        address="" if hidden else entry.address or "",
        user_agent="" if hidden else entry.user_agent,
        request_id=entry.request_id,
        facts=tuple(_facts(entry)),
        changes=tuple(Fact(_name(key), _said(key, pair[-1]), _said(key, pair[0])) for key, pair in _pairs(entry)),
    )


def _who(entry: Entry) -> str:
    """Of an entry without an actor only what came from an address is somebody's; an erased name leaves nothing."""
    if entry.actor_id:
        return entry.actor_label or _("Somebody")
    return _("Somebody not signed in") if entry.address else "Scriptorium"


def _target(entry: Entry, names: Mapping[UUID, str]) -> str:
    told = {**entry.details, **entry.personal}
    own = next((told[key] for key in NAMED if isinstance(told.get(key), str) and told[key]), "")
    now = names.get(entry.target_id, "") if entry.target_id else ""
    return Truncator(own or now).chars(SHOWN)


def _facts(entry: Entry) -> Iterable[Fact]:
    for key, value in {**entry.details, **entry.personal}.items():
        if not (key in NAMED and isinstance(value, str)) and value not in (None, "", [], {}):
            yield Fact(_name(key), _said(key, value))


def _pairs(entry: Entry) -> Iterable[tuple[str, list[Any]]]:
    return ((key, pair) for key, pair in entry.changes.items() if isinstance(pair, list) and pair)


def _name(key: str) -> str:
    return str(acts.facts.get(key) or key.replace("_", " "))


def _said(key: str, value: Any) -> str:
    """A value of the trail in words: codes by their names, lists in a row."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_said(key, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_name(name)}: {_said(name, one)}" for name, one in value.items())
    if isinstance(value, int | float):
        return number_format(value, force_grouping=True)
    known = acts.values.get(key, {}).get(value) or acts.facts.get(value)
    return str(known) if known else Truncator(str(value)).chars(SHOWN)
