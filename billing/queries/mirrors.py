"""The price list beside what is known of it at the payment providers, and what the last sync said."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from billing.models import Price, ProviderPrice
from billing.providers.base import PaymentProvider
from billing.providers.registry import providers


@dataclass(frozen=True)
class Report:
    """What a sync did, and what the provider refused; in words for staff."""

    at: datetime
    done: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class AccountPage:
    """One account of a provider: prices on sale that it does not know, and those it still sells; the last sync."""

    provider: PaymentProvider
    missing: tuple[Price, ...]
    retired: tuple[ProviderPrice, ...]
    known: int
    report: Report | None


def report_key(provider: PaymentProvider) -> str:
    """Where the last sync's report is kept."""
    return f"catalogue-sync:{provider.name}:{provider.account}:{provider.livemode}"


def accounts() -> tuple[AccountPage, ...]:
    """Every account that the site is connected to (two queries for each, and one); nothing is asked there."""
    rows = Price.objects.current().filter(amount__gt=0).select_related("plan", "pack", "service")
    selling = [price for price in rows if price.item.on_sale]
    return tuple(_account(one, selling) for one in providers().values())


def _account(provider: PaymentProvider, selling: list[Price]) -> AccountPage:
    rows = ProviderPrice.objects.filter(provider=provider.name, livemode=provider.livemode, archived_at__isnull=True)
    mirrors = list(rows.select_related("price__plan", "price__pack", "price__service"))
    known, sold = {row.price_id for row in mirrors}, {price.pk for price in selling}
    return AccountPage(
        provider=provider,
        missing=tuple(price for price in selling if price.pk not in known),
        retired=tuple(row for row in mirrors if row.price_id not in sold),
        known=len(known & sold),
        report=cache.get(report_key(provider)),
    )
