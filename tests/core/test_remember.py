"""Fragments: remembered HTML is the HTML that would have been made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.templatetags.fragments import key_of

COMPONENTS = {
    "value": "{{ value }}",
    "secret": "[{{ secret }}{{ request }}]",
    "word": "{% load i18n %}{% translate 'Books' %}",
    "clock": "{{ value|date:'H' }}",
}


@dataclass(frozen=True)
class Cover:
    """Something to show that cannot change."""

    title: str
    pages: object


@dataclass
class Draft:
    """Something to show that can change while it is remembered."""

    title: str


def templates(**sources: str) -> list[dict[str, Any]]:
    """The setting for these templates and no others, by name."""
    loader = (
        "django.template.loaders.locmem.Loader",
        {f"remember/{name}.html": text for name, text in sources.items()},
    )
    return [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [loader]}}]


@pytest.fixture(autouse=True)
def components() -> Iterator[None]:
    """Components of this file's own."""
    with override_settings(TEMPLATES=templates(**COMPONENTS)):
        yield


def shown(component: str, **parameters: Any) -> str:
    """What a page shows of a component."""
    given = " ".join(f"{name}={name}" for name in parameters)
    page = engines["django"].from_string(f'{{% load fragments %}}{{% fragment "remember/{component}.html" {given} %}}')
    return page.render({**parameters, "secret": "of the page around"})


def test_a_fragment_is_shown_as_at_the_first_time() -> None:
    assert [shown("value", value=text) for text in ("a", "b", "a", "<i>")] == ["a", "b", "a", "&lt;i&gt;"]


def test_a_component_sees_its_parameters_alone() -> None:
    assert shown("secret") == "[]"


def test_equal_values_that_look_different_are_kept_apart() -> None:
    values = [True, 1, 1.0, Decimal("1.0"), Decimal("1.00"), "1", "<b>", mark_safe("<b>"), None, (1,), (True,)]
    values += [Cover("a", 1), Cover("a", True), Cover("b", 1), Cover(mark_safe("a"), 1), ("a", 1)]
    assert not [(one, other) for one, other in combinations(values, 2) if key_of(one) == key_of(other)]
    for value in values:
        assert shown("value", value=value) == engines["django"].from_string("{{ value }}").render({"value": value})


def test_a_fragment_follows_the_readers_language() -> None:
    for language, word in [("en", "Books"), ("fr", "Livres"), ("en", "Books")]:
        with translation.override(language):
            assert shown("word") == word
            assert shown("value", value=gettext_lazy("Books")) == word


def test_a_fragment_follows_the_readers_clock() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for zone, hour in [("UTC", "12"), ("Europe/Paris", "13"), ("UTC", "12")]:
        with timezone.override(ZoneInfo(zone)):
            assert shown("clock", value=noon) == hour


@pytest.mark.parametrize(
    "value", [Draft("a"), User(email="ada@example.org"), ["a"], {"a": 1}, (Draft("a"),), Cover("a", ["b"])]
)
def test_what_can_change_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="A fragment takes"):
        shown("value", value=value)


@override_settings(DEBUG=True)
def test_an_edited_template_is_seen_at_once_while_debugging() -> None:
    identifier = UUID(int=1)
    assert shown("value", value=identifier) == str(identifier)
    with override_settings(TEMPLATES=templates(value="edited")):
        assert shown("value", value=identifier) == "edited"
