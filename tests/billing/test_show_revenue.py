"""The dashboard of money: by the ledger, by currency, in as many queries whatever there is."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.jobs import rollups
from billing.models import (
    EntryKind,
    EventState,
    Payment,
    PaymentState,
    Price,
    ProviderEvent,
    Subscription,
    SubscriptionState,
)
from billing.queries import revenue
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.money import Money
from organizations.models import Organization
from tests import builders
from tests.builders.usage import make_usage

pytestmark = pytest.mark.django_db
URL = "admin:billing_revenue"
_numbers = count()


@pytest.fixture
def staff(client_of: Callable[[User], Client]) -> Client:
    """The browser of a superuser."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


@transaction.atomic
def moved(organization: Organization, amount: int, currency: str = "EUR", kind: EntryKind = EntryKind.PURCHASE) -> None:
    """Money that came in; that went back, below nothing."""
    with tenancy.declared(organization.pk):
        posting = Posting(kind, f"moved:{next(_numbers)}")
        ledger.receive(ledger.lock(organization), posting, Money(amount, currency))


@transaction.atomic
def subscribed(
    organization: Organization, interval: str = "month", currency: str = "EUR", **given: Any
) -> Subscription:
    """A paid subscription to PRO."""
    price = Price.objects.current().get(plan__code="PRO", interval=interval, currency=currency)
    fields = {"provider": "stripe", "livemode": False, "provider_id": f"sub_{next(_numbers)}", "price": price}
    fields |= {"state": SubscriptionState.ACTIVE, "paid_until": timezone.now()}
    began = given.pop("began", timezone.now())
    with tenancy.declared(organization.pk):
        made = Subscription.objects.create(organization=organization, **(fields | given))
        Subscription.objects.of(organization).filter(pk=made.pk).update(created_at=began)
    return made


@transaction.atomic
def failed(organization: Organization, code: str = "card_declined") -> None:
    """A payment that failed."""
    fields = {"provider": "stripe", "livemode": False, "provider_id": f"pi_{next(_numbers)}", "failure_code": code}
    with tenancy.declared(organization.pk):
        Payment.objects.create(
            organization=organization, state=PaymentState.FAILED, amount=4_900, currency="EUR", **fields
        )


def received(state: EventState, code: str) -> None:
    """An event of a provider."""
    fields = {"provider": "stripe", "livemode": False, "type": "invoice.paid", "happened_at": timezone.now()}
    ProviderEvent.objects.create(event_id=f"evt_{next(_numbers)}", state=state, code=code, **fields)


def test_revenue_is_by_month_and_currency_and_less_what_went_back(staff: Client, organization: Organization) -> None:
    moved(organization, 4_900)
    moved(organization, 1_900)
    moved(organization, -900, kind=EntryKind.REFUND)
    moved(organization, -1_900, kind=EntryKind.DISPUTE)
    moved(organization, 15_000, "XOF")
    text = staff.get(reverse(URL)).content.decode()
    for said in ("€68.00", "€28.00", "€40.00", "Revenue in XOF"):
        assert said in text, said
    lines = list(csv.reader(staff.get(reverse(URL), {"as": "csv"}).content.decode("utf-8-sig").splitlines()))
    month = f"{timezone.now().astimezone(UTC):%Y-%m}"
    assert lines[1:] == [[month, "EUR", "68.00", "28.00", "40.00"], [month, "XOF", "15000", "0", "15000"]]


def test_a_refund_that_failed_is_no_refund(organization: Organization) -> None:
    moved(organization, 900)
    moved(organization, -900, kind=EntryKind.REFUND)
    moved(organization, 900, kind=EntryKind.REFUND)
    with tenancy.system("a test"):
        [month] = revenue.revenue(revenue.month_starts(timezone.now().date()))
    assert (month.received, month.returned) == (900, 0)


