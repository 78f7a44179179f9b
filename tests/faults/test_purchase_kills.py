"""A purchase, a renewal and a refund survive SIGKILL of web and worker between every two steps: each has one effect."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import stripe

from tests.faults.conftest import is_full
from tests.faults.site import Site, wait_for

pytestmark = pytest.mark.xdist_group("faults")
LONG = 60.0  # seconds; the process is killed long before
MONTH = 32  # days: the longest one, and the hour before a bill is collected
PATIENT = [0.5] * 200  # the sandbox sends an event again for longer than a process needs to start


@dataclass(frozen=True)
class Call:
    """The worker is killed inside a call of the API: before the provider did anything, or before it answers."""

    method: str
    path: str
    kind: str = "slow"
    process: str = "writer"

    def __str__(self) -> str:
        return f"{self.kind} {self.method} {self.path}"


@dataclass(frozen=True)
class Write:
    """A process is killed inside its transaction, when it writes to that table."""

    table: str
    process: str = "writer"

    def __str__(self) -> str:
        return f"{self.process} {self.table}"


@dataclass(frozen=True)
class Away:
    """A process is gone when the provider's events come, or when it is to be asked."""

    process: str

    def __str__(self) -> str:
        return f"no {self.process}"


Point = Call | Write | Away

ASKING: list[Point] = [
    Call("POST", "/v1/customers"),
    Call("POST", "/v1/customers", "slow_after"),
    Call("POST", "/v1/checkout/sessions"),
    Call("POST", "/v1/checkout/sessions", "slow_after"),
]
HEARING: list[Point] = [Write("billing_providerevent", "web"), Away("web")]
APPLYING: list[Point] = [
    Call("GET", "/v1/subscriptions/*"),
    Call("GET", "/v1/invoices/*"),
    Call("GET", "/v1/payment_intents/*"),
    Write("billing_payment"),
    Write("billing_ledgerentry"),
    Away("writer"),
]
PAYING_BACK: list[Point] = [
    Call("POST", "/v1/refunds"),
    Call("POST", "/v1/refunds", "slow_after"),
    Call("GET", "/v1/payment_intents/*"),
    Write("billing_refund"),
    Write("billing_ledgerentry"),
]


def sampled(points: list[Point], *places: int) -> pytest.MarkDecorator:
    """All of them with --full, else those."""
    return pytest.mark.parametrize("point", points if is_full() else [points[place] for place in places], ids=str)


@pytest.fixture
def shop(site: Site) -> Iterator[Site]:
    """The site with its pages, where the provider delivers; whatever was bought is ended afterwards."""
    if "web" not in site.children:
        site.start_web()
        site.stripe.rules(backoff=PATIENT)
        site.stripe.endpoint(f"http://127.0.0.1:{site.port}/webhooks/stripe/")
    yield site
    site.stripe.clear_faults()
    client = stripe.StripeClient(site.stripe.secret_key, base_addresses={"api": site.stripe.url})
    for one in site.stripe.objects("subscription"):
        if one["status"] not in {"canceled", "incomplete_expired"}:
            client.v1.subscriptions.cancel(one["id"])


@contextmanager
def killed_at(site: Site, point: Point) -> Iterator[None]:
    """The process is killed at that point of what the block sets going, and comes back."""
    with contextmanager(HOLDS[type(point)])(site, point):
        yield
    start(site, point.process)


def start(site: Site, process: str) -> None:
    """Start what was killed."""
    site.start_web() if process == "web" else site.start_writer()


def held_in_call(site: Site, point: Call) -> Iterator[None]:
    """Killed while the provider is thinking."""
    site.stripe.fault(point.kind, path=point.path, method=point.method, seconds=LONG)
    yield
    wait_for(lambda: any(one["fault"] == point.kind for one in site.stripe.calls()), 60)
    if point.kind == "slow_after":
        wait_for(lambda: has_happened(site, point), 10)
    site.kill(point.process)
    site.stripe.clear_faults()
    site.stripe.calls(forget=True)


def has_happened(site: Site, point: Call) -> bool:
    """Whether the provider has done what it was asked and does not say so."""
    call = next(one for one in site.stripe.calls() if one["fault"] == point.kind)
    return bool(call["params"])


def held_in_write(site: Site, point: Write) -> Iterator[None]:
    """Killed while PostgreSQL lets nobody write there."""
    with psycopg.connect(site.stack.environment()["DATABASE_SUPERUSER_URL"]) as connection:
        connection.execute(f"LOCK TABLE {point.table} IN EXCLUSIVE MODE")
        yield
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        wait_for(lambda: bool(site.rows(waiting, point.table)[0][0]), 60)
        site.kill(point.process)


def gone(site: Site, point: Away) -> Iterator[None]:
    """Killed before anything comes."""
    site.kill(point.process)
    yield
    time.sleep(0.5)  # the provider has tried by now


HOLDS: dict[type, Callable[..., Iterator[None]]] = {Call: held_in_call, Write: held_in_write, Away: gone}


def asked(site: Site, what: str, of: str) -> dict[str, str]:
    """What a customer or staff ask for."""
    found: dict[str, str] = json.loads(site.run("-m", "tests.faults.shopping", what, of))
    return found


