"""The registry as a table: areas, permissions, roles."""

from dataclasses import dataclass

from django.utils.text import capfirst

from organizations.models import PERMISSIONS, Permission, Role
from organizations.models.permissions import Area


@dataclass(frozen=True)
class Row:
    """One permission; `has` says for each role, in the order of Role, whether it has it."""

    label: str
    codename: str
    grantable: bool
    has: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Group:
    """The permissions of one area."""

    label: str
    rows: tuple[Row, ...]


def matrix() -> tuple[Group, ...]:
    """Every permission, by area in their order (no query)."""
    return tuple(
        Group(str(area.label), tuple(_row(one) for one in PERMISSIONS.values() if one.area == area)) for area in Area
    )


def roles() -> tuple[str, ...]:
    """The heads of the columns."""
    return tuple(str(capfirst(role.label)) for role in Role)


def _row(one: Permission) -> Row:
    has = tuple((str(role.label), role in one.roles) for role in Role)
    return Row(str(capfirst(str(one.label))), one.codename, one.grantable, has)
