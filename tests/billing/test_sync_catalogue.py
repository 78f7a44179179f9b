"""The price list at Stripe: mirrored, safe to repeat, to be killed and to be done twice; told before it is done."""

from collections.abc import Callable
from io import StringIO
from itertools import count, product
from typing import Any, cast

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from billing.actions import catalogue as actions
from billing.jobs import catalogue
from billing.models import CreditPack, Plan, Price, ProviderPrice
from billing.providers.base import PaymentProvider
from billing.providers.registry import provider
from billing.transitions import mirroring
from core import leases
from core.models import Lease
from tests import builders
from tests.billing.sandbox_shop import client_of as sdk_of
from tests.fakes.stripe import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(db: None) -> User:
    """A superuser."""
    return builders.make_person(is_staff=True, is_superuser=True)


@pytest.fixture(autouse=True)
def _little(db: None) -> None:
    """A short price list: one plan in two currencies, the pack in one."""
    others = Price.objects.exclude(plan__code="PRO", currency__in=["EUR", "XOF"])
    others.exclude(pack__isnull=False, currency="EUR").update(retired_at="2026-01-01T00:00Z")


def sync(*options: str) -> tuple[int, str]:
    """The command's status and what it printed."""
    said = StringIO()
    try:
        call_command("sync_catalogue", *options, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def there(stripe: Sandbox) -> dict[str, tuple[int, str, bool]]:
    """What Stripe sells and sold, by its id: amount, lookup key, whether it is active."""
    api = sdk_of(stripe).v1
    return {one.id: (one.unit_amount, one.lookup_key or "", one.active) for one in api.prices.list({"limit": 100}).data}


def selling(stripe: Sandbox) -> dict[str, int]:
    """What Stripe sells, by lookup key."""
    return {key: amount for amount, key, active in there(stripe).values() if active}


ALL = {"pro_month_eur": 4_900, "pro_year_eur": 47_040, "pro_month_xof": 35_000, "pro_year_xof": 336_000}
ALL |= {"credits-50_once_eur": 900}


def reprice(boss: User, amount: int) -> Price:
    """Another price a month for the plan in euros."""
    plan = Plan.objects.get(code="PRO")
    return actions.set_price(item=plan, currency="EUR", interval="month", amount=amount, by=boss)


def test_everything_on_sale_is_made_once(stripe: Sandbox) -> None:
    assert sync("--yes")[0] == 0
    assert selling(stripe) == ALL
    assert ProviderPrice.objects.count() == len(ALL)
    before = there(stripe)
    status, said = sync("--yes")
    assert (status, "everything stands" in said) == (0, True)
    assert there(stripe) == before
    products = {one.product_id for one in ProviderPrice.objects.all()}
    assert products == {"scriptorium_pro", "scriptorium_credits-50"}


def test_a_dry_run_tells_and_does_nothing(stripe: Sandbox) -> None:
    status, said = sync("--dry-run")
    assert status == 2
    assert "create  pro_month_eur" in said
    assert "test mode: 5 to do" in said
    assert there(stripe) == {}
    assert not ProviderPrice.objects.exists()
    sync("--yes")
    assert sync("--dry-run")[0] == 0


def test_a_new_price_takes_the_lookup_key_over_and_the_old_one_is_archived(stripe: Sandbox, boss: User) -> None:
    sync("--yes")
    old = ProviderPrice.objects.get(price__plan__code="PRO", price__currency="EUR", price__interval="month")
    reprice(boss, 5_900)
    _status, said = sync("--dry-run")
    assert [line.split()[0] for line in said.splitlines()[1:]] == ["create", "archive"]
    assert sync("--yes")[0] == 0
    assert selling(stripe) == ALL | {"pro_month_eur": 5_900}
    assert there(stripe)[old.provider_id] == (4_900, "", False)
    old.refresh_from_db()
    assert old.archived_at
    new = ProviderPrice.objects.get(price__version=2)
    assert new.product_id == old.product_id
    # Back to what it cost once: the old row stays its own, whoever bought at it is told apart.
    reprice(boss, 4_900)
    assert sync("--yes")[0] == 0
    assert selling(stripe) == ALL
    assert ProviderPrice.objects.filter(price__plan__code="PRO", price__interval="month").count() == 4


def test_what_is_taken_off_sale_is_archived_and_comes_back(stripe: Sandbox, boss: User) -> None:
    sync("--yes")
    pack = CreditPack.objects.get()
    for on_sale in (False, True, False, True):
        actions.edit_item(item=pack, by=boss, on_sale=on_sale)
        assert sync("--yes")[0] == 0
        assert ("credits-50_once_eur" in selling(stripe)) == on_sale
        assert (ProviderPrice.objects.get(price__pack=pack).archived_at is None) == on_sale
    assert len(there(stripe)) == len(ALL)


def test_what_somebody_archived_there_is_sold_again(stripe: Sandbox) -> None:
    sync("--yes")
    first = ProviderPrice.objects.first()
    assert first
    sdk_of(stripe).v1.prices.update(first.provider_id, {"active": False})
    status, said = sync("--yes")
    assert (status, "restore" in said) == (0, True)
    assert selling(stripe) == ALL


def test_what_is_none_of_ours_is_left_alone(stripe: Sandbox) -> None:
    api: Any = sdk_of(stripe).v1
    product = api.products.create({"name": "Somebody else’s"}).id
    foreign = {"product": product, "currency": "eur", "unit_amount": 100, "lookup_key": "theirs"}
    kept = api.prices.create(foreign).id
    sync("--yes")
    assert there(stripe)[kept] == (100, "theirs", True)


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """The provider, with a process that dies around its so-manyth change there: before it, or after it was done."""

    def __init__(self, dies_at: int, *, done: bool) -> None:
        self.account, self.dies_at, self.done, self.changes = provider("stripe"), dies_at, done, count()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.account, name)
        return self._change(found) if name in {"create_price", "archive_price", "restore_price"} else found

    def _change(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def made(*arguments: Any, **named: Any) -> Any:
            is_last = next(self.changes) == self.dies_at
            if is_last and not self.done:
                raise Killed
            result = change(*arguments, **named)
            if is_last:
                raise Killed
            return result

        return made


def survives(dies_at: int, *, done: bool) -> bool:
    """Whether a sync came to its end before it died."""
    lease = mirroring.offer(provider("stripe"))
    held = leases.claim(lease)
    assert held
    try:
        catalogue.sync(cast("PaymentProvider", Mortal(dies_at, done=done)), held)
    except Killed:
        return False
    finally:
        leases.withdraw(lease)  # eight seconds later
    return True


@pytest.mark.parametrize(("dies_at", "done"), list(product(range(3), [False, True])))
def test_killed_anywhere_the_next_one_finishes(dies_at: int, done: bool, stripe: Sandbox, boss: User) -> None:
    sync("--yes")
    reprice(boss, 5_900)
    actions.edit_item(item=CreditPack.objects.get(), by=boss, on_sale=False)
    assert not survives(dies_at, done=done)
    assert sync("--yes")[0] == 0
    assert sync("--dry-run")[0] == 0
    sold = {key: amount for key, amount in ALL.items() if "credits" not in key}
    assert selling(stripe) == sold | {"pro_month_eur": 5_900}
    assert len(there(stripe)) == len(ALL) + 1


@pytest.mark.parametrize("fault", ["500_after", "hangup_after", "409"])
def test_a_fault_of_theirs_makes_nothing_twice(fault: str, stripe: Sandbox) -> None:
    stripe.fault(fault, method="POST", path="/v1/prices")
    assert sync("--yes")[0] == 0
    assert selling(stripe) == ALL
    assert len(there(stripe)) == len(ALL)


def test_what_was_made_and_never_written_down_is_taken_over_or_archived(stripe: Sandbox, boss: User) -> None:
    sync("--yes")
    ProviderPrice.objects.filter(price__pack__isnull=False).delete()
    lost = reprice(boss, 5_900)
    sync("--yes")
    assert ProviderPrice.objects.filter(price__pack__isnull=False).count() == 1
    assert len(there(stripe)) == len(ALL) + 1
    ProviderPrice.objects.filter(price=lost).delete()
    reprice(boss, 6_900)
    assert sync("--yes")[0] == 0
    assert selling(stripe) == ALL | {"pro_month_eur": 6_900}


def test_one_at_a_time(stripe: Sandbox) -> None:
    lease = mirroring.offer(provider("stripe"))
    held = leases.claim(lease)
    assert held
    with pytest.raises(CommandError, match="Another sync"):
        sync("--yes")
    assert there(stripe) == {}
    leases.withdraw(lease)
    with pytest.raises(leases.LeaseLost):
        catalogue.sync(provider("stripe"), held)
    assert not ProviderPrice.objects.exists()


def test_without_a_terminal_nothing_is_done_unasked(stripe: Sandbox) -> None:
    with pytest.raises(CommandError, match="--yes"):
        sync()
    assert there(stripe) == {}


def test_without_a_key_there_is_nobody_to_ask(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="not connected"):
        sync("--dry-run")


def test_staff_ask_for_it_and_a_worker_does_it(
    stripe: Sandbox, boss: User, client_of: Callable[[User], Client], run_queue: Callable[[], int]
) -> None:
    cache.clear()
    browser, url = client_of(boss), reverse("admin:billing_catalogue")
    assert "Not known there yet" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 302
    assert run_queue() == 1
    assert selling(stripe) == ALL
    text = browser.get(url).content.decode()
    assert "Nothing is missing" in text
    assert "create pro_month_eur" in text


def test_what_does_not_answer_is_asked_again_later(stripe: Sandbox, run_queue: Callable[[], int]) -> None:
    stripe.fault("500", times=0)
    mirroring.offer(provider("stripe"))
    run_queue()
    assert Lease.objects.get().available_at
    stripe.clear_faults()
    Lease.objects.update(available_at="2026-01-01T00:00Z")
    run_queue()
    assert selling(stripe) == ALL
