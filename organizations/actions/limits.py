"""Keeping an organization within its limits (ruling 6): nothing is ever deleted, what is too much is refused."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from organizations.errors import LimitReached
from organizations.models import CUSTOM, Limits, Organization
from organizations.queries import usage
from organizations.queries.usage import Level
from organizations.transitions import warnings
from organizations.transitions.locking import lock


@transaction.atomic
def take(*, organization: Organization, **wanted: int) -> None:
    """Make sure that so much more fits under the limits of these meters (columns of Limits); ask before it is there.

    Raises LimitReached. Who sees the bill is told, once, at 80 and 95 per cent, if the caller commits.
    """
    _weigh(organization, _levels(organization, wanted), wanted)


@transaction.atomic
def keep(*, organization: Organization, **added: int) -> None:
    """The same for what the caller's transaction has added already, because other locks of its had to come first."""
    levels = [level.plus(-added[level.meter.key]) for level in _levels(organization, added)]
    _weigh(organization, levels, added)


@transaction.atomic
def warn(*, organization: Organization, before: Level, after: Level) -> None:
    """Tell who sees the bill, once, at 80 and 95 per cent of a meter that is counted elsewhere and refuses nothing."""
    lock(organization)
    warnings.settle(organization, [(before, after)])


@transaction.atomic
def set_limits(*, organization: Organization, plan: str, by: User | None = None, **limits: int | None) -> bool:
    """Write what a plan allows into the organization's limits; whether anything changed. Nothing is ever deleted.

    Limits that staff set by hand (plan CUSTOM) are left alone.
    """
    lock(organization)
    row = Limits.objects.of(organization).select_for_update().get()
    if row.plan == CUSTOM:
        return False
    changes = row.replace(plan=plan, **limits)
    if changes:
        audit.record("limits.set", actor=by, target=row, organization=organization.pk, changes=changes)
    return bool(changes)


def _levels(organization: Organization, keys: Iterable[str]) -> list[Level]:
    """Of those that are limited (a query for each, and two)."""
    lock(organization)
    limits = usage.limits_of(organization)
    return [usage.level_of(limits, key) for key in keys if getattr(limits, key) is not None]


def _weigh(organization: Organization, levels: list[Level], more: Mapping[str, int]) -> None:
    for level in levels:
        if not level.has_room(more[level.meter.key]):
            raise LimitReached(_refusal(level))
    if levels:
        warnings.settle(organization, [(level, level.plus(more[level.meter.key])) for level in levels])


def _refusal(level: Level) -> str:
    if level.is_full:
        return level.sentence
    said = {"meter": level.meter.label, "figures": level.figures}
    no_room = _("%(meter)s: %(figures)s are used, there is no room for this.") % said
    return f"{no_room} {level.way_on}"
