"""A shop: the site connected to a sandbox of Stripe, and prices that are known there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe as sdk

from accounts.models import User
from billing.models import EntryKind, Price, ProviderPrice
from billing.providers.base import CatalogueItem, PaymentProvider
from billing.providers.registry import provider
from billing.providers.stripe import StripeProvider
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.billing.counter import Counter
from tests.billing.storefront import OURS
from tests.fakes.stripe import Sandbox, sandbox


@pytest.fixture
def organization(db: None) -> Organization:
    """The organization of these tests, whose account nobody has opened yet: elsewhere it has ample credits."""
    return builders.make_organization(name="Atelier", slug="atelier", balance=0)


@pytest.fixture
def stripe(settings: Any) -> Iterator[Sandbox]:
    """A fresh sandbox as the site's Stripe. It keeps its events: a test that wants them sent names an endpoint."""
    with sandbox() as found:
        settings.STRIPE_SECRET_KEY = found.secret_key
        settings.STRIPE_WEBHOOK_SECRETS = [found.endpoint_secret]
        settings.STRIPE_URL = found.url
        yield found


@pytest.fixture
def shop(stripe: Sandbox) -> PaymentProvider:
    """Stripe's adapter, connected to the sandbox."""
    return StripeProvider(stripe.secret_key, (stripe.endpoint_secret,), url=stripe.url)


@pytest.fixture
def customer(shop: PaymentProvider) -> str:
    """Somebody whom Stripe knows, by their id there."""
    return shop.create_customer(email="olive@example.org", name="Atelier", metadata=OURS, key="customer")


@pytest.fixture
def sold(stripe: Sandbox, db: None) -> Callable[..., Price]:
    """Look a price up by code, interval and currency, and make it known to the sandbox, as the sync would."""

    def known(code: str, interval: str = "month", currency: str = "EUR") -> Price:
        found = next(
            one
            for one in Price.objects.current().select_related("plan", "pack", "service")
            if (one.item.code, one.interval, one.currency) == (code, interval, currency)
        )
        mirror(found)
        return found

    return known


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits half a second and more between its own tries: not here."""
    monkeypatch.setattr(sdk.HTTPClient, "INITIAL_DELAY", 0.0)
    monkeypatch.setattr(sdk.HTTPClient, "MAX_DELAY", 0.0)


def mirror(price: Price) -> ProviderPrice:
    """The price at the sandbox, made when it is not there yet."""
    known = ProviderPrice.objects.filter(price=price, provider="stripe").first()
    if known:
        return known
    item = CatalogueItem(price.item.code.lower(), price.item.name, price.lookup_key, price.money, price.interval)
    made = provider("stripe").create_price(item, key=f"price:{price.pk}")
    return ProviderPrice.objects.create(
        price=price, provider="stripe", livemode=False, product_id=made.product_id, provider_id=made.id
    )


@pytest.fixture
def counter(
    organization: Organization,
    owner: User,
    stripe: Sandbox,
    sold: Callable[..., Price],
    run_queue: Callable[[], int],
) -> Counter:
    """The organization's owner before the shop."""
    return Counter(organization, owner, stripe, sold, run_queue)


@pytest.fixture
def spend(counter: Counter) -> Callable[[int], None]:
    """Spend so many credits of the organization, on something."""

    def gone(amount: int) -> None:
        run = ("run", new_id())
        with counter.inside():
            account = ledger.lock(counter.organization)
            ledger.hold(account, Posting(EntryKind.RESERVE, f"test:{run[1]}:held", run), amount)
            ledger.settle(account, Posting(EntryKind.SETTLE, f"test:{run[1]}:spent", run), amount)

    return gone
