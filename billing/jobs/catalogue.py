"""The price list as a payment provider should have it: what is missing there is made, what is not sold is archived.

Every step is found by comparing our rows with what stands there, so a sync that was killed anywhere is finished by the
next one. One runs at a time, under a lease; `manage.py sync_catalogue` and the admin's button run the same.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from billing.models import Price, ProviderPrice
from billing.providers.base import CatalogueItem, MirroredPrice, PaymentProvider, Rejected, Unreachable
from billing.providers.registry import providers
from billing.queries.mirrors import Report, report_key
from billing.transitions.mirroring import lease_of
from core import leases
from core.leases import Claim

log = logging.getLogger(__name__)

KEPT_SECONDS = 30 * 24 * 3600
AGAIN = timedelta(seconds=30)


class Move(StrEnum):
    """What is to be done to one price there."""

    CREATE = "create"
    ADOPT = "adopt"  # it stands there, and we have not written it down: a sync was killed in between
    RESTORE = "restore"
    ARCHIVE = "archive"
    NOTE = "note"  # it is archived there, and we have not written it down


@dataclass(frozen=True)
class Difference:
    """One step of a sync: of our price, or of one there that is none of ours any more."""

    move: Move
    lookup_key: str
    price: Price | None = None
    mirror: ProviderPrice | None = None
    there: MirroredPrice | None = None

    @property
    def amount(self) -> str:
        """What it costs."""
        return str(self.price.money if self.price else self.there.money if self.there else "")


def differences(provider: PaymentProvider) -> list[Difference]:
    """What a sync would do now, in its order: first what is sold, then what is sold no more. Asks the provider."""
    there = {one.id: one for one in provider.mirrored_prices()}
    mirrors = {row.price_id: row for row in _mirrors(provider)}
    selling = {price.pk: price for price in _selling()}
    steps = [_of_sold(price, mirrors, there) for price in selling.values()]
    return [one for one in steps if one] + list(_of_others(selling, mirrors, there, steps))


def sync(provider: PaymentProvider, held: Claim) -> list[Difference]:
    """Do what is to be done; what was. Raises Unreachable, and LeaseLost when another one has taken over.

    What the provider refuses is left for the next time, and said in the report.
    """
    done, refused = [], []
    for one in differences(provider):
        try:
            _take(provider, one, held)
        except Rejected as error:
            log.warning("%s %s: %s", one.move, one.lookup_key, error)
            refused.append(f"{one.lookup_key}: {error}")
        else:
            done.append(one)
    said = [f"{one.move} {one.lookup_key}" for one in done]
    cache.set(report_key(provider), Report(timezone.now(), tuple(said), tuple(refused)), KEPT_SECONDS)
    return done


def work(lease: UUID) -> None:
    """A worker's sync of the account whose lease it is; when they do not answer, again after a while."""
    provider = next((one for one in providers().values() if lease_of(one) == lease), None)
    if provider is None:
        leases.carry_out(lease, leases.finish)  # the site is not connected to it any more
        return
    leases.carry_out(lease, lambda held: _work(provider, held))


def _work(provider: PaymentProvider, held: Claim) -> None:
    try:
        sync(provider, held)
    except Unreachable as error:
        log.warning("%s is not answering: %s", provider.name, error)
        leases.defer(held, timedelta(seconds=error.retry_after) if error.retry_after else AGAIN)
    else:
        leases.finish(held)


# ── What differs ────────────────────────────────────────────────────────────────────────────────────────────────────


def _mirrors(provider: PaymentProvider) -> list[ProviderPrice]:
    rows = ProviderPrice.objects.filter(provider=provider.name, livemode=provider.livemode)
    return list(rows.select_related("price__plan", "price__pack", "price__service"))


def _selling() -> list[Price]:
    """What is sold at a fixed price; what is paid by the page is reckoned for each order."""
    rows = Price.objects.current().filter(amount__gt=0).select_related("plan", "pack", "service")
    return [price for price in rows if price.item.on_sale]