def page_of(site: Site, order: dict[str, str]) -> str:
    """The provider's page of a purchase, once it is open."""
    query = "SELECT provider_id FROM billing_purchase WHERE id = %s AND state = 'open'"
    wait_for(lambda: bool(site.rows(query, order["purchase"])), 90)
    return str(site.rows(query, order["purchase"])[0][0])


def bought(site: Site) -> dict[str, str]:
    """A plan that is paid, with its credits."""
    order = asked(site, "order", "STARTER")
    site.stripe.pay(page_of(site, order))
    wait_for(lambda: outcome(site, order) == PAID, 90)
    return order


def outcome(site: Site, order: dict[str, str]) -> dict[str, Any]:
    """All that an order has come to: at the provider, in rows, in the ledger, in letters."""
    organization = order["organization"]
    mine = [one["id"] for one in site.stripe.objects("customer") if one["metadata"].get("organization") == organization]
    there = {
        kind: sum(one["customer"] in mine for one in site.stripe.objects(kind))
        for kind in ("checkout.session", "subscription", "charge")
    }
    refunds = [site.stripe.object(one["charge"]) for one in site.stripe.objects("refund")]
    return {
        "customers": len(mine),
        **there,
        "refunds": sum(charge["customer"] in mine for charge in refunds),
        "purchases": site.rows("SELECT state FROM billing_purchase WHERE organization_id = %s", organization),
        "subscriptions": site.rows(
            "SELECT state, is_surplus FROM billing_subscription WHERE organization_id = %s", organization
        ),
        "payments": site.rows(
            "SELECT state, amount, refunded FROM billing_payment WHERE organization_id = %s ORDER BY id", organization
        ),
        "credits": site.rows(
            "SELECT available, reserved, debt FROM billing_creditaccount WHERE organization_id = %s", organization
        ),
        "entries": sorted(
            site.rows(
                "SELECT kind, count(*) FROM billing_ledgerentry WHERE organization_id = %s GROUP BY 1", organization
            )
        ),
        "cash": site.rows(
            "SELECT unit, sum(amount)::int FROM billing_ledgerline WHERE account = 'cash' AND organization_id = %s"
            " GROUP BY 1",
            organization,
        ),
        "plan": site.rows("SELECT plan FROM organizations_limits WHERE organization_id = %s", organization),
    }


PAID: dict[str, Any] = {
    "customers": 1, "checkout.session": 1, "subscription": 1, "charge": 1, "refunds": 0,
    "purchases": [("paid",)],
    "subscriptions": [("active", False)],
    "payments": [("succeeded", 1900, 0)],
    "credits": [(120, 0, 0)],
    "entries": [("purchase", 1), ("subscription", 1)],
    "cash": [("EUR", 1900)],
    "plan": [("STARTER",)],
}  # fmt: skip
RENEWED: dict[str, Any] = PAID | {
    "charge": 2,
    "payments": [("succeeded", 1900, 0), ("succeeded", 1900, 0)],
    "credits": [(240, 0, 0)],
    "entries": [("purchase", 2), ("subscription", 2)],
    "cash": [("EUR", 3800)],
}
PAID_BACK: dict[str, Any] = PAID | {
    "refunds": 1,
    "subscriptions": [("canceled", False)],
    "payments": [("succeeded", 1900, 1900)],
    "credits": [(0, 0, 0)],
    "entries": [("purchase", 1), ("refund", 1), ("subscription", 1)],
    "cash": [("EUR", 0)],
    "plan": [("FREE",)],
}


def assert_comes_to(site: Site, order: dict[str, str], wanted: dict[str, Any]) -> None:
    """It comes to that, and stays so when everything that was sent comes once more."""
    try:
        wait_for(lambda: outcome(site, order) == wanted, 120)
    except TimeoutError:
        assert outcome(site, order) == wanted
    for event in site.stripe.events("invoice.paid")[-1:] + site.stripe.events("checkout.session.completed")[-1:]:
        site.stripe.deliver(event["id"])
    wait_for(lambda: not site.rows("SELECT 1 FROM core_lease WHERE task LIKE 'billing.%%'"), 60)
    assert outcome(site, order) == wanted


@sampled(ASKING, 3)
def test_a_purchase_whose_asking_is_killed_opens_one_page(shop: Site, point: Point) -> None:
    with killed_at(shop, point):
        order = asked(shop, "order", "STARTER")
    shop.stripe.pay(page_of(shop, order))
    assert_comes_to(shop, order, PAID)


@sampled([*HEARING, *APPLYING], 0, 6)
def test_a_payment_whose_news_is_killed_is_applied_once(shop: Site, point: Point) -> None:
    order = asked(shop, "order", "STARTER")
    page = page_of(shop, order)
    with killed_at(shop, point):
        shop.stripe.pay(page)
    assert_comes_to(shop, order, PAID)


@sampled([*HEARING, *APPLYING], 5)
def test_a_renewal_whose_news_is_killed_is_applied_once(shop: Site, point: Point) -> None:
    order = bought(shop)
    with killed_at(shop, point):
        shop.stripe.advance(days=MONTH)
    assert_comes_to(shop, order, RENEWED)


@sampled(PAYING_BACK, 1)
def test_a_refund_that_is_killed_pays_back_once(shop: Site, point: Point) -> None:
    order = bought(shop)
    with killed_at(shop, point):
        asked(shop, "refund", order["organization"])
    assert_comes_to(shop, order, PAID_BACK)
