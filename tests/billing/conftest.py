"""A shop: the site connected to a sandbox of Stripe, and prices that are known there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from billing.models import Price, ProviderPrice
from billing.providers.base import CatalogueItem
from billing.providers.registry import provider
from tests.fakes.stripe import Sandbox, sandbox


@pytest.fixture
def stripe(settings: Any) -> Iterator[Sandbox]:
    """A fresh sandbox as the site's Stripe. It keeps its events: a test that wants them sent names an endpoint."""
    with sandbox() as found:
        settings.STRIPE_SECRET_KEY = found.secret_key
        settings.STRIPE_WEBHOOK_SECRETS = [found.endpoint_secret]
        settings.STRIPE_URL = found.url
        yield found


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