def _of_sold(price: Price, mirrors: dict[UUID, ProviderPrice], there: dict[str, MirroredPrice]) -> Difference | None:
    """The step that a price on sale needs; None when it stands there as it should."""
    mirror = mirrors.get(price.pk)
    known = there.get(mirror.provider_id) if mirror else None
    if mirror and known:
        is_right = known.is_active and mirror.archived_at is None
        return None if is_right else Difference(Move.RESTORE, price.lookup_key, price, mirror, known)
    taken = {row.provider_id for row in mirrors.values()}
    same = [one for one in there.values() if one.is_active and one.id not in taken and _is_same(one, price)]
    if same:
        return Difference(Move.ADOPT, price.lookup_key, price, mirror, same[0])
    return Difference(Move.CREATE, price.lookup_key, price, mirror)


def _is_same(one: MirroredPrice, price: Price) -> bool:
    return (one.lookup_key, one.money, one.interval) == (price.lookup_key, price.money, price.interval)


def _of_others(
    selling: dict[UUID, Price],
    mirrors: dict[UUID, ProviderPrice],
    there: dict[str, MirroredPrice],
    steps: list[Difference | None],
) -> Iterator[Difference]:
    """Prices that we made there and sell no more: those in our rows, and those whose row was never written."""
    for key, mirror in mirrors.items():
        known = there.get(mirror.provider_id)
        if key not in selling and known and known.is_active:
            yield Difference(Move.ARCHIVE, mirror.price.lookup_key, mirror.price, mirror, known)
        elif key not in selling and mirror.archived_at is None:
            yield Difference(Move.NOTE, mirror.price.lookup_key, mirror.price, mirror, known)
    kept = {row.provider_id for row in mirrors.values()} | {one.there.id for one in steps if one and one.there}
    products = {row.product_id for row in mirrors.values()}
    keys = {row.price.lookup_key for row in mirrors.values()}
    for one in there.values():
        if one.is_active and one.id not in kept and one.product_id in products and one.lookup_key in keys:
            yield Difference(Move.ARCHIVE, one.lookup_key, there=one)


# ── One step ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _take(provider: PaymentProvider, one: Difference, held: Claim) -> None:
    """Ask the provider for one step, then write it down."""
    if held.lost.is_set():
        raise leases.LeaseLost(str(held.subject))
    again = f"catalogue:{uuid4()}"  # a second archiving is no repetition of the first
    if one.move == Move.CREATE and one.price:
        _note(provider, one.price, _created(provider, one.price), held)
    elif one.move == Move.ADOPT and one.price and one.there:
        _note(provider, one.price, one.there, held)
    elif one.move == Move.RESTORE and one.price and one.there:
        provider.restore_price(one.there.id, key=again)
        _note(provider, one.price, one.there, held)
    elif one.move == Move.ARCHIVE and one.there:
        provider.archive_price(one.there.id, key=again)
    if one.move in {Move.ARCHIVE, Move.NOTE} and one.mirror:
        with transaction.atomic():
            leases.confirm(held)
            one.mirror.replace(archived_at=timezone.now(), synced_at=timezone.now())


def _created(provider: PaymentProvider, price: Price) -> MirroredPrice:
    """Make it there. A key under which they only remember a fault of theirs is given up, once they have been asked."""
    try:
        return provider.create_price(_item(provider, price), key=f"price:{price.pk}")
    except Unreachable as error:
        if not error.is_spent_key:
            raise
    same = [one for one in provider.mirrored_prices() if one.is_active and _is_same(one, price)]
    return same[0] if same else provider.create_price(_item(provider, price), key=f"price:{price.pk}:{uuid4()}")


def _item(provider: PaymentProvider, price: Price) -> CatalogueItem:
    """A price as it is asked for; its product is known when another price of the same thing stands there."""
    item = price.item
    siblings = ProviderPrice.objects.filter(provider=provider.name, livemode=provider.livemode)
    siblings = siblings.filter(price__plan=price.plan, price__pack=price.pack, price__service=price.service)
    product_id = siblings.order_by("-id").values_list("product_id", flat=True).first() or ""
    return CatalogueItem(item.code.lower(), item.name, price.lookup_key, price.money, price.interval, product_id)


def _note(provider: PaymentProvider, price: Price, there: MirroredPrice, held: Claim) -> None:
    """Write down where a price stands there."""
    said = {"product_id": there.product_id, "provider_id": there.id, "archived_at": None, "synced_at": timezone.now()}
    with transaction.atomic():
        leases.confirm(held)
        ProviderPrice.objects.update_or_create(
            price=price, provider=provider.name, livemode=provider.livemode, defaults=said
        )