def test_what_recurs_counts_a_twelfth_of_a_year_and_no_trial(staff: Client, organization: Organization) -> None:
    others = [builders.make_organization() for _each in range(4)]
    subscribed(organization)
    subscribed(others[0], state=SubscriptionState.PAST_DUE)
    subscribed(others[1], interval="year")
    subscribed(others[2], state=SubscriptionState.TRIALING)
    subscribed(others[2], is_surplus=True)
    subscribed(others[3], currency="XOF")
    with tenancy.system("a test"):
        euros, francs = revenue.recurring()
    assert (euros.money.amount, euros.subscriptions) == (2 * 4_900 + 47_040 // 12, 3)
    assert (francs.money, francs.subscriptions) == (Money(35_000, "XOF"), 1)
    assert "€137.20" in staff.get(reverse(URL)).content.decode()


def test_who_leaves_is_counted_of_those_who_ran() -> None:
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    ended: dict[str, Any] = {"state": SubscriptionState.CANCELED}
    before, minute = march - timedelta(days=90), timedelta(minutes=1)
    for given in (
        {"began": before},  # runs
        {"began": before, "ended_at": march, **ended},  # the first moment of March
        {"began": before, "ended_at": april - minute, **ended},
        {"began": before, "ended_at": april, **ended},  # of April
        {"began": before, "ended_at": march - minute, **ended},  # of February
        {"began": march + minute, "ended_at": april - minute, **ended},  # came and went
        {"began": before, "ended_at": march, "paid_until": None, **ended},  # never paid
    ):
        subscribed(builders.make_organization(), **given)
    with tenancy.system("a test"):
        february, of_march, of_april = revenue.churn((date(2026, 2, 1), march.date(), april.date()))
    assert (february.running, february.ended) == (5, 1)
    assert (of_march.running, of_march.ended, of_march.percent) == (4, 2, 50)
    assert (of_april.running, of_april.ended) == (2, 1)


def test_failures_and_events_of_late_are_listed(staff: Client, organization: Organization) -> None:
    failed(organization, "insufficient_funds")
    failed(organization)
    failed(organization)
    received(EventState.REFUSED, "wrong_amount")
    received(EventState.IGNORED, "unknown_customer")
    received(EventState.APPLIED, "")
    text = staff.get(reverse(URL)).content.decode()
    assert text.index("card_declined × 2") < text.index("insufficient_funds × 1")
    assert "wrong_amount" in text
    assert "unknown_customer" in text
    with tenancy.system("a test"):
        page = revenue.revenue_page()
    assert (page.failed_number, page.open_events) == (3, 1)


def test_margins_are_what_credits_are_worth_less_what_models_cost(
    staff: Client, organization: Organization, settings: Any
) -> None:
    settings.CREDIT_VALUE_MICROS = 180_000
    make_usage(organization, timezone.now(), credits=100, cost_micros=2_000_000)
    rollups.roll_up()
    text = staff.get(reverse(URL)).content.decode()
    for said in ("Atelier", "$18.00", "$2.00", "$16.00", "88 %"):
        assert said in text, said


def test_an_empty_house_is_told_as_one(staff: Client) -> None:
    text = staff.get(reverse(URL)).content.decode()
    for said in (
        "Nothing was paid",
        "No subscription runs",
        "None failed",
        "Every event found",
        "Nothing was delivered",
    ):
        assert said in text, said


def test_its_cost_does_not_grow(staff: Client) -> None:
    counts = []
    for _turn in range(3):
        for _each in range(3):
            organization = builders.make_organization()
            moved(organization, 4_900)
            moved(organization, -100, "XOF", EntryKind.REFUND)
            subscribed(organization)
            failed(organization)
            received(EventState.FAILED, "odd")
            make_usage(organization, timezone.now())
        rollups.roll_up()
        staff.get(reverse(URL))  # the first visit fills caches
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(reverse(URL)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_only_who_may_see_payments_sees_it(client_of: Callable[[User], Client], owner: User) -> None:
    assert client_of(owner).get(reverse(URL)).status_code == 302
    plain = builders.make_person(is_staff=True)
    plain.user_permissions.add(Permission.objects.get(codename="view_usageday"))
    assert client_of(plain).get(reverse(URL)).status_code == 403
