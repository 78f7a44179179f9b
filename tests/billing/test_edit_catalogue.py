"""What staff edit of what is sold: prices are replaced and never changed, plans reach whoever has them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from billing.actions import catalogue
from billing.errors import PriceRefused
from billing.models import CreditPack, PageTier, Plan, Price, Service
from core import tenancy
from organizations.models import Limits, Organization
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    """A superuser."""
    return builders.make_person(is_staff=True, is_superuser=True)


@pytest.fixture
def staff(boss: User, client_of: Callable[[User], Client]) -> Client:
    """Their browser."""
    return client_of(boss)


def plan(code: str = "PRO") -> Plan:
    """A plan by its code."""
    return Plan.objects.get(code=code)


def prices_of(item: Any, kind: str = "plan", currency: str = "EUR", interval: str = "month") -> list[Price]:
    """All its prices in a currency, the oldest first."""
    return list(Price.objects.filter(**{kind: item}, currency=currency, interval=interval).order_by("version"))


def acts(name: str) -> list[Entry]:
    """The trail's entries of an act."""
    with tenancy.system("a test"):
        return list(Entry.objects.filter(action=name))


def page(item: Any, kind: str = "plan") -> str:
    """The address of its prices."""
    return reverse("admin:billing_prices", args=[kind, item.pk])


# ── Prices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_price_retires_the_current_one_of_the_same_thing_alone(staff: Client) -> None:
    others = Price.objects.current().exclude(plan=plan(), currency="EUR", interval="month").count()
    answer = staff.post(page(plan()), {"currency": "EUR", "interval": "month", "amount": "59.50"})
    assert answer.status_code == 302
    old, new = prices_of(plan())
    assert (old.amount, old.version, old.retired_at is None) == (4_900, 1, False)
    assert (new.amount, new.version, new.retired_at, new.trial_days) == (5_950, 2, None, 0)
    assert Price.objects.current().exclude(plan=plan(), currency="EUR", interval="month").count() == others
    [entry] = acts("catalogue.priced")
    assert entry.changes["amount"] == ["€49.00", "€59.50"]
    text = staff.get(page(plan())).content.decode()
    assert text.index("€59.50") < text.index("€49.00")


def test_the_same_price_again_is_no_new_one(boss: User) -> None:
    asked: dict[str, Any] = {"item": plan(), "currency": "EUR", "interval": "month", "amount": 5_900, "by": boss}
    assert catalogue.set_price(**asked) == catalogue.set_price(**asked)
    assert len(prices_of(plan())) == 2
    assert catalogue.set_price(**asked, trial_days=14).version == 3


def test_a_price_that_was_retired_goes_on_counting(boss: User, staff: Client) -> None:
    [first] = prices_of(plan())
    assert staff.post(page(plan()), {"retire": str(first.pk)}).status_code == 302
    first.refresh_from_db()
    assert first.retired_at
    assert not catalogue.retire_price(price=first, by=boss)
    again = catalogue.set_price(item=plan(), currency="EUR", interval="month", amount=4_900, by=boss)
    assert again.version == 2
    assert len(acts("catalogue.retired")) == 1


def test_tiers_come_with_the_price_of_a_service_by_the_page(staff: Client) -> None:
    service = Service.objects.get(code="integral")
    lines = "1-10 0\n11–300: 2,50\n301 - 1000 1"
    assert staff.post(page(service, "service"), {"currency": "EUR", "tiers": lines}).status_code == 302
    old, new = prices_of(service, "service", interval="once")
    rows = PageTier.objects.filter(price=new).values_list("first_page", "last_page", "amount")
    assert list(rows) == [(1, 10, 0), (11, 300, 250), (301, 1_000, 100)]
    assert old.tiers.count() == 3


def test_a_franc_has_no_cents(staff: Client) -> None:
    pack = CreditPack.objects.get()
    refused = staff.post(page(pack, "pack"), {"currency": "XOF", "amount": "5000.50"})
    assert refused.status_code == 422
    assert "at most 0 decimals" in refused.content.decode()
    staff.post(page(pack, "pack"), {"currency": "XOF", "amount": "6000"})
    assert [one.amount for one in prices_of(pack, "pack", "XOF", "once")] == [5_000, 6_000]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"amount": 100, "interval": "once"}, "by the month or by the year"),
        ({"amount": 0, "interval": "month"}, "more than nothing"),
        ({"amount": 1, "interval": "month", "tiers": [(1, 2, 3)]}, "has tiers"),
    ],
)
def test_what_could_not_be_sold_is_refused(asked: dict[str, Any], said: str, boss: User) -> None:
    with pytest.raises(PriceRefused, match=said):
        catalogue.set_price(item=plan(), currency="EUR", by=boss, **asked)
    assert len(prices_of(plan())) == 1


