"""Which providers this site is connected to."""

from functools import cache

from django.conf import settings

from billing.providers.base import PaymentProvider


@cache
def _stripe(key: str, url: str, secrets: tuple[str, ...]) -> PaymentProvider:
    from billing.providers.stripe import StripeProvider

    return StripeProvider(key, secrets, url=url)


def providers() -> dict[str, PaymentProvider]:
    """Those with a key, by name; empty where nothing can be paid."""
    found: dict[str, PaymentProvider] = {}
    if settings.STRIPE_SECRET_KEY:
        secrets = tuple(settings.STRIPE_WEBHOOK_SECRETS)
        found["stripe"] = _stripe(settings.STRIPE_SECRET_KEY, settings.STRIPE_URL, secrets)
    return found


def provider(name: str) -> PaymentProvider:
    """The one of that name. Raises KeyError when the site is not connected to it."""
    return providers()[name]
