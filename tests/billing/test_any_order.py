"""Whatever people buy, banks decide, staff give back and deliveries lose, in any order: the money is right."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from billing.models import Payment, PaymentState
from tests.billing.agreement import hold_after_reconciling, hold_always
from tests.billing.market import SOLD, Market, market
from tests.faults.conftest import is_full

PLANS = [one for one in SOLD if one[1] != "once"]
CARDS = ["pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined", "pm_card_chargeCustomerFail", "pm_card_mastercard"]
WEATHER: list[dict[str, float]] = [
    {},
    {"drop": 0.5},
    {"duplicate": 0.5, "_500": 0.2},
    {"reorder": 0.7},
    {"drop": 0.3, "duplicate": 0.2, "reorder": 0.3, "timeout": 0.1, "lost": 0.1},
]
PLACES = st.integers(0, 20)
Found = TypeVar("Found")
TROUBLES = ["500", "500_after", "429", "409", "hangup_before", "hangup_after"]


def at(place: int, found: Sequence[Found]) -> Sequence[Found]:
    """The one there, counted from the newest and round again; none where there is none.

    What Hypothesis draws depends on nothing that happened: told the same, it does the same.
    """
    return [found[-1 - place % len(found)]] if found else []


class AnyOrder(RuleBasedStateMachine):
    """Each rule is something that somebody does or that happens; nobody waits for anything."""

    market: Market

    def __init__(self) -> None:
        super().__init__()
        self._market = market()
        self.market = self._market.__enter__()

    def teardown(self) -> None:
        """Once everything lost was found, both sides agree."""
        try:
            self.market.reconcile()
            hold_always(self.market)
            hold_after_reconciling(self.market)
        finally:
            self._market.__exit__(None, None, None)

    # People

    @rule(plan=st.sampled_from(PLANS))
    def buy_plan(self, plan: tuple[str, str]) -> None:
        self.market.buy(self.market.prices[plan], 1)

    @rule(quantity=st.integers(1, 3))
    def buy_credits(self, quantity: int) -> None:
        self.market.buy(self.market.prices["credits-50", "once"], quantity)

    @rule(plan=st.sampled_from(PLANS), card=st.sampled_from(CARDS))
    def subscribe(self, plan: tuple[str, str], card: str) -> None:
        self.market.shop(self.market.prices[plan], 1, card)

    @rule(quantity=st.integers(1, 3), card=st.sampled_from(CARDS))
    def pay_for_credits(self, quantity: int, card: str) -> None:
        self.market.shop(self.market.prices["credits-50", "once"], quantity, card)

    @rule(card=st.sampled_from(CARDS), place=PLACES)
    def pay(self, card: str, place: int) -> None:
        for page in at(place, self.market.pages()):
            self.market.pay(page, card)

    @rule(plan=st.sampled_from(PLANS))
    def see_what_a_change_costs(self, plan: tuple[str, str]) -> None:
        self.market.change(self.market.prices[plan])

    @rule()
    def change(self) -> None:
        self.market.accept()

    @rule()
    def cancel(self) -> None:
        self.market.cancel()

    @rule()
    def resume(self) -> None:
        self.market.resume()

    @rule(does=st.sampled_from(["good", "good", "declined", "asks"]))
    def card_turns(self, does: str) -> None:
        self.market.cards_do(does)

    @rule()
    def remove_card(self) -> None:
        self.market.remove_card()

    # Runs

    @rule(amount=st.integers(1, 60))
    def begin_run(self, amount: int) -> None:
        self.market.reserve(amount)

    @rule(share=st.sampled_from([0.0, 0.4, 1.0]), place=PLACES)
    def end_run(self, share: float, place: int) -> None:
        for run in at(place, list(self.market.runs)):
            self.market.settle(run, share)

    # Staff, the bank, the provider

    @rule(share=st.sampled_from([0.3, 0.5, 1.0]), place=PLACES)
    def refund(self, share: float, place: int) -> None:
        for payment in at(place, self.market.rows(Payment, state=PaymentState.SUCCEEDED)):
            self.market.refund(payment, max(1, int(payment.kept.amount * share)))

    @rule(share=st.sampled_from([0.3, 1.0]), place=PLACES)
    def refund_at_the_provider(self, share: float, place: int) -> None:
        for charge in at(place, self.market.charges(refunded=False)):
            left = charge["amount"] - charge["amount_refunded"]
            self.market.stripe.refund(charge["id"], max(1, int(left * share)))

    @rule(place=PLACES)
    def refund_fails(self, place: int) -> None:
        gone = [one for one in self.market.stripe.objects("refund") if one["status"] == "succeeded"]
        for refund in at(place, gone):
            self.market.stripe.fail_refund(refund["id"])

    @rule(place=PLACES)
    def dispute(self, place: int) -> None:
        for charge in at(place, self.market.charges(refunded=False)):
            self.market.stripe.open_dispute(charge["id"])

    @rule(outcome=st.sampled_from(["won", "lost"]), place=PLACES)
    def dispute_ends(self, outcome: str, place: int) -> None:
        found = [one for one in self.market.stripe.objects("dispute") if one["status"] == "needs_response"]
        for dispute in at(place, found):
            self.market.stripe.close_dispute(dispute["id"], outcome)

    @rule(code=st.sampled_from(["STARTER", "ENTERPRISE"]), days=st.integers(1, 40))
    def give_plan(self, code: str, days: int) -> None:
        self.market.give_plan(code, days)

    @rule(amount=st.integers(1, 80))
    def give_credits(self, amount: int) -> None:
        self.market.give_credits(amount)

    # What happens by itself

    @rule(weather=st.sampled_from(WEATHER), seed=st.integers(0, 9))
    def weather(self, weather: dict[str, float], seed: int) -> None:
        self.market.stripe.chaos(seed, **weather)

    @rule(kind=st.sampled_from(TROUBLES), times=st.integers(1, 4))
    def provider_has_trouble(self, kind: str, times: int) -> None:
        self.market.stripe.fault(kind, times=times)

    @rule()
    def deliver(self) -> None:
        self.market.deliver()

    @rule(place=PLACES)
    def deliver_again(self, place: int) -> None:
        for event in at(place, self.market.stripe.events()):
            self.market.deliver_again(event["id"])

    @rule()
    def work(self) -> None:
        self.market.work()

    @rule(span=st.sampled_from([timedelta(hours=1), timedelta(days=3), timedelta(days=12), timedelta(days=24)]))
    def time_goes_by(self, span: timedelta) -> None:
        self.market.wait(span)

    @rule()
    def beat(self) -> None:
        self.market.beat()

    @rule()
    def reconcile(self) -> None:
        self.market.reconcile()
        hold_after_reconciling(self.market)

    @invariant()
    def time_moves(self) -> None:
        self.market.wait(timedelta(seconds=1))

    @invariant()
    def money_is_right(self) -> None:
        hold_always(self.market)


@pytest.mark.django_db
def test_in_any_order_the_money_is_right() -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=300 if is_full() else 10,
            stateful_step_count=40,
            deadline=None,
            derandomize=not is_full(),
            suppress_health_check=list(HealthCheck),
            phases=list(Phase) if is_full() else [Phase.generate],
            print_blob=True,
        ),
    )
