"""The page of usage: its numbers are those of the records, today's too; for members alone, and as a table."""

import csv
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from billing.jobs import rollups
from billing.models import Act
from billing.queries import usage as queries
from core import tenancy
from core.charts import TONES, Chart, Series, folded, step
from organizations.models import Organization
from tests.builders.usage import give_month, make_usage, spend

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(editor: User, client_of: Callable[[User], Client]) -> Client:
    """The browser of a member."""
    return client_of(editor)


def url(organization: Organization, **asked: Any) -> str:
    """The page's address."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('billing:usage', args=[organization.slug])}?{query}"


def test_new_and_old_days_count_once(member: Client, organization: Organization, one_moment: None) -> None:
    now = timezone.now()
    for days in (0, 1, 2, 29, 30):
        make_usage(organization, now - timedelta(days=days), credits=10**days if days < 3 else days)
    rollups.roll_up()
    make_usage(organization, now, credits=5_000)
    with tenancy.declared(organization.pk):
        page = queries.usage_page(organization, 30)
    assert page.spent == 1 + 10 + 100 + 29 + 5_000
    assert sum(page.credits.sums) == page.spent
    assert len(page.credits.labels) == 30
    text = member.get(url(organization)).content.decode()
    assert "5,140 credits" in text
    assert "Written words" in text


def test_a_year_is_drawn_by_the_week(organization: Organization, one_moment: None) -> None:
    make_usage(organization, timezone.now() - timedelta(days=364), credits=7)
    make_usage(organization, timezone.now() - timedelta(days=365), credits=9)
    rollups.roll_up()
    with tenancy.declared(organization.pk):
        page = queries.usage_page(organization, 365)
    assert page.credits.sums[0] == 7 == page.spent
    assert len(page.credits.labels) in {53, 54}


def test_words_are_of_what_is_written_rewritten_translated_and_read(organization: Organization) -> None:
    make_usage(organization, timezone.now(), act=Act.TRANSLATE, units=1_200)
    make_usage(organization, timezone.now(), act=Act.CHAT, units=1)
    with tenancy.declared(organization.pk):
        page = queries.usage_page(organization, 30)
    assert sum(page.words.sums) == 1_200
    assert [one.units for one in page.acts] == [1, 1_200]


def test_the_table_has_every_day_and_act(member: Client, organization: Organization) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    make_usage(organization, yesterday, credits=2, units=1_500)
    make_usage(organization, yesterday, act=Act.CHAT, units=3)
    answer = member.get(url(organization, **{"as": "csv"}))
    assert answer["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    day = yesterday.astimezone(UTC).date().isoformat()
    assert lines[1:] == [[day, "Answers in the chat", "1", "3", "1"], [day, "Written words", "1", "1500", "2"]]


def test_nothing_used_says_so(member: Client, organization: Organization) -> None:
    text = member.get(url(organization, days="90")).content.decode()
    assert "Nothing used in these days" in text
    assert "<svg class" not in text


def test_the_months_credits_and_what_is_left_of_them(member: Client, organization: Organization) -> None:
    give_month(organization, 120)
    spend(organization, 100)
    text = member.get(url(organization)).content.decode()
    assert "100 of 120" in text
    assert "meter-warning" in text
    spend(organization, 20)
    assert "nothing is left. Buy a pack of credits" in member.get(url(organization)).content.decode()


def test_guests_and_outsiders_see_nothing(
    viewer: User, outsider: User, organization: Organization, client_of: Callable[[User], Client]
) -> None:
    assert client_of(viewer).get(url(organization)).status_code == 403
    assert client_of(outsider).get(url(organization)).status_code == 404


@pytest.mark.parametrize("days", [30, 365])
def test_its_cost_does_not_grow(days: int, member: Client, organization: Organization) -> None:
    counts = []
    for number in range(1, 4):
        for back in range(number * 10):
            make_usage(organization, timezone.now() - timedelta(days=back), act=list(Act)[back % len(Act)])
        rollups.roll_up()
        member.get(url(organization, days=days))
        with CaptureQueriesContext(connection) as seen:
            assert member.get(url(organization, days=days)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]


# ── Charts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("most", "expected"), [(0, 1), (4, 1), (5, 2), (9, 5), (21, 10), (400, 100), (401, 200), (10**6, 500_000)]
)
def test_lines_stand_on_round_numbers(most: int, expected: int) -> None:
    assert step(most) == expected


def test_bars_stand_one_on_the_other_and_reach_their_value() -> None:
    chart = Chart("T", ("a", "b"), (Series("x", (1, 0)), Series("y", (3, 4), 2)))
    assert (chart.top, chart.sums, chart.ticks) == (4, (4, 4), ("4", "3", "2", "1", "0"))
    first, second, third = chart.bars
    assert (first.y, first.height, first.tone) == (300, 100, 1)
    assert (second.y, second.height, second.tone) == (0, 300, 2)
    assert (third.x, third.y, third.height, third.title) == (500, 0, 400, "b, y: 4")
    assert chart.rows == (("a", ("1", "3", "4")), ("b", ("0", "4", "4")))
    assert Chart("T", ("a", "b"), (Series("x", (0, 1)),)).rows == (("b", ("1",)),)
    with translation.override("fr"):
        assert Chart("T", ("a",), (Series("x", (1_234,)),)).rows[0][1] == ("1\xa0234",)


def test_few_labels_are_shown_whole_and_many_by_three() -> None:
    assert Chart("T", tuple("abc"), ()).ends == ("a", "b", "c")
    assert Chart("T", tuple(map(str, range(30))), ()).ends == ("0", "14", "29")
    assert Chart("T", (), ()).is_empty


def test_more_series_than_colours_are_folded() -> None:
    named = [Series(str(number), (number, 1), min(number, TONES)) for number in range(1, TONES + 3)]
    found = folded(named, "others")
    assert [one.tone for one in found] == list(range(1, TONES + 1))
    assert found[-1] == Series("others", (6 + 7 + 8, 3), TONES)
    assert folded(named[:TONES], "others") == tuple(named[:TONES])
