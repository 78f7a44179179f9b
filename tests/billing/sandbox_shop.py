"""A shop on the sandbox, for its own tests: the official SDK pointed at it, a few prices, a receiver of events."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stripe import Event, StripeClient

from tests.fakes.stripe import Sandbox, sandbox

NEW_YEAR = 1_767_225_600  # 2026-01-01 00:00:00 UTC
DAY, HOUR = 86_400, 3_600


def client_of(stripe: Sandbox, **options: Any) -> Any:
    """The official client; nothing in it knows that it talks to a sandbox. Untyped: tests send it wrong things too."""
    return StripeClient(stripe.secret_key, base_addresses={"api": stripe.url}, **options)


@dataclass
class Shop:
    """What the tests buy: two plans by the month, one by the year, one thing once."""

    stripe: Sandbox
    client: Any  # the StripeClient
    product: str
    pro: str
    enterprise: str
    yearly: str
    pack: str

    def customer(self, card: str = "pm_card_visa", **fields: Any) -> str:
        """A customer whose default card it is."""
        made: str = self.client.v1.customers.create({"email": "ada@example.com", **fields}).id
        saved = self.client.v1.payment_methods.attach(card, {"customer": made}).id
        self.client.v1.customers.update(made, {"invoice_settings": {"default_payment_method": saved}})
        return made

    def card_of(self, customer: str) -> str:
        """Their newest card."""
        return str(self.client.v1.customers.payment_methods.list(customer).data[0].id)

    def subscription(self, customer: str, price: str = "", **fields: Any) -> Any:
        """A subscription to the plan at 49 euros unless another price is named."""
        items: Any = [{"price": price or self.pro}]
        return self.client.v1.subscriptions.create({"customer": customer, "items": items, **fields})

    def again(self, subscription: Any) -> Any:
        """The subscription as it is now."""
        return self.client.v1.subscriptions.retrieve(subscription.id)

    def session(self, price: str = "", **fields: Any) -> Any:
        """A checkout page for the pack of credits, once, unless told otherwise."""
        params: Any = {
            "mode": "payment",
            "line_items": [{"price": price or self.pack, "quantity": 1}],
            "success_url": "https://shop.example/paid?session_id={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://shop.example/back",
            **fields,
        }
        return self.client.v1.checkout.sessions.create(params)

    def types(self, since: int = 0) -> list[str]:
        """The types of all events from the one with that number on, oldest first."""
        return [event["type"] for event in self.stripe.events()[since:]]


@contextmanager
def shop(**options: Any) -> Iterator[Shop]:
    """A new sandbox whose clock stands at New Year, with its prices."""
    with sandbox(**{"start": NEW_YEAR, "seed": 7, **options}) as stripe:
        client = client_of(stripe)
        product = client.v1.products.create({"name": "Pro"}).id

        def price(amount: int, interval: Any = None) -> str:
            rhythm: Any = {"recurring": {"interval": interval}} if interval else {}
            made = client.v1.prices.create({"product": product, "currency": "eur", "unit_amount": amount, **rhythm})
            return str(made.id)

        yield Shop(
            stripe, client, product, price(4900, "month"), price(19900, "month"), price(47040, "year"), price(900)
        )


@dataclass
class Receiver:
    """An endpoint: what arrived, oldest first, each checked by the SDK; `answers` are given before 200 is."""

    url: str
    client: Any  # the StripeClient
    secret: str
    answers: list[int] = field(default_factory=list)
    arrived: list[Event] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def take(self, body: bytes, signature: str) -> int:
        """The status that this delivery is answered with."""
        try:
            event = self.client.construct_event(body, signature, self.secret)
        except Exception as error:  # whatever the SDK says is what a test looks at
            self.refused.append(str(error))
            return 400
        self.arrived.append(event)
        return self.answers.pop(0) if self.answers else 200

    @property
    def types(self) -> list[str]:
        """The types of what arrived."""
        return [event.type for event in self.arrived]


@contextmanager
def receiver(shop: Shop) -> Iterator[Receiver]:
    """A server that takes the shop's events from now on."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(taken.take(body, self.headers["Stripe-Signature"]))
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/hooks/"
    taken = Receiver(url, shop.client, shop.stripe.endpoint_secret)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    shop.stripe.endpoint(url)
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
