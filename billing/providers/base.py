"""What the rest of billing asks of a payment provider, in its own words: Stripe's and Paystack's are turned into these.

Amounts are minor units by ISO 4217 everywhere on this side; an adapter multiplies by its provider's own factor.
Every write takes a `key`: the same key asked twice is one effect. Nothing here reads or writes our database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.money import Money


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do (ruling 30); a page offers nothing else."""

    proration: bool
    portal: bool
    add_card: bool
    retries_renewals: bool
    lists_events: bool


# ── What went wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


class ProviderError(Exception):
    """The provider did not do it. `code` is its own word; `message` may be shown to staff, never to customers."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Unreachable(ProviderError):
    """No answer, or a passing fault of theirs: the same key may be asked again, not before `retry_after` seconds.

    With `is_spent_key` they remember this fault under the key and give it for ever: look, then ask with another key.
    """

    def __init__(
        self, message: str, *, code: str = "", retry_after: int | None = None, is_spent_key: bool = False
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
        self.is_spent_key = is_spent_key


class Declined(ProviderError):
    """The card was declined; `code` says why, in the provider's words."""


class Rejected(ProviderError):
    """They understood, and refused: asking again changes nothing."""


class NotFound(Rejected):
    """They know no such object."""


class BadSignature(Exception):
    """A delivery that does not prove to come from the provider, or is too old."""


# ── What they say ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class EventSeen:
    """The envelope of an event.

    `object_type` is checkout, subscription, invoice, payment, refund, dispute, card, customer, price, product, or empty
    for another; `object_id` is what the method of that name takes (of a charge the payment it belongs to).
    """

    id: str
    type: str
    happened_at: datetime
    livemode: bool
    object_type: str
    object_id: str
    customer_id: str = ""
    account: str = ""
    api_version: str = ""


@dataclass(frozen=True)
class CheckoutSeen:
    """A payment page: `status` is open, complete or expired; `is_paid` once money or a free trial is certain."""

    id: str
    status: str
    is_paid: bool
    url: str
    livemode: bool
    money: Money | None
    customer_id: str = ""
    payment_id: str = ""
    subscription_id: str = ""
    expires_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PaymentSeen:
    """A payment: `status` is succeeded, failed (the last try did), pending or canceled."""

    id: str
    status: str
    money: Money
    livemode: bool
    customer_id: str = ""
    invoice_id: str = ""
    refunded: int = 0
    failure_code: str = ""
    card: str = ""
    paid_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SubscriptionSeen:
    """A subscription; `status` in the words of billing.models.SubscriptionState."""

    id: str
    status: str
    livemode: bool
    customer_id: str
    price_id: str
    item_id: str
    period_start: datetime | None
    period_end: datetime | None
    cancel_at_period_end: bool = False
    trial_end: datetime | None = None
    ended_at: datetime | None = None
    latest_invoice_id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InvoiceSeen:
    """A bill of the provider's: `status` is draft, open, paid, void or uncollectible; its line's period."""

    id: str
    status: str
    money: Money  # what was or is to be paid
    livemode: bool
    customer_id: str
    subscription_id: str = ""
    payment_ids: tuple[str, ...] = ()
    reason: str = ""  # subscription_create, subscription_cycle, subscription_update, manual …
    price_id: str = ""  # of the last line that is no proration credit
    period_start: datetime | None = None
    period_end: datetime | None = None
    next_attempt_at: datetime | None = None


@dataclass(frozen=True)
class RefundSeen:
    """A refund; `status` in the words of billing.models.RefundState."""

    id: str
    payment_id: str
    money: Money
    status: str
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DisputeSeen:
    """A dispute; `status` in the words of billing.models.DisputeState."""

    id: str
    payment_id: str
    money: Money
    status: str
    reason: str = ""


