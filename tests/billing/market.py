"""An organization that buys, a provider it buys from, and all that may go wrong between them: for test_any_order."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import time_machine
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from billing.actions import cards, checkout, gifts, plans, refunds
from billing.actions import credits as credits_of_runs
from billing.errors import InDebt, PaymentRefused, TooFewCredits
from billing.jobs import graces, months, reconciling
from billing.models import (
    Act,
    Errand,
    ErrandKind,
    ErrandState,
    Payment,
    Plan,
    Price,
    SavedCard,
)
from billing.queries.credits import Delivery
from core import events, tenancy
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.billing.conftest import mirror
from tests.conftest import perform_due
from tests.fakes.stripe import Sandbox, sandbox

SOLD = [
    ("STARTER", "month"), ("PRO", "month"), ("PRO", "year"), ("ENTERPRISE", "month"), ("credits-50", "once"),
]  # fmt: skip
TRIAL_DAYS = 14  # of the smallest plan, for whoever never had one
# What listing finds again at the provider; whatever was lost before is lost for good.
LISTED_DAYS = 28

# Always the same day, months of all lengths ahead: a trial that fails once fails again.
BEGUN = datetime(2027, 1, 20, 12, tzinfo=UTC)


class Market:
    """One example of the state machine, in a transaction that is rolled back: `with market() as one:`."""

    def __init__(self, stripe: Sandbox, clock: Any) -> None:
        self.stripe, self.clock = stripe, clock
        self.organization: Organization = builders.make_organization(name="Atelier", slug="atelier", balance=0)
        self.owner: User = builders.make_member(self.organization, "owner")
        self.staff: User = builders.make_person(email="finance@example.org", is_staff=True)
        self.prices = {
            (one.item.code, one.interval): one
            for one in Price.objects.current().filter(currency="EUR").select_related("plan", "pack", "service")
            if (one.item.code, one.interval) in SOLD
        }
        self._try_out(SOLD[0])
        for price in self.prices.values():
            mirror(price)
        self.runs: dict[UUID, int] = {}
        self.unlisted = timedelta()
        self.numbers = count(1)
        self.web = Client()
        stripe.endpoint("http://testserver/webhooks/stripe/")
        stripe.pause()

    def _try_out(self, sold: tuple[str, str]) -> None:
        """Sell that from now on with a trial."""
        old = self.prices[sold]
        old.replace(retired_at=timezone.now())
        self.prices[sold] = Price.objects.create(
            plan=old.plan,
            currency=old.currency,
            interval=old.interval,
            amount=old.amount,
            version=2,
            trial_days=TRIAL_DAYS,
        )

    # People

    def buy(self, price: Price, quantity: int) -> None:
        """Order something; a second plan beside a running one is refused."""
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            checkout.start_checkout(organization=self.organization, price=price, quantity=quantity, by=self.owner)

    def shop(self, price: Price, quantity: int, card: str) -> None:
        """Order something, be led to its page, pay."""
        before = set(self.pages())
        self.buy(price, quantity)
        self.work()
        for page in set(self.pages()) - before:
            self.pay(page, card)

    def pages(self) -> list[str]:
        """Payment pages that are open at the provider."""
        return [one["id"] for one in self.stripe.objects("checkout.session") if one["status"] == "open"]

    def pay(self, page: str, card: str) -> None:
        """Press "Pay" there."""
        self.stripe.pay(page, card)

    def change(self, price: Price) -> None:
        """Ask what a change costs; once it is known, `accept` makes it."""
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            plans.preview_change(organization=self.organization, price=price, by=self.owner)

    def accept(self) -> None:
        """Change the plan at the price that was shown last."""
        for shown in self.rows(Errand, kind=ErrandKind.PREVIEW, state=ErrandState.DONE)[-1:]:
            with self.declared(), suppress(PaymentRefused):
                plans.change_plan(preview=shown, by=self.owner)

    def cancel(self) -> None:
        """End the plan with its period."""
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            plans.cancel(organization=self.organization, by=self.owner)

    def resume(self) -> None:
        """Go on after all."""
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            plans.resume(organization=self.organization, by=self.owner)

    def cards_do(self, does: str) -> None:
        """What the saved cards do from now on."""
        for card in self.stripe.objects("payment_method"):
            if card["customer"]:
                self.stripe.card_does(card["id"], does)

    def remove_card(self) -> None:
        """Have the newest card forgotten."""
        for card in self.rows(SavedCard, removed_at__isnull=True)[-1:]:
            with self.declared(), suppress(PaymentRefused):
                cards.remove_card(card=card, by=self.owner)

    # Work

    def reserve(self, amount: int) -> None:
        """A run begins, if there are enough credits."""
        run = uuid4()
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            credits_of_runs.reserve(organization=self.organization, run_id=run, amount=amount, by=self.owner)
            self.runs[run] = amount

    def settle(self, run: UUID, share: float) -> None:
        """A run ends: it delivered that share of what it reserved; nothing, where it was cancelled."""
        amount = int(self.runs.pop(run) * share)
        with self.declared():
            delivered = [Delivery(Act.WORDS, units=amount * 1000, credits=amount)] if amount else []
            credits_of_runs.settle(organization=self.organization, run_id=run, delivered=delivered)

    # Staff, the bank, the provider's dashboard

    def refund(self, payment: Payment, amount: int) -> None:
        """Staff pay back."""
        with self.declared(), suppress(PaymentRefused, TooFewCredits, InDebt):
            refunds.refund(payment=payment, amount=amount, reason="They asked.", by=self.staff)

    def give_plan(self, code: str, days: int) -> None:
        """Staff give a plan for some days."""
        with self.declared():
            gifts.give_plan(
                organization=self.organization,
                plan=Plan.objects.get(code=code),
                until=timezone.now() + timedelta(days=days),
                reason="For a review.",
                by=self.staff,
            )

    def give_credits(self, amount: int) -> None:
        """Staff give credits."""
        with self.declared():
            gifts.give_credits(
                organization=self.organization, amount=amount, reason="For a review.", by=self.staff, key=uuid4()
            )

    def charges(self, **fields: Any) -> list[Any]:
        """Payments at the provider that came in and that no dispute is about."""
        found = [one for one in self.stripe.objects("charge") if one["paid"] and not one["disputed"]]
        return [one for one in found if all(one[name] == value for name, value in fields.items())]

    # The machine room

    def tick(self) -> None:
        """Both clocks stand at the same second."""
        self.stripe.advance(to=max(int(timezone.now().timestamp()), self.stripe.now))

    def wait(self, span: timedelta) -> None:
        """Time goes by, in steps no longer than a renewal needs to be heard of within what can be listed."""
        self.unlisted += span
        if self.unlisted > timedelta(days=LISTED_DAYS):
            self.reconcile()
        self.clock.shift(span)
        self.tick()

    def deliver(self) -> None:
        """Everything that is on its way arrives, as the weather has it."""
        self.stripe.drain(self._post)

    def deliver_again(self, event: str) -> None:
        """Something that was sent before arrives once more."""
        self.stripe.world.delivery.again(event)
        self.deliver()

    def _post(self, _url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        signature = {"Stripe-Signature": headers["Stripe-Signature"]}
        answer = self.web.post("/webhooks/stripe/", body, content_type="application/json", headers=signature)
        return answer.status_code, ""

    def work(self, *, patient: bool = True) -> int:
        """Workers do what is due; impatient ones what waits for another try, too."""
        tried = Lease.objects.filter(available_at__lte=timezone.now()) if patient else Lease.objects.all()
        tried.update(available_at=Now())
        return perform_due()

    def beat(self) -> None:
        """What beat does each hour."""
        months.settle()
        graces.settle()

    def reconcile(self) -> None:
        """The air is clear, everybody answers, and six hours go by: whatever was lost is found."""
        self.stripe.chaos(0)
        self.stripe.clear_faults()
        for _round in range(3):
            self.clock.shift(reconciling.READ_EVERY + timedelta(minutes=1))
            self.tick()
            reconciling.reconcile()
            for _try in range(3):
                self.work(patient=False)
        self.unlisted = timedelta()
        self.beat()

    # A look at it

    @contextmanager
    def declared(self) -> Iterator[None]:
        """In the tenant, as a request is."""
        with transaction.atomic(), tenancy.declared(self.organization.pk):
            yield

    def rows(self, model: Any, **fields: Any) -> list[Any]:
        """Rows of the organization, the oldest first."""
        with self.declared():
            return list(model.objects.of(self.organization).filter(**fields).order_by("pk"))


@contextmanager
def market() -> Iterator[Market]:
    """A new one; nothing of it is left behind, and the clock is the machine's again."""
    with ExitStack() as stack:
        events.client().flushdb()
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        stripe = stack.enter_context(sandbox(start=int(BEGUN.timestamp()), seed=7))
        connected = {
            "STRIPE_SECRET_KEY": stripe.secret_key,
            "STRIPE_WEBHOOK_SECRETS": [stripe.endpoint_secret],
            "STRIPE_URL": stripe.url,
            "LEASE_HEARTBEAT_SECONDS": 3600.0,
        }
        stack.enter_context(override_settings(**connected))
        clock = stack.enter_context(time_machine.travel(BEGUN, tick=False))
        yield Market(stripe, clock)
