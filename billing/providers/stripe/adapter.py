"""One account of Stripe, asked in our words."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import stripe

from billing.providers.base import (
    BadSignature,
    Capabilities,
    CardSeen,
    CatalogueItem,
    CheckoutOrder,
    CheckoutSeen,
    Declined,
    DisputeSeen,
    EventSeen,
    InvoiceSeen,
    MirroredPrice,
    NotFound,
    PaymentSeen,
    Preview,
    RefundSeen,
    Rejected,
    SubscriptionSeen,
)
from billing.providers.stripe import client, orders, reading
from billing.providers.stripe.client import asking
from core.money import Money

TOLERANCE_SECONDS = 300  # how old a delivery may be
PAGE = 100
LIVE_KEYS = ("sk_live_", "rk_live_")
ENDED = {"canceled", "incomplete_expired"}


class StripeProvider:
    """The Protocol PaymentProvider by Stripe's SDK; may be used from several threads."""

    name = "stripe"
    account = ""  # events of our own account name none
    capabilities = Capabilities(proration=True, portal=True, add_card=True, retries_renewals=True, lists_events=True)

    def __init__(self, key: str, secrets: tuple[str, ...], *, url: str = "") -> None:
        self.livemode = key.startswith(LIVE_KEYS)
        self._secrets = secrets
        self._api = client.make(key, url).v1

    # ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> EventSeen:
        """The envelope of a delivery, its signature checked on the raw bytes. Raises BadSignature, ValueError."""
        signature = headers.get("Stripe-Signature", "")
        if not any(_is_signed(body, signature, secret) for secret in self._secrets):
            raise BadSignature("no signature of ours, or too old")
        try:
            return reading.event(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no event of Stripe's: {error!r}") from error

    def events_since(self, moment: datetime) -> Iterator[EventSeen]:
        """Every event from that moment on, the oldest first; Stripe keeps 30 days."""
        since = int(moment.timestamp())
        with asking():
            earlier = self._api.events.list({"created": {"lt": since}, "limit": 1}).data
            if earlier:
                after = self._api.events.list({"ending_before": earlier[0].id, "limit": PAGE})
                found: Iterator[Any] = self._pages(after)  # from one on, Stripe's paging is chronological
            else:
                newest_first = self._pages(self._api.events.list({"created": {"gte": since}, "limit": PAGE}))
                found = reversed(list(newest_first))
            for one in found:
                yield reading.event(one)

    # ── Customers and payment pages ─────────────────────────────────────────────────────────────────────────────────

    def create_customer(self, *, email: str, name: str, metadata: Mapping[str, str], key: str) -> str:
        """A customer's id. The key covers what never changes; how they are called is told after that."""
        with asking():
            made = self._api.customers.create({"metadata": dict(metadata)}, {"idempotency_key": key})
            self._api.customers.update(made.id, {"email": email, "name": name})
        return made.id

    def create_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSeen:
        """A page where it is paid, open for a day."""
        with asking():
            made = self._api.checkout.sessions.create(orders.checkout(order), {"idempotency_key": key})
        return reading.checkout(_raw(made))

    def expire_checkout(self, checkout_id: str) -> CheckoutSeen:
        """Close an open page; one that is closed or paid stays as it is."""
        try:
            with asking():
                return reading.checkout(_raw(self._api.checkout.sessions.expire(checkout_id)))
        except NotFound:
            raise
        except Rejected:
            return self.checkout(checkout_id)

    def checkout(self, checkout_id: str) -> CheckoutSeen:
        """As it stands there now. Raises NotFound."""
        with asking():
            return reading.checkout(_raw(self._api.checkout.sessions.retrieve(checkout_id)))

    def portal(self, customer_id: str, *, return_url: str, language: str) -> str:
        """Where a customer sees what Stripe shows them; good for minutes."""
        asked: Any = {"customer": customer_id, "return_url": return_url, "locale": language}
        with asking():
            return self._api.billing_portal.sessions.create(asked).url

    # ── Payments ────────────────────────────────────────────────────────────────────────────────────────────────────

    def payment(self, payment_id: str) -> PaymentSeen:
        """As it stands there now, by the payment intent's id. Raises NotFound."""
        with asking():
            raw = _raw(self._api.payment_intents.retrieve(payment_id, {"expand": ["latest_charge"]}))
            named = self._api.invoice_payments.list(
                {"payment": {"type": "payment_intent", "payment_intent": payment_id}, "limit": 1}
            )
        return reading.payment(raw, reading.invoice_of(_raw(named)["data"]))

    def payments_of(self, customer_id: str) -> tuple[PaymentSeen, ...]:
        """All payments of a customer, the newest first."""
        with asking():
            invoices = self._pages(
                self._api.invoices.list({"customer": customer_id, "limit": PAGE, "expand": ["data.payments"]})
            )
            invoice_of = {payment: invoice["id"] for invoice in invoices for payment in reading.payments_of(invoice)}
            found = self._pages(
                self._api.payment_intents.list(
                    {"customer": customer_id, "limit": PAGE, "expand": ["data.latest_charge"]}
                )
            )
            return tuple(reading.payment(one, invoice_of.get(one["id"], "")) for one in found)

    def invoice(self, invoice_id: str) -> InvoiceSeen:
        """As it stands there now. Raises NotFound."""
        with asking():
            return reading.invoice(_raw(self._api.invoices.retrieve(invoice_id, {"expand": ["payments"]})))

    def refund(
        self, payment_id: str, money: Money, *, reason: str, metadata: Mapping[str, str], key: str
    ) -> RefundSeen:
        """Pay back that much of a payment."""
        asked = orders.refund(payment_id, money, reason, metadata)
        with asking():
            return reading.refund(_raw(self._api.refunds.create(asked, {"idempotency_key": key})))

    def refund_seen(self, refund_id: str) -> RefundSeen:
        """As it stands there now. Raises NotFound."""
        with asking():
            return reading.refund(_raw(self._api.refunds.retrieve(refund_id)))

    def refunds_of(self, payment_id: str) -> tuple[RefundSeen, ...]:
        """All refunds of a payment, the newest first."""
        with asking():
            found = self._pages(self._api.refunds.list({"payment_intent": payment_id, "limit": PAGE}))
            return tuple(reading.refund(one) for one in found)

    def dispute(self, dispute_id: str) -> DisputeSeen:
        """As it stands there now. Raises NotFound."""
        with asking():
            return reading.dispute(_raw(self._api.disputes.retrieve(dispute_id)))

    # ── Cards ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def cards(self, customer_id: str) -> tuple[CardSeen, ...]:
        """A customer's saved cards; the default is the one that the next bill is paid with."""
        with asking():
            customer = _raw(self._api.customers.retrieve(customer_id))
            found = list(self._pages(self._api.customers.payment_methods.list(customer_id, {"type": "card"})))
            default = (customer.get("invoice_settings") or {}).get("default_payment_method")
            if not default and found:
                default = next((one["default_payment_method"] for one in self._running(customer_id)), None)
        return tuple(reading.card(one, default or "") for one in found)

    def set_default_card(self, customer_id: str, card_id: str, *, key: str) -> None:
        """Pay with this one from now on, subscriptions too."""
        with asking():
            self._api.customers.update(
                customer_id,
                {"invoice_settings": {"default_payment_method": card_id}},
                {"idempotency_key": f"{key}:customer"},
            )
            for one in self._running(customer_id):
                self._api.subscriptions.update(
                    one["id"], {"default_payment_method": card_id}, {"idempotency_key": f"{key}:{one['id']}"}
                )

    def remove_card(self, card_id: str, *, key: str) -> None:
        """Forget a card; one that is gone already is no fault."""
        try:
            with asking():
                if _raw(self._api.payment_methods.retrieve(card_id)).get("customer"):
                    self._api.payment_methods.detach(card_id, {}, {"idempotency_key": key})
        except NotFound:
            return

    # ── Subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────

    def subscription(self, subscription_id: str) -> SubscriptionSeen:
        """As it stands there now. Raises NotFound."""
        with asking():
            return reading.subscription(_raw(self._api.subscriptions.retrieve(subscription_id)))

    def subscriptions_of(self, customer_id: str) -> tuple[SubscriptionSeen, ...]:
        """All of a customer, the ended too, the newest first."""
        with asking():
            found = self._pages(self._api.subscriptions.list({"customer": customer_id, "status": "all", "limit": PAGE}))
            return tuple(reading.subscription(one) for one in found)

    def preview_change(self, subscription_id: str, *, item_id: str, price_id: str) -> Preview:
        """What changing to that price costs now, by Stripe's clock."""
        with asking():
            found = self._api.invoices.create_preview(
                {
                    "subscription": subscription_id,
                    "subscription_details": {
                        "items": [{"id": item_id, "price": price_id}],
                        "proration_behavior": "always_invoice",
                    },
                }
            )
        return reading.preview(_raw(found))

    def change_plan(
        self, subscription_id: str, *, item_id: str, price_id: str, at: datetime | None, key: str
    ) -> SubscriptionSeen:
        """Change to that price, paid at once; a bill that is not paid is made void, and nothing has changed.

        Raises Declined.
        """
        asked = orders.change(item_id, price_id, at)
        with asking():
            raw = _raw(self._api.subscriptions.update(subscription_id, asked, {"idempotency_key": key}))
        if not raw.get("pending_update"):
            return reading.subscription(raw)
        code = self._call_off(subscription_id, key)
        seen = self.subscription(subscription_id)
        if seen.price_id != price_id:
            raise Declined("the change was not paid", code=code)
        return seen  # by another card meanwhile

    def _call_off(self, subscription_id: str, key: str) -> str:
        """Make the bill of a change void, which drops the change; why it was not paid, in Stripe's words."""
        code = ""
        with asking():
            open_ones = self._pages(self._api.invoices.list({"subscription": subscription_id, "status": "open"}))
            for invoice in [one for one in open_ones if one["billing_reason"] == "subscription_update"]:
                named = self._api.invoice_payments.list({"invoice": invoice["id"]})
                intents = [reading.intent_of(one) for one in self._pages(named)]
                code = next((found for one in intents if (found := self.payment(one).failure_code)), code)
                with suppress(stripe.InvalidRequestError):  # paid or void since the list was read
                    self._api.invoices.void_invoice(invoice["id"], {}, {"idempotency_key": f"{key}:void"})
        return code

    def set_cancelling(self, subscription_id: str, cancelling: bool, *, key: str) -> SubscriptionSeen:
        """End with the period, or go on after all."""
        with asking():
            found = self._api.subscriptions.update(
                subscription_id, {"cancel_at_period_end": cancelling}, {"idempotency_key": key}
            )
        return reading.subscription(_raw(found))

    def end_subscription(self, subscription_id: str, *, key: str) -> SubscriptionSeen:
        """End it now, without proration; one that has ended already stays as it is."""
        seen = self.subscription(subscription_id)
        if seen.status in ENDED:
            return seen
        with asking():
            found = self._api.subscriptions.cancel(
                subscription_id, {"invoice_now": False, "prorate": False}, {"idempotency_key": key}
            )
        return reading.subscription(_raw(found))

    # ── Catalogue ───────────────────────────────────────────────────────────────────────────────────────────────────

    def mirrored_prices(self) -> tuple[MirroredPrice, ...]:
        """Every price there that carries a lookup key, or carried one."""
        with asking():
            found = [reading.price(one) for one in self._pages(self._api.prices.list({"limit": PAGE}))]
        return tuple(one for one in found if one.lookup_key)

    def create_price(self, item: CatalogueItem, *, key: str) -> MirroredPrice:
        """A price, its product made when there is none, that takes the lookup key over."""
        product_id = item.product_id or self._product(item)
        asked = orders.price(item, product_id)
        with asking():
            return reading.price(_raw(self._api.prices.create(asked, {"idempotency_key": key})))

    def _product(self, item: CatalogueItem) -> str:
        """The product of that key: its id there is made of it, so that two who make it at once make one."""
        wanted = f"scriptorium_{item.product_key}"
        try:
            with asking():
                self._api.products.create({"id": wanted, "name": item.name})
        except Rejected as error:
            if error.code != "resource_already_exists":
                raise
        return wanted

    def archive_price(self, price_id: str, *, key: str) -> None:
        """Sell it no more; who has it keeps it."""
        with asking():
            self._api.prices.update(price_id, {"active": False}, {"idempotency_key": key})

    def restore_price(self, price_id: str, *, key: str) -> None:
        """Sell again what was archived."""
        with asking():
            self._api.prices.update(price_id, {"active": True}, {"idempotency_key": key})

    # ── What they share ─────────────────────────────────────────────────────────────────────────────────────────────

    def _running(self, customer_id: str) -> Iterator[Mapping[str, Any]]:
        """A customer's subscriptions that have not ended."""
        return self._pages(self._api.subscriptions.list({"customer": customer_id, "limit": PAGE}))

    @staticmethod
    def _pages(first: Any) -> Iterator[Mapping[str, Any]]:
        """All of a list, page after page."""
        return (_raw(one) for one in first.auto_paging_iter())


def _raw(answer: Any) -> dict[str, Any]:
    """An answer as plain JSON: the SDK's own objects raise for what is not there."""
    found: dict[str, Any] = answer.to_dict()
    return found


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS))
    except stripe.SignatureVerificationError:
        return False
