"""A counter at which somebody buys: orders by our actions, payments in the sandbox, deliveries by our own address."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone
from stripe import StripeClient

from accounts.models import User
from billing.actions.checkout import start_checkout
from billing.models import (
    CreditAccount,
    Customer,
    EventState,
    LedgerLine,
    Payment,
    Price,
    ProviderEvent,
    ProviderPrice,
    Purchase,
    SavedCard,
    Subscription,
)
from core import tenancy
from organizations.models import Organization
from tests.fakes.stripe import Sandbox

ADDRESS = "/webhooks/stripe/"
Event = dict[str, Any]


@dataclass
class Counter:
    """One organization and its buyer before the shop."""

    organization: Organization
    owner: User
    stripe: Sandbox
    sold: Callable[..., Price]
    run_queue: Callable[[], int]

    # ── Buying ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def order(self, code: str = "credits-50", interval: str = "once", quantity: int = 1) -> Purchase:
        """A purchase whose payment page is open."""
        price = self.sold(code, interval)
        with tenancy.declared(self.organization.pk):
            purchase = start_checkout(organization=self.organization, price=price, by=self.owner, quantity=quantity)
        self.run_queue()
        return self.again(purchase)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A transaction of the organization."""
        with transaction.atomic(), tenancy.declared(self.organization.pk):
            yield

    def again(self, purchase: Purchase) -> Purchase:
        """The purchase as it is now."""
        with self.inside():
            return Purchase.objects.of(self.organization).get(pk=purchase.pk)

    def buy(self, code: str = "credits-50", interval: str = "once", **how: Any) -> Purchase:
        """Ordered and paid, and nothing delivered of it."""
        purchase = self.order(code, interval, **how)
        assert purchase.provider_id
        assert self.stripe.pay(purchase.provider_id)["paid"]
        return purchase

    # ── Deliveries ──────────────────────────────────────────────────────────────────────────────────────────────────

    def post(self, event: Event, **how: Any) -> int:
        """One event as the sandbox would send it; the answer's status. See Control.signed."""
        body, headers = self.stripe.signed(event["id"], **how)
        answer = Client().post(ADDRESS, body, content_type="application/json", headers=headers)
        return int(answer.status_code)

    def deliver(self, events: Iterable[Event] | None = None) -> None:
        """These events, or all there are in their order; each is applied before the next one comes."""
        for event in self.stripe.events() if events is None else events:
            assert self.post(event) == 200
            self.run_queue()

    def events(self, *types: str) -> list[Event]:
        """The log, of these types alone."""
        return [one for one in self.stripe.events() if not types or one["type"] in types]

    # ── What nobody should do ───────────────────────────────────────────────────────────────────────────────────────

    def forge(self, identifier: str, field: str, value: Any, *, always: bool = False) -> None:
        """Change an object there behind everybody's back, a payment with the charge within; `always` adds a field."""
        world = self.stripe.world
        with world.lock:
            for one in (world.store.find(identifier), world.store.find(self._charge_of(identifier))):
                if one:
                    names = {field, f"{field}_received", f"{field}_captured"}
                    one |= {name: value for name in names if name in one or (always and name == field)}

    def replace_price(self, subscription: str, price: str) -> None:
        """Let a subscription there be of another price, of one that nobody knows if there is none of that id."""
        world = self.stripe.world
        with world.lock:
            found = world.store.find(subscription)
            assert found
            item = found["items"]["data"][0]
            item["price"] = world.store.find(price) or world.store.add({**item["price"], "id": price})

    def mirrored(self, price: Price) -> str:
        """The price's id there."""
        return ProviderPrice.objects.get(price=price).provider_id

    def _charge_of(self, identifier: str) -> object:
        return (self.stripe.world.store.find(identifier) or {}).get("latest_charge")

    def charge(self, amount: int, currency: str, customer: str, metadata: dict[str, str]) -> str:
        """A payment made beside our pages, through the provider's own API; its id."""
        made = self._api().v1.payment_intents.create(
            {
                "amount": amount,
                "currency": currency,
                "customer": customer,
                "metadata": metadata,
                "payment_method": "pm_card_visa",
                "confirm": True,
                "off_session": True,
            }
        )
        return made.id

    def subscribe_there(self, code: str, interval: str) -> None:
        """A subscription made at the provider's dashboard, for our customer, at a price of ours."""
        customer = Customer.objects.get(organization=self.organization).provider_id
        items: Any = [{"price": self.mirrored(self.sold(code, interval))}]
        card = self.stripe.objects("payment_method")[-1]["id"]
        self._api().v1.subscriptions.create({"customer": customer, "items": items, "default_payment_method": card})

    def _api(self) -> StripeClient:
        return StripeClient(self.stripe.secret_key, base_addresses={"api": self.stripe.url})

    def grow_old(self, purchase: Purchase, by: timedelta) -> None:
        """Make a purchase older than it is."""
        with self.inside():
            Purchase.objects.of(self.organization).filter(pk=purchase.pk).update(created_at=timezone.now() - by)

    # ── What came of it ─────────────────────────────────────────────────────────────────────────────────────────────

    def stored(self, **which: Any) -> list[ProviderEvent]:
        """Envelopes that are like `which`."""
        return list(ProviderEvent.objects.filter(**which).order_by("happened_at", "id"))

    def states(self) -> set[str]:
        """What became of the events."""
        return set(ProviderEvent.objects.values_list("state", flat=True))

    def problems(self) -> list[str]:
        """Events that fail, with why."""
        wrong = ProviderEvent.objects.filter(state__in=[EventState.FAILED, EventState.RECEIVED])
        return [f"{one.type}: {one.problem}" for one in wrong]

    def credits(self) -> tuple[int, int, int]:
        """Available, reserved, owed."""
        with self.inside():
            row = CreditAccount.objects.of(self.organization).first()
        return (row.available, row.reserved, row.debt) if row else (0, 0, 0)

    def cash(self) -> dict[str, int]:
        """What the ledger says is at the provider, by currency."""
        with self.inside():
            lines = LedgerLine.objects.of(self.organization).filter(account="cash")
            found: dict[str, int] = {}
            for line in lines:
                found[line.unit] = found.get(line.unit, 0) + line.amount
        return found

    def cards(self) -> list[SavedCard]:
        """All of them, oldest first."""
        with self.inside():
            return list(SavedCard.objects.of(self.organization).order_by("id"))

    def purchases(self) -> list[Purchase]:
        """All of them, oldest first."""
        with self.inside():
            return list(Purchase.objects.of(self.organization).order_by("id"))

    def payments(self) -> list[Payment]:
        """All of them, oldest first."""
        with self.inside():
            return list(Payment.objects.of(self.organization).order_by("id"))

    def subscriptions(self) -> list[Subscription]:
        """All of them, oldest first."""
        with self.inside():
            return list(Subscription.objects.of(self.organization).select_related("price__plan").order_by("id"))
