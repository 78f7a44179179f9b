"""What staff read off the journal: how each model does, what each organization costs; the check they can ask for."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from books.jobs import checking
from books.models import CallState, RunState
from organizations.models import Organization
from tests import builders
from tests.books.money import model, routes

pytestmark = pytest.mark.django_db
HEALTH, MARGINS = "admin:books_health", "admin:books_margins"
FELL = {"name": "first", "label": "First", "code": "unavailable", "ms": 5, "to": "second", "next": "Second"}


@pytest.fixture
def staff(db: None, client_of: Callable[[User], Client]) -> Client:
    """The browser of a superuser."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


@pytest.fixture
def configured(language_model: Any, settings: Any) -> Any:
    """Two models in one list."""
    names = {"first": model(language_model, label="First"), "second": model(language_model, label="Second")}
    settings.MODEL_ROUTES = routes(names, small=list(names), strong=list(names))
    return language_model


def worked(organization: Organization) -> None:
    """A run that was paid for and delivered, with an answer, a fallback and a failure."""
    author = builders.make_member(organization, "owner")
    run = builders.make_run(builders.make_book(organization, author), state=RunState.COMPLETED, credits_quoted=100)
    step = builders.make_step(run)
    builders.make_call(step, asked="first", total_ms=1000, first_text_ms=100, cost_micros=2_000_000)
    builders.make_call(step, asked="first", total_ms=3000, first_text_ms=300, fallbacks=[FELL])
    builders.make_call(step, asked="second", state=CallState.FAILED, problem_code="timed_out")


def test_health_tells_each_models_day(staff: Client, configured: Any, organization: Organization) -> None:
    worked(organization)
    text = staff.get(reverse(HEALTH)).content.decode()
    assert "unavailable 1" in text
    assert "timed_out 1" in text
    assert "1 (50 %)" in text
    assert "1,000 / 1,000 ms" in text
    assert "3,000 / 3,000 ms" in text


def test_a_check_asks_every_model_one_word(staff: Client, configured: Any) -> None:
    assert staff.post(reverse(HEALTH)).status_code == 302
    configured.control.fault("401")
    checking.check_models()
    assert len(configured.control.calls()) == 2
    text = staff.get(reverse(HEALTH)).content.decode()
    assert "not_authorized" in text
    assert "answers (" in text


def test_margins_are_credits_delivered_less_cost(staff: Client, organization: Organization, settings: Any) -> None:
    settings.CREDIT_VALUE_MICROS = 180_000
    worked(organization)
    text = staff.get(reverse(MARGINS)).content.decode()
    for said in ("$2.00", "$18.00", "$16.00", "88 %", "1 without a price"):
        assert said in text
    table = staff.get(reverse(MARGINS), {"as": "csv"})
    assert table["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(table.content.decode("utf-8-sig").splitlines()))
    assert lines[1] == ["atelier", "", "3", "1", "2.000000", "100", "100", "18.000000", "16.000000"]


def test_margins_are_told_by_book_too(staff: Client, organization: Organization) -> None:
    worked(organization)
    author = builders.make_member(organization, "owner")
    unsold = builders.make_step(builders.make_run(builders.make_book(organization, author, title="A Loss")))
    builders.make_call(unsold, asked="first", cost_micros=3_000_000)
    table = staff.get(reverse(MARGINS), {"as": "csv", "by": "book"}).content.decode("utf-8-sig")
    first, second = list(csv.reader(table.splitlines()))[1:]
    assert [first[1], first[2], first[4], first[-1]] == ["A Loss", "1", "3.000000", "-3.000000"]
    assert [second[2], second[4], second[-1]] == ["3", "2.000000", "16.000000"]
    text = staff.get(reverse(MARGINS), {"by": "book"}).content.decode()
    assert "A Loss" in text
    assert "by=book&amp;sort=-name" in text


def test_margins_are_sorted_and_of_one_month(staff: Client, organization: Organization) -> None:
    now = timezone.now().date()
    worked(organization)
    worked(builders.make_organization(name="Zebra", slug="zebra"))
    first = staff.get(reverse(MARGINS), {"sort": "name"}).content.decode()
    assert first.index("Atelier") < first.index("Zebra")
    last = staff.get(reverse(MARGINS), {"sort": "-name"}).content.decode()
    assert last.index("Zebra") < last.index("Atelier")
    before = now.replace(year=now.year - 1 if now.month == 1 else now.year, month=(now.month - 2) % 12 + 1, day=1)
    assert "Nothing was asked" in staff.get(reverse(MARGINS), {"month": before.isoformat()}).content.decode()


@pytest.mark.parametrize("name", [HEALTH, MARGINS])
def test_their_cost_does_not_grow(name: str, staff: Client, configured: Any, organization: Organization) -> None:
    counts = []
    for number in range(3):
        worked(builders.make_organization(slug=f"more-{number}"))
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("name", [HEALTH, MARGINS])
def test_members_find_nothing(name: str, owner: User, client_of: Any) -> None:
    assert client_of(owner).get(reverse(name)).status_code == 302
    plain = builders.make_person(is_staff=True)
    assert client_of(plain).get(reverse(name)).status_code in {302, 403}
