"""A subscription's life at the provider, as our books have it: renewed, failed, doubled, paid back, called back."""

from collections.abc import Callable

import pytest

from billing.models import EventState, SubscriptionState
from tests.billing.counter import Counter
from tests.trail import trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscribed(counter: Counter) -> Counter:
    """With PRO by the month, paid and applied; the sandbox's clock stands."""
    counter.stripe.freeze(counter.stripe.now)
    counter.buy("PRO", "month")
    counter.deliver()
    return counter


def news(counter: Counter) -> None:
    """What is not stored yet comes in, and is applied."""
    known = {one.event_id for one in counter.stored()}
    counter.deliver([one for one in counter.stripe.events() if one["id"] not in known])
    assert counter.problems() == []


def test_a_renewal_is_paid_once_and_moves_the_period(subscribed: Counter) -> None:
    (before,) = subscribed.subscriptions()
    subscribed.stripe.advance(days=32)
    news(subscribed)
    (after,) = subscribed.subscriptions()
    assert before.period_end
    assert after.period_start == before.period_end
    assert after.paid_until == after.period_end
    assert subscribed.cash() == {"EUR": 9800}
    assert [one.invoice_id != "" for one in subscribed.payments()] == [True, True]


def test_a_renewal_that_fails_takes_nothing_and_recovers(subscribed: Counter) -> None:
    card = subscribed.stripe.objects("payment_method")[-1]["id"]
    subscribed.stripe.card_does(card, "declined")
    subscribed.stripe.advance(days=32)
    news(subscribed)
    (failing,) = subscribed.subscriptions()
    assert failing.state == SubscriptionState.PAST_DUE
    assert failing.past_due_since
    assert subscribed.cash() == {"EUR": 4900}
    assert [one.state for one in subscribed.payments()] == ["succeeded", "failed"]
    subscribed.stripe.card_does(card, "good")
    subscribed.stripe.advance(days=4)
    news(subscribed)
    (healed,) = subscribed.subscriptions()
    assert (healed.state, healed.past_due_since) == (SubscriptionState.ACTIVE, None)
    assert subscribed.cash() == {"EUR": 9800}


def test_the_second_of_two_that_were_bought_side_by_side_is_ended_and_paid_back(counter: Counter) -> None:
    before = counter.credits()[0]
    first, second = counter.order("STARTER", "month"), counter.order("PRO", "month")
    # Both pages stood open in two windows; the sandbox is made to forget that the first was closed.
    for purchase in (first, second):
        assert purchase.provider_id
        counter.forge(purchase.provider_id, "status", "open")
        assert counter.stripe.pay(purchase.provider_id)["paid"]
    counter.deliver()
    news(counter)
    kept, surplus = counter.subscriptions()
    assert (kept.is_surplus, surplus.is_surplus) == (False, True)
    assert (kept.state, surplus.state) == (SubscriptionState.ACTIVE, SubscriptionState.CANCELED)
    assert sorted(one.kept.amount for one in counter.payments()) == [0, 1900]
    assert counter.cash() == {"EUR": 1900}
    assert counter.credits() == (before + 120, 0, 0)
    assert len(trail("subscription.surplus")) == 1


def test_a_whole_refund_ends_the_subscription_and_takes_its_credits(subscribed: Counter) -> None:
    had = subscribed.credits()[0]
    (payment,) = subscribed.payments()
    subscribed.stripe.refund(payment.provider_id)
    news(subscribed)
    news(subscribed)
    (ended,) = subscribed.subscriptions()
    assert ended.state == SubscriptionState.CANCELED
    assert subscribed.credits() == (had - 400, 0, 0)
    assert subscribed.cash() == {"EUR": 0}


def test_a_partial_refund_leaves_the_subscription(subscribed: Counter) -> None:
    had = subscribed.credits()[0]
    (payment,) = subscribed.payments()
    subscribed.stripe.refund(payment.provider_id, 2450)
    news(subscribed)
    assert [one.state for one in subscribed.subscriptions()] == [SubscriptionState.ACTIVE]
    assert subscribed.credits() == (had - 200, 0, 0)
    assert subscribed.cash() == {"EUR": 2450}


def test_a_year_that_is_paid_back_in_part_keeps_the_months_that_were_used(counter: Counter) -> None:
    before = counter.credits()[0]
    counter.buy("STARTER", "year")
    counter.deliver()
    (payment,) = counter.payments()
    assert payment.amount == 18_240
    counter.stripe.refund(payment.provider_id, payment.amount * 9 // 12)
    news(counter)
    assert counter.credits() == (before + 120, 0, 0)  # the first of three months that stay paid


def test_a_refund_that_fails_after_all_is_undone(counter: Counter) -> None:
    before = counter.credits()[0]
    counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    refund = counter.stripe.refund(payment.provider_id, 450)
    news(counter)
    assert (counter.credits()[0], counter.cash()) == (before + 25, {"EUR": 450})
    counter.stripe.fail_refund(refund["id"])
    news(counter)
    assert (counter.credits()[0], counter.cash()) == (before + 50, {"EUR": 900})
    counter.stripe.refund(payment.provider_id)
    news(counter)
    assert (counter.credits()[0], counter.cash()) == (before, {"EUR": 0})


@pytest.mark.parametrize("outcome", ["lost", "won"])
def test_a_dispute_takes_money_and_credits_only_when_it_is_lost(counter: Counter, outcome: str) -> None:
    before = counter.credits()[0]
    counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    dispute = counter.stripe.open_dispute(payment.provider_id)
    news(counter)
    assert (counter.credits()[0], counter.cash()) == (before + 50, {"EUR": 900})
    assert counter.payments()[0].dispute_state == "open"
    counter.stripe.close_dispute(dispute["id"], outcome)
    news(counter)
    assert counter.payments()[0].dispute_state == outcome
    lost = (before, {"EUR": 0})
    assert (counter.credits()[0], counter.cash()) == (lost if outcome == "lost" else (before + 50, {"EUR": 900}))


def test_a_lost_dispute_of_spent_credits_is_a_debt(counter: Counter, spend: Callable[[int], None]) -> None:
    counter.buy()
    counter.deliver()
    spend(counter.credits()[0])
    (payment,) = counter.payments()
    dispute = counter.stripe.open_dispute(payment.provider_id)
    counter.stripe.close_dispute(dispute["id"], "lost")
    news(counter)
    assert counter.credits() == (0, 0, 50)


def test_a_subscription_made_at_their_dashboard_gives_nothing(counter: Counter) -> None:
    counter.buy()
    counter.deliver()
    before = counter.credits()
    counter.subscribe_there("PRO", "month")
    counter.deliver()
    assert counter.subscriptions() == []
    assert counter.credits() == before
    assert "unknown_subscription" in {one.code for one in counter.stored(state=EventState.REFUSED)}


def test_cards_are_known_as_they_are_there(subscribed: Counter) -> None:
    assert [(one.last4, one.is_default, one.removed_at) for one in subscribed.cards()] == [("4242", True, None)]
    subscribed.stripe.renew_card(subscribed.cards()[0].provider_id)
    news(subscribed)
    there = subscribed.stripe.object(subscribed.cards()[0].provider_id)["card"]
    assert (subscribed.cards()[0].exp_month, subscribed.cards()[0].exp_year) == (there["exp_month"], there["exp_year"])
