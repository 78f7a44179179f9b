"""Changing the plan at the cost that was shown, ending it with its period, going on after all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from billing.actions import plans
from billing.errors import PaymentRefused
from billing.jobs.errands import plans as jobs
from billing.models import Errand, ErrandKind, ErrandState, Price, Subscription
from billing.providers.registry import provider
from billing.queries.access import access
from billing.transitions import errands
from organizations.models import Organization
from tests.billing import till
from tests.billing.till import Perform
from tests.fakes.stripe import Sandbox

pytestmark = pytest.mark.django_db
Sold = Callable[..., Price]


class Till:
    """An owner with a plan, at the till."""

    def __init__(self, organization: Organization, owner: User, stripe: Sandbox, run_queue: Perform) -> None:
        self.organization, self.owner, self.stripe, self.run_queue = organization, owner, stripe, run_queue

    def ask(self, action: Callable[..., Errand], **said: Any) -> Errand:
        """Do an action and what follows of it."""
        with till.working(self.organization):
            asked = action(by=self.owner, **said)
        return till.worked_off(asked, self.run_queue)

    def refused(self, action: Callable[..., Errand], **said: Any) -> str:
        """The code of the refusal."""
        with pytest.raises(PaymentRefused) as found:
            self.ask(action, **said)
        return found.value.code

    def preview(self, price: Price) -> Errand:
        """What a change costs."""
        return self.ask(plans.preview_change, organization=self.organization, price=price)

    @property
    def subscription(self) -> Subscription:
        """As our row has it."""
        return till.subscription(self.organization)

    @property
    def there(self) -> dict[str, Any]:
        """As the provider has it."""
        return self.stripe.objects("subscription")[-1]

    @property
    def plan(self) -> str:
        """The plan in force."""
        with till.working(self.organization):
            return access(self.organization).plan.code


@pytest.fixture
def subscriber(organization: Organization, owner: User, sold: Sold, stripe: Sandbox, run_queue: Perform) -> Till:
    """Somebody with PRO for a third of a month."""
    till.bought(organization, sold("PRO"), owner, stripe, run_queue)
    stripe.advance(days=10)
    return Till(organization, owner, stripe, run_queue)


def test_a_change_is_shown_then_paid_then_in_force(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("ENTERPRISE"))
    assert preview.state == ErrandState.DONE
    due = preview.result["due"]
    assert preview.result["currency"] == "EUR"
    assert 0 < due == sum(line["amount"] for line in preview.result["lines"]) < 15_000
    subscriber.stripe.advance(minutes=20)
    assert subscriber.ask(plans.change_plan, preview=preview).state == ErrandState.DONE
    assert till.payment(subscriber.organization).amount == due
    assert subscriber.plan == "ENTERPRISE"
    assert till.trail(subscriber.subscription).count("plan.change_asked") == 1


def test_a_smaller_plan_costs_nothing_now(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("STARTER"))
    assert preview.result["due"] == 0
    assert subscriber.ask(plans.change_plan, preview=preview).state == ErrandState.DONE
    assert subscriber.plan == "STARTER"


def test_a_year_instead_of_a_month_begins_now(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("PRO", "year"))
    subscriber.ask(plans.change_plan, preview=preview)
    assert till.payment(subscriber.organization).amount == preview.result["due"] > 40_000
    end = subscriber.subscription.period_end
    assert end is not None and end > timezone.now() + timedelta(days=360)


def test_a_card_that_is_declined_leaves_the_plan(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("ENTERPRISE"))
    subscriber.stripe.card_does(subscriber.there["default_payment_method"], "insufficient_funds")
    errand = subscriber.ask(plans.change_plan, preview=preview)
    assert errand.state == ErrandState.FAILED
    assert "not enough money" in errand.problem
    assert subscriber.plan == "PRO"
    assert {one["status"] for one in subscriber.stripe.objects("invoice")} == {"paid", "void"}


def test_a_bank_that_asks_leaves_the_plan_and_says_so(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("ENTERPRISE"))
    subscriber.stripe.card_does(subscriber.there["default_payment_method"], "asks")
    errand = subscriber.ask(plans.change_plan, preview=preview)
    assert (errand.state, subscriber.plan) == (ErrandState.FAILED, "PRO")
    assert "confirm" in errand.problem


def test_a_change_asked_twice_is_paid_once(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("ENTERPRISE"))
    with till.working(subscriber.organization):
        first = plans.change_plan(preview=preview, by=subscriber.owner)
        assert plans.change_plan(preview=preview, by=subscriber.owner).pk == first.pk
        jobs.change(first, provider("stripe"))  # and killed before it wrote anything down
    assert till.worked_off(first, subscriber.run_queue).state == ErrandState.DONE
    assert subscriber.plan == "ENTERPRISE"
    assert len([one for one in subscriber.stripe.objects("charge") if one["paid"]]) == 2
    assert subscriber.refused(plans.change_plan, preview=preview) == "same"


def test_what_was_shown_too_long_ago_is_reckoned_again(subscriber: Till, sold: Sold) -> None:
    preview = subscriber.preview(sold("ENTERPRISE"))
    with till.working(subscriber.organization):
        Errand.objects.filter(pk=preview.pk).update(updated_at=timezone.now() - plans.PREVIEW_HOLDS)
    assert subscriber.refused(plans.change_plan, preview=preview) == "old"


def test_one_change_at_a_time(subscriber: Till, sold: Sold) -> None:
    up, down = subscriber.preview(sold("ENTERPRISE")), subscriber.preview(sold("STARTER"))
    with till.working(subscriber.organization):
        plans.change_plan(preview=up, by=subscriber.owner)
        with pytest.raises(PaymentRefused, match="under way"):
            plans.change_plan(preview=down, by=subscriber.owner)


def test_what_cannot_be_changed_is_refused_with_the_way_on(subscriber: Till, sold: Sold, outsider: User) -> None:
    def code(price: Price) -> str:
        return subscriber.refused(plans.preview_change, organization=subscriber.organization, price=price)

    assert code(sold("PRO")) == "same"
    assert code(sold("credits-50", "once")) == "not_sold"
    assert code(sold("ENTERPRISE", currency="USD")) == "currency"
    with till.working(subscriber.organization):
        Subscription.objects.update(state="past_due")
    assert code(sold("ENTERPRISE")) == "past_due"
    with till.working(subscriber.organization):
        Subscription.objects.update(state="canceled", ended_at=timezone.now())
    assert code(sold("ENTERPRISE")) == "no_subscription"


def test_a_subscription_ends_with_its_period_or_goes_on(subscriber: Till, sold: Sold) -> None:
    said = {"organization": subscriber.organization}
    assert subscriber.refused(plans.resume, **said) == "not_cancelled"
    assert subscriber.ask(plans.cancel, **said).state == ErrandState.DONE
    assert subscriber.subscription.cancel_at_period_end
    assert subscriber.plan == "PRO"
    assert subscriber.refused(plans.cancel, **said) == "cancelled"
    assert subscriber.refused(plans.preview_change, price=sold("ENTERPRISE"), **said) == "cancelled"
    assert subscriber.ask(plans.resume, **said).state == ErrandState.DONE
    assert not subscriber.subscription.cancel_at_period_end
    assert not subscriber.there["cancel_at_period_end"]


def test_an_end_comes_at_once_and_once(subscriber: Till) -> None:
    row = subscriber.subscription
    for _twice in range(2):
        with till.working(subscriber.organization):
            asked = errands.offer(subscriber.organization, ErrandKind.END, provider=row.provider, subject_id=row.pk)
        assert till.worked_off(asked, subscriber.run_queue).state == ErrandState.DONE
    assert subscriber.subscription.ended_at is not None
    assert subscriber.plan == "FREE"
    deleted = subscriber.stripe.events("customer.subscription.deleted")
    assert len(deleted) == 1


def test_a_subscription_that_ended_meanwhile_is_said(subscriber: Till, sold: Sold) -> None:
    row = subscriber.subscription
    provider("stripe").end_subscription(row.provider_id, key="by hand")
    errand = subscriber.preview(sold("ENTERPRISE"))
    assert (errand.state, errand.problem) == (ErrandState.FAILED, "This subscription has ended: choose a plan.")


def test_what_must_be_done_is_tried_for_days(subscriber: Till, quickly: None) -> None:
    row = subscriber.subscription
    subscriber.stripe.fault("500", times=0)
    with till.working(subscriber.organization):
        asked = errands.offer(subscriber.organization, ErrandKind.END, provider=row.provider, subject_id=row.pk)
        Errand.objects.filter(pk=asked.pk).update(tries=20)
    subscriber.run_queue()
    assert till.again(asked).tries == 21
    assert 3000 < till.deferred(asked) <= 3600
    with till.working(subscriber.organization):
        Errand.objects.filter(pk=asked.pk).update(tries=59)
    till.due_now()
    assert till.worked_off(asked, subscriber.run_queue).state == ErrandState.FAILED
