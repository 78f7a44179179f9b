"""The roll-up: days are the sums of their records, whatever comes late or twice; and who hears of low credits."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from billing.jobs import rollups
from billing.models import Act, CreditLot, EntryKind, UsageDay, UsageRecord
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import new_id
from core.models import Mail
from organizations.models import LimitWarning, Organization
from tests import builders
from tests.builders.usage import give_month, make_usage, spend

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def days(organization: Organization) -> dict[tuple[date, str], tuple[int, int, int, int]]:
    """The days that stand."""
    with tenancy.declared(organization.pk):
        rows = UsageDay.objects.of(organization)
        return {(one.day, one.act): (one.times, one.units, one.credits, one.cost_micros) for one in rows}


def test_a_day_is_the_sum_of_its_records(organization: Organization, outsider: User) -> None:
    make_usage(organization, NOON)
    make_usage(organization, NOON, units=100, cost_micros=None)
    make_usage(organization, NOON, act=Act.CHAT, credits=2)
    make_usage(organization, NOON + timedelta(hours=12))
    make_usage(outsider.memberships.get().organization, NOON, credits=7)
    assert rollups.roll_up() == 4
    assert days(organization) == {
        (NOON.date(), "words"): (2, 1_000, 2, 50),
        (NOON.date(), "chat"): (1, 900, 2, 50),
        (NOON.date() + timedelta(days=1), "words"): (1, 900, 1, 50),
    }


def test_days_are_those_of_utc(organization: Organization) -> None:
    with timezone.override("Pacific/Kiritimati"):
        make_usage(organization, datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC))
        make_usage(organization, datetime(2026, 3, 11, 0, 0, 0, tzinfo=UTC))
        rollups.roll_up()
    assert [day for day, _act in sorted(days(organization))] == [date(2026, 3, 10), date(2026, 3, 11)]


def test_a_second_turn_writes_nothing(organization: Organization) -> None:
    make_usage(organization, NOON)
    assert rollups.roll_up() == 1
    before = days(organization)
    assert rollups.roll_up() == 0
    assert days(organization) == before


def test_a_record_that_comes_late_or_changes_makes_its_day_new(organization: Organization) -> None:
    first = make_usage(organization, NOON)
    rollups.roll_up()
    make_usage(organization, NOON, units=1)
    with tenancy.declared(organization.pk):
        first.replace(credits=5)
    assert rollups.roll_up() == 1
    assert days(organization) == {(NOON.date(), "words"): (2, 901, 6, 100)}


def test_what_is_far_behind_the_last_turn_is_not_read_again(organization: Organization, outsider: User) -> None:
    make_usage(organization, NOON)
    rollups.roll_up()
    with tenancy.system("a test"):
        UsageRecord.objects.update(updated_at=timezone.now() - rollups.MARGIN - timedelta(minutes=1), units=5)
    assert rollups.roll_up() == 0
    with tenancy.system("a test"):
        UsageRecord.objects.update(updated_at=timezone.now() - rollups.MARGIN + timedelta(minutes=1))
    assert rollups.roll_up() == 1


@settings(max_examples=15, deadline=None)
@given(hours=st.lists(st.lists(st.integers(0, 100), max_size=4), min_size=1, max_size=4))
def test_turns_in_between_change_nothing_in_the_end(hours: list[list[int]]) -> None:
    organization = builders.make_organization()
    for batch in hours:
        for hour in batch:
            make_usage(organization, NOON + timedelta(hours=hour), credits=hour)
        rollups.roll_up()
    whole: dict[date, int] = {}
    for hour in [hour for batch in hours for hour in batch]:
        day = (NOON + timedelta(hours=hour)).date()
        whole[day] = whole.get(day, 0) + hour
    assert {day: sums[2] for (day, _act), sums in days(organization).items()} == whole


# ── Who hears of low credits ────────────────────────────────────────────────────────────────────────────────────────


def told(organization: Organization) -> list[int]:
    """At which shares they were told."""
    with tenancy.declared(organization.pk):
        return sorted(LimitWarning.objects.of(organization).values_list("percent", flat=True))


def plain(letter: Any) -> str:
    """Its text."""
    return str(letter.message().get_body(("plain",)).get_content())


def test_owners_hear_at_80_and_at_95_per_cent_once(organization: Organization, owner: User, run_queue: Any) -> None:
    give_month(organization, 120)
    for amount, expected in [(95, []), (1, [80]), (17, [80]), (1, [80, 95]), (6, [80, 95])]:
        spend(organization, amount)
        rollups.roll_up()
        rollups.roll_up()
        assert told(organization) == expected
    assert Mail.objects.count() == 2
    run_queue()
    first, second = mail.outbox
    assert ["96 of 120" in plain(first), "114 of 120" in plain(second)] == [True, True]
    assert first.to == [owner.email]


def test_a_new_month_is_told_of_again(organization: Organization, owner: User) -> None:
    give_month(organization, 100)
    spend(organization, 85)
    rollups.roll_up()
    with tenancy.system("a month later"):
        LimitWarning.objects.update(created_at=timezone.now() - timedelta(days=31))
        CreditLot.objects.update(expires_at=timezone.now() - timedelta(days=1))
    give_month(organization, 100)
    spend(organization, 90)
    rollups.roll_up()
    assert told(organization) == [80]
    assert Mail.objects.count() == 2


def test_credits_that_are_reserved_are_not_spent_yet_and_packs_are_of_no_month(
    organization: Organization, owner: User
) -> None:
    give_month(organization, 100)
    with tenancy.declared(organization.pk):
        account, run = ledger.lock(organization), new_id()
        ledger.hold(account, Posting(EntryKind.RESERVE, f"run:{run}:reserve", ("run", run)), 90)
    spend(organization, 10)
    rollups.roll_up()
    assert told(organization) == []
    with tenancy.declared(organization.pk):
        ledger.grant(ledger.lock(organization), Posting(EntryKind.PURCHASE, "pack"), 1_000)
    spend(organization, 500)
    rollups.roll_up()
    assert told(organization) == []


def test_nobody_is_told_without_a_plan(organization: Organization, owner: User) -> None:
    with tenancy.declared(organization.pk):
        ledger.grant(ledger.lock(organization), Posting(EntryKind.BONUS, "gift"), 30)
    spend(organization, 30)
    rollups.roll_up()
    assert told(organization) == []
    assert not Mail.objects.exists()
