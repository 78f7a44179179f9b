"""`{% fragment %}`: an include whose HTML is remembered by everything that decides it.

A component that gets nothing but its parameters is a pure function of them, of the language and of the clock's zone. So
these are the key, whole, and nothing ever has to be invalidated: another title is another key. Whoever sees the same
values sees the same HTML; no person or organization needs to be part of the key unless it is part of what is shown.
"""

from collections.abc import Hashable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, cast
from uuid import UUID

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

REMEMBERED = 1024  # fragments of some kilobytes each, in each process
PLAIN: frozenset[type] = frozenset({str, UUID, type(None)})
# Equal, and shown differently: 1 and True, 1.0 and 1.00, a text and the same text as HTML. These keep kind and look.
WITH_KIND: frozenset[type] = frozenset({SafeString, bool, int, float, Decimal, date, datetime})


class _Asked:
    """A key, and the parameters to render when it is not known: equal by the key alone."""

    __slots__ = ("hash", "key", "parameters")

    def __init__(self, key: Hashable, parameters: dict[str, Any]) -> None:
        self.key, self.parameters, self.hash = key, parameters, hash(key)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.key == other.key


@register.simple_tag
def fragment(component: str, **parameters: Any) -> SafeString:
    """Include a component with these parameters only. Raises TypeError for one that is no plain, unchanging value."""
    if settings.DEBUG:  # a template may have been edited
        return _render(component, parameters)
    shown = tuple([(key, key_of(value)) for key, value in parameters.items()])
    return _remembered(component, _Asked((get_language(), timezone.get_current_timezone_name(), shown), parameters))


def key_of(value: object) -> Hashable:
    """What tells a value from any that could be shown otherwise: of a frozen dataclass or a tuple, all its parts."""
    kind: Any = type(value)
    if kind in PLAIN:
        return value
    if kind is tuple:
        return tuple([key_of(part) for part in value])  # type: ignore[attr-defined]  # a tuple: `kind` says so
    if kind in WITH_KIND:
        return kind, str(value)
    if isinstance(value, Enum):
        return kind, value
    if isinstance(value, Promise):
        return str(value)
    return kind, *[key_of(getattr(value, name)) for name in _parts(kind)]


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The fields of a frozen dataclass, by its class. Raises TypeError for others: a row may change and stay equal."""
    made = getattr(kind, "__dataclass_params__", None)
    if made is None or not made.frozen:
        raise TypeError(f"A fragment takes text, numbers, dates, tuples and frozen dataclasses, not {kind.__name__}.")
    return tuple(field.name for field in fields(kind))


@lru_cache(REMEMBERED)
def _remembered(component: str, asked: _Asked) -> SafeString:
    return _render(component, asked.parameters)


def _render(component: str, parameters: dict[str, Any]) -> SafeString:
    return cast(SafeString, get_template(component).render(parameters))