@pytest.mark.parametrize("tiers", [[], [(2, 10, 1)], [(1, 10, 1), (12, 20, 1)], [(1, 10, 1), (10, 20, 1)], [(1, 0, 1)]])
def test_tiers_leave_no_gap(tiers: list[tuple[int, int, int]], boss: User) -> None:
    service = Service.objects.get(code="integral")
    with pytest.raises(PriceRefused, match=r"tiers|Tiers"):
        catalogue.set_price(item=service, currency="EUR", interval="once", amount=0, tiers=tiers, by=boss)


def test_a_line_that_is_no_tier_is_named(staff: Client) -> None:
    service = Service.objects.get(code="integral")
    refused = staff.post(page(service, "service"), {"currency": "EUR", "tiers": "1-10 0\nten pages free"})
    assert refused.status_code == 422
    assert "Line 2" in refused.content.decode()


def test_nobody_edits_a_price_itself(staff: Client) -> None:
    [price] = prices_of(plan())
    change = reverse("admin:billing_price_change", args=[price.pk])
    assert "€49.00" in staff.get(change).content.decode()
    assert staff.post(change, {"amount": "1"}).status_code == 403
    assert staff.get(reverse("admin:billing_price_add")).status_code == 403
    assert staff.post(reverse("admin:billing_price_delete", args=[price.pk]), {"post": "yes"}).status_code == 403


def test_who_may_look_may_not_set(client_of: Callable[[User], Client]) -> None:
    looking = builders.make_person(is_staff=True)
    looking.user_permissions.add(Permission.objects.get(codename="view_price"))
    browser = client_of(looking)
    assert browser.get(page(plan())).status_code == 200
    assert "Sell at this price" not in browser.get(page(plan())).content.decode()
    assert browser.post(page(plan()), {"currency": "EUR", "interval": "month", "amount": "1"}).status_code == 403
    assert client_of(builders.make_person(is_staff=True)).get(page(plan())).status_code == 403
    assert len(prices_of(plan())) == 1


# ── Plans, packs, services ──────────────────────────────────────────────────────────────────────────────────────────


def fields(text: str) -> dict[str, str]:
    """What the admin's form would send as it stands."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text))
    found |= {name: value for value, name in re.findall(r'<input[^>]*value="([^"]*)"[^>]*name="([^"]+)"', text)}
    selects = re.findall(r'<select[^>]*name="([^"]+)".*?<option value="([^"]*)" selected', text, re.DOTALL)
    return {name: value for name, value in [*found.items(), *selects] if name != "csrfmiddlewaretoken"}


def test_a_plans_limits_reach_whoever_has_it(
    staff: Client, boss: User, organization: Organization, outsider: User, run_queue: Callable[[], int]
) -> None:
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(plan="FREE", books=10)
    change = reverse("admin:billing_plan_change", args=[plan("FREE").pk])
    asked = fields(staff.get(change).content.decode()) | {"books": "12", "on_sale": "on", "code": "HACKED"}
    assert staff.post(change, asked).status_code == 302
    assert plan("FREE").books == 12
    [entry] = acts("catalogue.edited")
    assert entry.changes == {"books": [10, 12]}
    assert run_queue() == 1
    with tenancy.declared(organization.pk):
        assert Limits.objects.of(organization).get().books == 12
    assert not catalogue.edit_item(item=plan("FREE"), by=boss, books=12)


def test_delays_are_edited_with_their_service(staff: Client, boss: User) -> None:
    service = Service.objects.get(code="integral")
    change = reverse("admin:billing_service_change", args=[service.pk])
    asked = fields(staff.get(change).content.decode()) | {"on_sale": "on", "delays-0-days_max": "9"}
    assert staff.post(change, asked).status_code == 302
    first = service.delays.get(up_to_pages=50)
    assert (first.days_min, first.days_max) == (7, 9)
    assert service.delays.count() == 4
    assert len(acts("catalogue.delays_set")) == 1
    staff.post(change, fields(staff.get(change).content.decode()) | {"on_sale": "on"})
    assert len(acts("catalogue.delays_set")) == 1


def test_a_pack_is_added_and_none_is_deleted(staff: Client) -> None:
    asked = {"code": "credits-200", "name": "200 credits", "name_fr": "200 crédits", "credits": "200", "on_sale": "on"}
    assert staff.post(reverse("admin:billing_creditpack_add"), asked).status_code == 302
    made = CreditPack.objects.get(code="credits-200")
    assert len(acts("catalogue.added")) == 1
    assert "no price yet" in staff.get(page(made, "pack")).content.decode()
    assert staff.post(reverse("admin:billing_creditpack_delete", args=[made.pk]), {"post": "yes"}).status_code == 403
