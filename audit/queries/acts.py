"""What acts are called on screen. Each app names its own when it is ready; tests/contracts/test_acts.py misses none.

A label is what follows the name of whoever did it: “Olive Owner | began a book”. French wants a tense without gender
(« a commencé un livre »), so that it fits everybody, and the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What members are not shown: staff at work across organizations, and each step of what a run tells as a whole.
INTERNAL = frozenset({"system.entered", "step.open", "step.done", "step.failed", "step.cancelled"})


@dataclass(frozen=True)
class Act:
    """One kind of entry: its name in the trail, what follows the actor's name, the area it belongs to."""

    name: str
    label: Promise
    area: str


@dataclass(frozen=True)
class Area:
    """What acts are about, as filters call it; whether organizations have such acts, or only people by themselves."""

    key: str
    label: Promise
    in_organizations: bool = True


acts: dict[str, Act] = {}
areas: dict[str, Area] = {}
# Key of `details`, `changes` or `personal` to its words, and to the words of its values where they are codes.
facts: dict[str, Promise] = {}
values: dict[str, dict[Any, Any]] = {}


def contribute(
    area: Area,
    names: Mapping[str, Promise],
    *,
    fact_labels: Mapping[str, Promise] | None = None,
    value_labels: Mapping[str, Mapping[Any, Any]] | None = None,
) -> None:
    """Name the acts of an area, the facts they tell and the codes among these facts."""
    areas[area.key] = area
    acts.update({name: Act(name, words, area.key) for name, words in names.items()})
    facts.update(fact_labels or {})
    for key, words in (value_labels or {}).items():
        values[key] = {**values.get(key, {}), **words}


def label_of(name: str) -> str:
    """What follows the actor's name; of an act that is no longer done, its name in the trail."""
    act = acts.get(name)
    return str(act.label) if act else name


def names_of(area: str) -> list[str]:
    """Every act of an area."""
    return [act.name for act in acts.values() if act.area == area]


def names_like(words: str) -> list[str]:
    """Acts in whose label every word stands, in the reader's language."""
    wanted = words.casefold().split()
    return [act.name for act in acts.values() if all(word in str(act.label).casefold() for word in wanted)]


contribute(
    Area("trail", _("The trail itself"), in_organizations=False),
    {
        "system.entered": _("worked across organizations"),
        "trail.forgotten": _("erased names from the trail"),
        "trail.exported": _("took entries of the trail away as a file"),
        "trail.sealed": _("sealed old entries of the trail away"),
        "trail.broken": _("found the trail altered"),
    },
)
