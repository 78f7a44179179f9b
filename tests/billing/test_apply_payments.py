"""What was paid is granted: once, and only what was asked for."""

import pytest

from tests.billing.counter import Counter

pytestmark = pytest.mark.django_db


def test_a_pack_that_was_paid_brings_its_credits(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy(quantity=2)
    counter.deliver()
    assert counter.problems() == []
    assert counter.again(purchase).state == "paid"
    assert counter.credits() == (before + 100, 0, 0)
    assert counter.cash() == {"EUR": 1800}


def test_a_plan_that_was_paid_is_in_force(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy("PRO", "month")
    counter.deliver()
    assert counter.problems() == []
    assert counter.again(purchase).state == "paid"
    assert [one.state for one in counter.subscriptions()] == ["active"]
    assert counter.credits() == (before + 400, 0, 0)
    assert counter.cash() == {"EUR": 4900}
