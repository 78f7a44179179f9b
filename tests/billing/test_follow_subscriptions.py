"""What a subscription's state at the provider means: access, limits, grace, and letters that go out once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from billing.jobs import graces
from billing.models import CreditAccount, EntryKind, LedgerEntry, Price, Subscription, SubscriptionState
from billing.providers.base import InvoiceSeen, SubscriptionSeen
from billing.queries.access import access
from billing.transitions import subscriptions
from billing.transitions.access import LIMITED
from core import tenancy
from core.money import Money
from organizations.models import Limits, Organization
from tests import builders
from tests.builders.money import make_payment, make_purchase, make_subscription, price_of

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]


@pytest.fixture(autouse=True)
def _told(organization: Organization, owner: User) -> Iterator[None]:
    """Somebody to write to; the tenant is declared."""
    with tenancy.declared(organization.pk):
        yield


def seen(row: Subscription, **overrides: Any) -> SubscriptionSeen:
    """The subscription as the provider shows it."""
    fields: dict[str, Any] = {
        "id": row.provider_id,
        "status": str(row.state),
        "livemode": False,
        "customer_id": "cus_1",
        "price_id": "price_1",
        "item_id": row.item_id,
        "period_start": row.period_start,
        "period_end": row.period_end,
        "cancel_at_period_end": row.cancel_at_period_end,
        "trial_end": row.trial_end,
    }
    return SubscriptionSeen(**(fields | overrides))


def follow(row: Subscription, price: Price | None = None, **overrides: Any) -> bool:
    """The provider shows something; whether it was new."""
    return subscriptions.follow(row, seen(row, **overrides), price or row.price)


def bill(row: Subscription, **overrides: Any) -> InvoiceSeen:
    """A paid bill of the running period."""
    fields: dict[str, Any] = {
        "id": "in_1",
        "status": "paid",
        "money": Money(4_900, "EUR"),
        "livemode": False,
        "customer_id": "cus_1",
        "subscription_id": row.provider_id,
        "reason": "subscription_cycle",
        "period_start": row.period_start,
        "period_end": row.period_end,
    }
    return InvoiceSeen(**(fields | overrides))


def plan_of(organization: Organization) -> str:
    """The plan whose limits hold."""
    return Limits.objects.of(organization).get().plan


def told(run_queue: RunQueue) -> list[str]:
    """Subjects of the letters since the last look."""
    mail.outbox.clear()
    run_queue()
    return [str(one.subject) for one in mail.outbox]


def test_a_subscription_that_begins_opens_its_plan(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"), state=SubscriptionState.INCOMPLETE, paid_until=None)
    assert follow(row, status="active")
    assert plan_of(organization) == "PRO"
    assert access(organization).reason == "paid"
    assert told(run_queue) == ["Atelier has the plan Pro"]
    assert not follow(row)
    assert told(run_queue) == []


def test_a_bought_plan_is_told_of_by_its_purchase(organization: Organization, owner: User, run_queue: RunQueue) -> None:
    bought = make_purchase(organization, owner, price_of("PRO"))
    row = make_subscription(
        organization, price_of("PRO"), purchase=bought, state=SubscriptionState.INCOMPLETE, paid_until=None
    )
    follow(row, status="active")
    assert told(run_queue) == []


def test_a_payment_that_fails_keeps_the_plan_for_seven_days(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    follow(row, status="past_due")
    assert (row.past_due_since is not None, row.reminders) == (True, 1)
    assert access(organization).reason == "grace"
    assert plan_of(organization) == "PRO"
    assert told(run_queue) == ["The payment for Pro did not go through"]
    follow(row, status="unpaid")
    assert told(run_queue) == []
    assert access(organization).reason == "grace"


def test_a_grace_reminds_on_its_days_and_ends(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    begun = timezone.now()
    follow(row, status="past_due")
    told(run_queue)
    heard: dict[int, list[str]] = {}
    for hours in range(0, 9 * 24, 12):
        with time_machine.travel(begun + timedelta(hours=hours, minutes=5), tick=False):
            graces.settle()
            graces.settle()
            heard |= {hours // 24: subjects} if (subjects := told(run_queue)) else {}
    assert list(heard) == [3, 6, 7]
    assert heard[3] == ["The payment for Pro is still missing"]
    assert heard[6][0].startswith("Pro ends on ")
    assert heard[7] == ["Atelier has the plan Free now"]
    assert plan_of(organization) == "FREE"
    assert Entry.objects.filter(action="subscription.grace_over").count() == 1


def test_days_that_beat_missed_are_not_made_up_for(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    follow(row, status="past_due")
    told(run_queue)
    Subscription.objects.of(organization).update(past_due_since=timezone.now() - timedelta(days=9))
    graces.settle()
    assert told(run_queue) == ["Atelier has the plan Free now"]


def test_paid_again_opens_all_at_once_and_is_told_once(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    start = timezone.now() - timedelta(hours=1)
    period: dict[str, Any] = {"period_start": start, "period_end": start + timedelta(days=30)}
    follow(row, status="past_due", **period)
    told(run_queue)
    payment = make_payment(organization, subscription=row)
    follow(row, status="active", **period)
    subscriptions.paid(row, bill(row), payment)
    assert told(run_queue) == ["All is well again: Pro is paid"]
    assert (row.past_due_since, access(organization).reason) == (None, "paid")
    assert CreditAccount.objects.of(organization).get().available >= 400


@pytest.mark.parametrize("paid_first", [True, False])
def test_a_renewal_is_told_once_in_whatever_order(
    organization: Organization, run_queue: RunQueue, paid_first: bool
) -> None:
    row = make_subscription(organization, price_of("PRO"))
    payment = make_payment(organization, subscription=row)
    start = row.period_end
    assert start is not None
    period: dict[str, Any] = {"period_start": start, "period_end": start + timedelta(days=30)}
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        further = bill(row, **period)
        steps: list[Callable[[], object]] = [
            lambda: subscriptions.paid(row, further, payment),
            lambda: follow(row, **period),
        ]
        for step in steps if paid_first else steps[::-1]:
            step()
            step()
        subscriptions.paid(row, further, payment)
        assert told(run_queue) == ["Pro is paid"]
    assert row.paid_until == period["period_end"]


def test_cancelled_and_resumed_are_told(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    follow(row, cancel_at_period_end=True)
    assert told(run_queue) == ["Pro is cancelled"]
    assert plan_of(organization) == "PRO"
    follow(row, cancel_at_period_end=False)
    assert told(run_queue) == ["Pro goes on"]


def test_what_has_ended_stays_ended(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    follow(row, status="canceled")
    assert (plan_of(organization), row.ended_at is not None) == ("FREE", True)
    assert told(run_queue) == ["Pro has ended"]
    assert not follow(row, status="active")
    assert plan_of(organization) == "FREE"


def test_one_that_was_never_paid_ends_in_silence(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"), state=SubscriptionState.INCOMPLETE, paid_until=None)
    follow(row, status="incomplete_expired")
    assert told(run_queue) == []


def test_one_too_many_gives_nothing(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(
        organization, price_of("PRO"), is_surplus=True, state=SubscriptionState.INCOMPLETE, paid_until=None
    )
    follow(row, status="active")
    subscriptions.paid(row, bill(row), make_payment(organization, subscription=row))
    follow(row, status="canceled")
    assert plan_of(organization) == "FREE"
    assert told(run_queue) == []
    assert not LedgerEntry.objects.of(organization).filter(kind=EntryKind.SUBSCRIPTION).exists()


def test_a_smaller_plan_says_what_is_above_its_limits(
    organization: Organization, owner: User, run_queue: RunQueue
) -> None:
    for _number in range(6):
        builders.make_member(organization, "member")
    row = make_subscription(organization, price_of("PRO"))
    follow(row, price_of("STARTER"))
    assert plan_of(organization) == "STARTER"
    assert told(run_queue) == ["From Pro to Starter"]
    text = mail.outbox[0].message().as_string()
    assert "Nothing is deleted" in text
    assert "Members: 7 of 5" in text


def test_a_larger_plan_and_another_interval_are_told(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("STARTER"))
    follow(row, price_of("PRO"))
    assert told(run_queue) == ["From Starter to Pro"]
    follow(row, price_of("PRO", "year"))
    assert told(run_queue) == ["Pro is paid by the year now"]


def test_a_pause_rests_the_plan(organization: Organization, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    follow(row, status="paused")
    assert (plan_of(organization), told(run_queue)) == ("FREE", ["Pro is paused"])
    follow(row, status="active")
    assert (plan_of(organization), told(run_queue)) == ("PRO", ["Pro goes on"])


def test_limits_that_staff_set_by_hand_are_left_alone(
    organization: Organization, client_of: Callable[[User], Client]
) -> None:
    limits = Limits.objects.of(organization).get()
    form = {name: getattr(limits, name) or "" for name in ("plan", *LIMITED)} | {"members": 77}
    staff = client_of(builders.make_person(is_staff=True, is_superuser=True))
    assert staff.post(reverse("admin:organizations_limits_change", args=[limits.pk]), form).status_code == 302
    assert plan_of(organization) == "CUSTOM"
    row = make_subscription(organization, price_of("PRO"), state=SubscriptionState.INCOMPLETE)
    follow(row, status="active")
    assert Limits.objects.of(organization).get().members == 77


def test_a_trial_opens_the_plan_and_its_end_is_announced_once(organization: Organization, run_queue: RunQueue) -> None:
    ends = timezone.now() + timedelta(days=14)
    row = make_subscription(
        organization,
        price_of("PRO"),
        state=SubscriptionState.TRIALING,
        trial_end=ends,
        period_end=ends,
        paid_until=ends,
    )
    graces.settle()
    assert told(run_queue) == []
    with time_machine.travel(ends - timedelta(days=2), tick=False):
        graces.settle()
        graces.settle()
        assert len(told(run_queue)) == 1
    assert mail.outbox[0].subject.startswith("Your trial of Pro ends on ")
    assert row.state == SubscriptionState.TRIALING
