"""What staff change of what is sold. A price is never changed: a new one replaces it, and who bought keeps theirs."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing.errors import PriceRefused
from billing.models import CreditPack, Interval, PageTier, Plan, Price, Service, ServiceDelay, ServiceKind
from billing.queries.mirrors import AccountPage
from billing.transitions import mirroring
from billing.transitions.access import TASK as SETTLE_PLAN
from core import leases

Item = Plan | CreditPack | Service
Rows = tuple[tuple[int, int, int], ...]  # of tiers: first page, last page, amount a page; of delays: up to, days, days
OF = {Plan: "plan", CreditPack: "pack", Service: "service"}


@transaction.atomic
def add_item(*, item: Item, by: User) -> None:
    """Sell something new, once it has a price."""
    item.save(force_insert=True)
    audit.record("catalogue.added", actor=by, target=item)


@transaction.atomic
def edit_item(*, item: Item, by: User, **given: Any) -> bool:
    """Change what it says; a worker brings the new limits to who has the plan. Whether anything changed."""
    changes = _locked(item).replace(**given)
    if changes:
        audit.record("catalogue.edited", actor=by, target=item, changes=changes)
        if isinstance(item, Plan):
            leases.offer(item.pk, SETTLE_PLAN, organization=None)
    return bool(changes)


@transaction.atomic
def set_delays(*, service: Service, by: User, delays: Iterable[tuple[int, int, int]]) -> bool:
    """How long so many pages take: (up to pages, days at least, days at most). Whether that is news."""
    row = Service.objects.select_for_update().get(pk=service.pk)
    before = tuple((one.up_to_pages, one.days_min, one.days_max) for one in ServiceDelay.objects.filter(service=row))
    after = tuple(sorted(delays))
    if before == after:
        return False
    ServiceDelay.objects.filter(service=row).delete()
    ServiceDelay.objects.bulk_create(
        ServiceDelay(service=row, up_to_pages=pages, days_min=least, days_max=most) for pages, least, most in after
    )
    audit.record("catalogue.delays_set", actor=by, target=service, changes={"delays": (before, after)})
    return True


@transaction.atomic
def set_price(
    *,
    item: Item,
    currency: str,
    interval: str,
    amount: int,
    by: User,
    trial_days: int = 0,
    tiers: Iterable[tuple[int, int, int]] = (),
) -> Price:
    """Sell it at this price from now on; the current one in this currency and interval is retired by the same act.

    `amount` in minor units, `tiers` for a service by the page. The same as what stands changes nothing. PriceRefused.
    """
    row, steps = _locked(item), tuple(sorted(tiers))
    _check(row, interval, amount, trial_days, steps)
    key = {OF[type(row)]: row, "currency": currency, "interval": interval}
    newest = Price.objects.filter(**key).order_by("-version").first()
    current = newest if newest and newest.retired_at is None else None
    if current and (current.amount, current.trial_days, _tiers(current)) == (amount, trial_days, steps):
        return current
    if current:
        current.replace(retired_at=timezone.now())
    version = newest.version + 1 if newest else 1
    made = Price.objects.create(**key, amount=amount, trial_days=trial_days, version=version)
    PageTier.objects.bulk_create(
        PageTier(price=made, first_page=first, last_page=last, amount=each) for first, last, each in steps
    )
    before = str(current.money) if current else ""
    details = {"price": str(made), "trial_days": trial_days, "tiers": steps}
    audit.record(
        "catalogue.priced", actor=by, target=row, details=details, changes={"amount": (before, str(made.money))}
    )
    return made


@transaction.atomic
def retire_price(*, price: Price, by: User) -> bool:
    """Sell it no more in this currency and interval; whoever has it keeps it. False when it was retired already."""
    row = _locked(price.item)
    retired = Price.objects.current().filter(pk=price.pk).update(retired_at=timezone.now(), updated_at=timezone.now())
    if retired:
        audit.record("catalogue.retired", actor=by, target=row, details={"price": str(price)})
    return bool(retired)


@transaction.atomic
def ask_for_sync(*, account: AccountPage, by: User) -> None:
    """Let a worker bring the price list of that account at its provider up to date."""
    mirroring.offer(account.provider)
    audit.record("catalogue.synced", actor=by, details={"provider": account.provider.name})


def _locked(item: Item) -> Item:
    """The row under its lock: changes of one thing and of its prices follow one another."""
    return type(item)._default_manager.select_for_update().get(pk=item.pk)


def _tiers(price: Price) -> Rows:
    return tuple((one.first_page, one.last_page, one.amount) for one in price.tiers.all())


def _check(item: Item, interval: str, amount: int, trial_days: int, tiers: Rows) -> None:
    """Raises PriceRefused for a price that could not be sold."""
    is_plan = isinstance(item, Plan)
    by_page = isinstance(item, Service) and item.kind == ServiceKind.BY_PAGE
    if is_plan != (interval != Interval.ONCE):
        raise PriceRefused(_("A plan is paid by the month or by the year, everything else once."))
    if trial_days and not is_plan:
        raise PriceRefused(_("Only a plan can be tried."))
    if by_page != bool(tiers):
        raise PriceRefused(_("A service by the page has tiers, and nothing else has."))
    if bool(amount) == by_page:
        raise PriceRefused(_("The amount must be more than nothing; by the page it is nothing, and the tiers say it."))
    last = 0
    for first, until, _each in tiers:
        if first != last + 1 or until < first:
            raise PriceRefused(_("Tiers begin with page 1 and follow one another without a gap."))
        last = until
