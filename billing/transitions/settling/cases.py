"""Whose facts they are: our rows that they are about, under their locks, in the order that all of billing takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from billing.models import CreditAccount, Customer, Price, ProviderPrice, Purchase, Subscription
from billing.providers.base import PaymentProvider
from billing.transitions import ledger
from billing.transitions.settling.facts import Facts, Stale
from organizations.models import Organization
from organizations.transitions.locking import lock


@dataclass
class Case:
    """Facts beside the rows they are about; `price` is ours for what the subscription there is sold at."""

    organization: Organization
    provider: PaymentProvider
    facts: Facts
    account: CreditAccount
    purchase: Purchase | None
    subscription: Subscription | None
    price: Price | None


def open_case(organization: Organization, provider: PaymentProvider, facts: Facts) -> Case:
    """Lock organization, account, subscription and purchase. Raises Stale when the facts may be older than our rows."""
    organization = lock(organization)
    account = ledger.lock(organization)
    if facts.subscription and newest_reading(organization) != facts.marked:
        raise Stale
    subscription = _subscription(organization, provider, facts)
    return Case(
        organization=organization,
        provider=provider,
        facts=facts,
        account=account,
        subscription=subscription,
        purchase=_purchase(organization, facts, subscription),
        price=_price(provider, facts),
    )


def newest_reading(organization: Organization) -> datetime | None:
    """When a subscription of the organization was last settled (one query): facts are read after that, or again."""
    newest: datetime | None = Subscription.objects.of(organization).aggregate(newest=Max("read_at"))["newest"]
    return newest


def metadata(facts: Facts) -> Iterator[Mapping[str, str]]:
    """What we wrote on the objects when we asked for them."""
    seen = [facts.checkout, facts.subscription, *facts.payments]
    yield from (one.metadata for one in seen if one)


def _subscription(organization: Organization, provider: PaymentProvider, facts: Facts) -> Subscription | None:
    ids = [one.subscription_id for one in facts.invoices]
    if facts.subscription:
        ids.insert(0, facts.subscription.id)
    rows = Subscription.objects.of(organization).filter(provider=provider.name, livemode=provider.livemode)
    return rows.filter(provider_id__in=ids).select_related("price__plan").select_for_update(of=("self",)).first()


def _purchase(organization: Organization, facts: Facts, subscription: Subscription | None) -> Purchase | None:
    """The one that a checkout was opened for, that the metadata names, or that began the subscription."""
    rows = Purchase.objects.of(organization).select_related("price__pack", "price__plan", "by")
    locked = rows.select_for_update(of=("self",))
    if facts.checkout and (found := locked.filter(provider_id=facts.checkout.id).first()):
        return found
    named = next((one["purchase"] for one in metadata(facts) if one.get("purchase")), "")
    if named and (pk := as_id(named)):
        return locked.filter(pk=pk).first()
    return locked.filter(pk=subscription.purchase_id).first() if subscription and subscription.purchase_id else None


def _price(provider: PaymentProvider, facts: Facts) -> Price | None:
    if facts.subscription is None:
        return None
    known = ProviderPrice.objects.filter(
        provider=provider.name, livemode=provider.livemode, provider_id=facts.subscription.price_id
    )
    found = known.select_related("price__plan").first()
    return found.price if found else None


def customer_of(organization: Organization, provider: PaymentProvider) -> Customer | None:
    """The organization as the provider knows it."""
    return Customer.objects.filter(
        organization=organization, provider=provider.name, livemode=provider.livemode
    ).first()


def as_id(text: str) -> UUID | None:
    """An id out of metadata, which anybody with the provider's dashboard may have written."""
    try:
        return UUID(text)
    except ValueError:
        return None
