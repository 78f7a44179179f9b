"""How much of its limits an organization uses, by meters that whoever holds what they count has registered.

A page where a limit matters shows its notice with two lines. In the view: `levels = usage.near(organization,
"members")`, empty below 80 per cent. In the template: `{% include "components/limit_notice.html" with levels=levels
slug=organization.slug only %}`. Actions ask for room through `organizations.actions.limits.take`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Invitation, Limits, Membership, Organization

WARNED_AT = (95, 80)  # per cent


@dataclass(frozen=True)
class Part:
    """What a meter's sum is made of."""

    label: str
    amount: int


@dataclass(frozen=True)
class Meter:
    """Something counted against a limit: `key` is the column of Limits, `parts` counts it (one query)."""

    key: str
    label: Promise
    parts: Callable[[Organization], tuple[Part, ...]]
    # What one can do when nothing is left, as a sentence.
    advice: Promise
    in_bytes: bool = False

    def shown(self, amount: int) -> str:
        """An amount in the reader's language."""
        return str(filesizeformat(amount)) if self.in_bytes else number_format(amount, force_grouping=True)


@dataclass(frozen=True)
class Level:
    """How far one limit is reached."""

    meter: Meter
    limit: int | None
    parts: tuple[Part, ...]
    plan: str = ""  # its code: whose limit this is

    @property
    def used(self) -> int:
        """The sum."""
        return sum(part.amount for part in self.parts)

    @property
    def percent(self) -> int:
        """Share of the limit that is used, whole per cent, rounded down; 0 without a limit, 100 where it is nothing."""
        if self.limit is None:
            return 0
        return 100 * self.used // self.limit if self.limit else 100

    def plus(self, more: int) -> "Level":
        """The same with so much more (or less)."""
        return replace(self, parts=(*self.parts, Part("", more)))

    def has_room(self, more: int) -> bool:
        """Whether so much more fits."""
        return self.limit is None or self.used + more <= self.limit

    @property
    def bar(self) -> int:
        """The percentage as far as a bar goes."""
        return min(100, self.percent)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one more."""
        return not self.has_room(1)

    @property
    def tone(self) -> str:
        """Its colour: error when full, warning from 80 per cent on; info below, and where one is all there is."""
        if self.percent < min(WARNED_AT) or self.limit == 1:
            return "info"
        return "error" if self.is_full else "warning"

    @property
    def figures(self) -> str:
        """What is used of how much."""
        used = self.meter.shown(self.used)
        if self.limit is None:
            return _("%(used)s, without a limit") % {"used": used}
        return _("%(used)s of %(limit)s") % {"used": used, "limit": self.meter.shown(self.limit)}

    @property
    def breakdown(self) -> tuple[tuple[str, str], ...]:
        """Each part with its amount in the reader's language; nothing where there is one alone."""
        parts = self.parts if len(self.parts) > 1 else ()
        return tuple((part.label, self.meter.shown(part.amount)) for part in parts)

    @property
    def sentence(self) -> str:
        """How near the end is, and what can be done once it is reached."""
        said = {"meter": self.meter.label, "figures": self.figures}
        if self.is_full:
            full = _("%(meter)s: %(figures)s, nothing is left.") % said
            return f"{full} {self.way_on}"
        return _("%(meter)s: %(figures)s are used.") % said

    @property
    def way_on(self) -> str:
        """What one can do when nothing is left, and whose limit it was."""
        names = [name(self.plan) for name in plan_names] if self.plan else []
        return " ".join([str(self.meter.advice), *(_("Your plan: %(plan)s.") % {"plan": name} for name in names)])


@dataclass(frozen=True)
class UsagePage:
    """Everything the page of usage shows."""

    levels: tuple[Level, ...]
    invitations: int

    @property
    def near(self) -> tuple[Level, ...]:
        """Those to be warned of here."""
        return tuple(level for level in self.levels if level.tone != "info")


def seats(organization: Organization) -> tuple[Part, ...]:
    """Members with a seat: all but guests (ruling 22); a suspended member keeps theirs (one query)."""
    taken = Membership.objects.filter(organization=organization).seated().count()
    return (Part(_("Members"), taken),)


# In the order the page shows them; apps above add theirs when they are ready.
meters: dict[str, Meter] = {
    "members": Meter(
        "members",
        gettext_lazy("Members"),
        seats,
        gettext_lazy("Remove a member, make one a guest, or choose a larger plan."),
    )
}


# Who sells plans, above, names one by its code.
plan_names: list[Callable[[str], str]] = []


def register(*more: Meter) -> None:
    """Count these too."""
    meters.update({meter.key: meter for meter in more})


def level_of(limits: Limits, key: str) -> Level:
    """How far one limit is reached (one query, none without a limit)."""
    meter, limit = meters[key], getattr(limits, key)
    return Level(meter, limit, meter.parts(limits.organization) if limit is not None else (), limits.plan)


def limits_of(organization: Organization) -> Limits:
    """The organization's limits (one query)."""
    limits = Limits.objects.of(organization).get()
    limits.organization = organization
    return limits


def near(organization: Organization, *keys: str) -> tuple[Level, ...]:
    """Those of these limits that are reached to 80 per cent and more (one query, one more for each that is limited)."""
    limits = limits_of(organization)
    levels = [level_of(limits, key) for key in keys]
    return tuple(level for level in levels if level.percent >= min(WARNED_AT))


def usage_page(organization: Organization) -> UsagePage:
    """The page of usage (two queries, and one for each meter): what is unlimited is counted too."""
    limits = limits_of(organization)
    levels = [
        Level(meter, getattr(limits, key), meter.parts(organization), limits.plan) for key, meter in meters.items()
    ]
    return UsagePage(tuple(levels), open_invitations(organization))


def open_invitations(organization: Organization) -> int:
    """Invitations that can still be accepted (one query)."""
    return Invitation.objects.of(organization).open().count()