@dataclass(frozen=True)
class CardSeen:
    """A saved card."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    is_default: bool


@dataclass(frozen=True)
class PreviewLine:
    """One line of what a change costs; credit for unused time is negative."""

    description: str
    money: Money


@dataclass(frozen=True)
class Preview:
    """What a change of plan costs now, reckoned at `at`: the change asks for the same moment again."""

    due: Money
    lines: tuple[PreviewLine, ...]
    at: datetime


@dataclass(frozen=True)
class CatalogueItem:
    """A price as it should stand there: its product, and what it costs how often (as billing.models.Interval)."""

    product_key: str
    name: str
    lookup_key: str
    money: Money
    interval: str
    product_id: str = ""  # known from an earlier sync


@dataclass(frozen=True)
class MirroredPrice:
    """A price as it stands there."""

    id: str
    product_id: str
    lookup_key: str
    money: Money
    interval: str
    is_active: bool


@dataclass(frozen=True)
class CheckoutOrder:
    """What a payment page is opened for. Mode is payment, subscription or setup (a card alone, for that currency)."""

    mode: str
    customer_id: str
    success_url: str
    cancel_url: str
    price_id: str = ""
    quantity: int = 1
    trial_days: int = 0
    currency: str = ""
    reference: str = ""
    language: str = "en"
    metadata: Mapping[str, str] = field(default_factory=dict)


class PaymentProvider(Protocol):
    """One account of one provider, in one mode."""

    name: str
    livemode: bool
    account: str
    capabilities: Capabilities

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> EventSeen:
        """The envelope of a delivery, its signature checked on the raw bytes. Raises BadSignature, ValueError."""
        ...

    def events_since(self, moment: datetime) -> Iterator[EventSeen]:
        """Every event from that moment on, the oldest first."""
        ...

    def create_customer(self, *, email: str, name: str, metadata: Mapping[str, str], key: str) -> str:
        """A customer's id."""
        ...

    def create_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSeen:
        """A page where it is paid."""
        ...

    def expire_checkout(self, checkout_id: str) -> CheckoutSeen:
        """Close an open page; one that is closed or paid stays as it is."""
        ...

    def checkout(self, checkout_id: str) -> CheckoutSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def payment(self, payment_id: str) -> PaymentSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def subscription(self, subscription_id: str) -> SubscriptionSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def subscriptions_of(self, customer_id: str) -> tuple[SubscriptionSeen, ...]:
        """All of a customer, the ended too."""
        ...

    def invoice(self, invoice_id: str) -> InvoiceSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def payments_of(self, customer_id: str) -> tuple[PaymentSeen, ...]:
        """All payments of a customer, the newest first."""
        ...

    def refunds_of(self, payment_id: str) -> tuple[RefundSeen, ...]:
        """All refunds of a payment."""
        ...

    def refund_seen(self, refund_id: str) -> RefundSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def dispute(self, dispute_id: str) -> DisputeSeen:
        """As it stands there now. Raises NotFound."""
        ...

    def portal(self, customer_id: str, *, return_url: str, language: str) -> str:
        """Where a customer sees what the provider shows them; good for minutes."""
        ...

    def cards(self, customer_id: str) -> tuple[CardSeen, ...]:
        """A customer's saved cards."""
        ...

    def set_default_card(self, customer_id: str, card_id: str, *, key: str) -> None:
        """Pay with this one from now on, subscriptions too."""
        ...

    def remove_card(self, card_id: str, *, key: str) -> None:
        """Forget a card; one that is gone already is no fault."""
        ...

    def preview_change(self, subscription_id: str, *, item_id: str, price_id: str) -> Preview:
        """What changing to that price costs now."""
        ...

    def change_plan(
        self, subscription_id: str, *, item_id: str, price_id: str, at: datetime | None, key: str
    ) -> SubscriptionSeen:
        """Change to that price, paid at once, reckoned `at` a previewed moment; if it fails nothing changes.

        Raises Declined when the card was: the bill of the change is void then.
        """
        ...

    def set_cancelling(self, subscription_id: str, cancelling: bool, *, key: str) -> SubscriptionSeen:
        """End with the period, or go on after all."""
        ...

    def end_subscription(self, subscription_id: str, *, key: str) -> SubscriptionSeen:
        """End it now, without proration."""
        ...

    def refund(
        self, payment_id: str, money: Money, *, reason: str, metadata: Mapping[str, str], key: str
    ) -> RefundSeen:
        """Pay back that much of a payment; `reason` is duplicate, fraudulent, requested_by_customer or empty."""
        ...

    def mirrored_prices(self) -> tuple[MirroredPrice, ...]:
        """Every price there that carries a lookup key, the archived too."""
        ...

    def create_price(self, item: CatalogueItem, *, key: str) -> MirroredPrice:
        """A price, its product made when there is none, that takes the lookup key over."""
        ...

    def archive_price(self, price_id: str, *, key: str) -> None:
        """Sell it no more; who has it keeps it."""
        ...

    def restore_price(self, price_id: str, *, key: str) -> None:
        """Sell again what was archived."""
        ...
