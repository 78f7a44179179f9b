"""Monthly credits: once for each paid month, the difference for a larger plan, and gone with their month."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from billing.jobs import months
from billing.models import CreditAccount, CreditLot, LedgerEntry, SubscriptionState
from billing.transitions import granting
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.builders.money import make_payment, make_subscription, price_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _declared(organization: Organization) -> Iterator[None]:
    with tenancy.declared(organization.pk):
        yield


def available(organization: Organization) -> int:
    """Credits there are."""
    return CreditAccount.objects.of(organization).get().available


@pytest.fixture
def organization(db: None) -> Organization:
    """One without any credits."""
    return builders.make_organization(name="Atelier", slug="atelier", balance=0)


def test_a_paid_month_brings_its_credits_once(organization: Organization) -> None:
    row = make_subscription(organization, price_of("PRO"))
    payment = make_payment(organization, subscription=row)
    entry = granting.month(row)
    assert entry is not None
    assert granting.month(row) is None
    lot = CreditLot.objects.of(organization).get()
    assert (lot.granted, lot.expires_at, entry.subject_id) == (400, row.period_end, payment.pk)
    assert entry.reference == f"subscription:{row.pk}:{row.period_start:%Y-%m-%d}"


@pytest.mark.parametrize(
    "how",
    [
        {"state": SubscriptionState.TRIALING},
        {"state": SubscriptionState.PAST_DUE},
        {"state": SubscriptionState.UNPAID},
        {"is_surplus": True},
        {"paid_until": None},
        {"paid_until": timezone.now() - timedelta(days=1)},
        {"period_end": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_is_not_paid_brings_nothing(organization: Organization, how: dict[str, Any]) -> None:
    assert granting.month(make_subscription(organization, price_of("PRO"), **how)) is None
    months.settle()
    assert LedgerEntry.objects.of(organization).count() == 0


def test_a_larger_plan_adds_the_difference_and_none_is_won_by_going_to_and_fro(organization: Organization) -> None:
    row = make_subscription(organization, price_of("STARTER"))
    granting.month(row)
    for code, expected in [("ENTERPRISE", 2_000), ("STARTER", 2_000), ("PRO", 2_000), ("ENTERPRISE", 2_000)]:
        row.price = price_of(code)
        granting.month(row)
        assert available(organization) == expected
    assert {lot.expires_at for lot in CreditLot.objects.of(organization)} == {row.period_end}


def test_another_interval_keeps_the_months_credits_and_gives_no_second_ones(organization: Organization) -> None:
    row = make_subscription(organization, price_of("PRO"))
    granting.month(row)
    now = timezone.now()
    row.price = price_of("PRO", "year")
    row.period_start, row.period_end = now, now + timedelta(days=365)
    row.paid_until = row.period_end
    assert granting.month(row) is None
    running = granting.running_month(row)
    assert running is not None
    assert CreditLot.objects.of(organization).get().expires_at == running[1]


def test_a_year_brings_its_credits_month_by_month(organization: Organization) -> None:
    start = datetime(2026, 1, 31, 10, tzinfo=UTC)
    row = make_subscription(
        organization,
        price_of("PRO", "year"),
        period_start=start,
        period_end=datetime(2027, 1, 31, 10, tzinfo=UTC),
        paid_until=datetime(2027, 1, 31, 10, tzinfo=UTC),
    )
    row.save()
    day = start + timedelta(hours=1)
    while day < datetime(2027, 3, 1, tzinfo=UTC):
        with time_machine.travel(day, tick=False):
            months.settle()
            months.settle()
            running = day < datetime(2027, 1, 31, 10, tzinfo=UTC)
            assert available(organization) == (400 if running else 0), day
        day += timedelta(days=1)
    granted = CreditLot.objects.of(organization).order_by("expires_at")
    assert [lot.granted for lot in granted] == [400] * 12
    ends = [lot.expires_at for lot in granted]
    assert ends[0] == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert ends[1] == datetime(2026, 3, 31, 10, tzinfo=UTC)
    assert ends[-1] == row.period_end


def test_a_month_that_beat_missed_is_found_by_the_next(organization: Organization) -> None:
    make_subscription(organization, price_of("STARTER"))
    months.settle()
    assert available(organization) == 120


def test_credits_of_a_period_that_begins_a_little_later_by_our_clock_are_there_at_once(
    organization: Organization,
) -> None:
    start = timezone.now() + timedelta(seconds=20)
    end = start + timedelta(days=30)
    row = make_subscription(organization, price_of("PRO"), period_start=start, period_end=end, paid_until=end)
    assert granting.month(row) is not None
