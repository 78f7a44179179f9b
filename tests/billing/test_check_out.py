"""Buying: ordered once, its page opened once, whatever goes wrong in between; and refused with the way on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from billing.actions import checkout
from billing.errors import PaymentRefused
from billing.jobs import errands
from billing.jobs.errands import pages
from billing.models import (
    Customer,
    Errand,
    ErrandState,
    Price,
    ProviderPrice,
    Purchase,
    PurchaseState,
    Subscription,
)
from billing.providers.registry import provider
from billing.transitions import purchases
from core import leases, tenancy
from core.models import Lease
from organizations.models import Organization
from tests.billing import till
from tests.billing.till import Perform
from tests.fakes.stripe import Sandbox

pytestmark = pytest.mark.django_db
Sold = Callable[..., Price]
CHECKOUTS = "/v1/checkout/sessions"


@pytest.fixture
def pack(sold: Sold) -> Price:
    """Fifty credits for nine euros."""
    return sold("credits-50", "once")


@pytest.fixture
def pro(sold: Sold) -> Price:
    """A plan for 49 euros a month."""
    return sold("PRO")


def refused(organization: Organization, price: Price, by: User, quantity: int = 1) -> str:
    """The code of the refusal."""
    with pytest.raises(PaymentRefused) as found:
        till.order(organization, price, by, quantity)
    assert str(found.value)
    return found.value.code


# ── The road ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_order_opens_a_page_that_asks_for_its_price(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.order(organization, pack, owner, 2)
    assert (purchase.state, purchase.amount, purchase.currency) == (PurchaseState.PREPARING, 1800, "EUR")
    assert stripe.calls(CHECKOUTS) == []  # nobody waits for the network
    assert run_queue() == 1
    purchase = till.again(purchase)
    assert purchase.state == PurchaseState.OPEN
    assert purchase.url.startswith(stripe.url)
    assert purchase.expires_at is not None
    (session,) = stripe.objects("checkout.session")
    assert (session["id"], session["amount_total"], session["currency"]) == (purchase.provider_id, 1800, "eur")
    ours = {"organization": str(organization.pk), "purchase": str(purchase.pk)}
    assert session["metadata"] == ours
    assert session["success_url"].endswith(f"/o/atelier/billing/purchases/{purchase.pk}/")
    (customer,) = stripe.objects("customer")
    assert (customer["email"], customer["name"]) == (owner.email, "Atelier")
    assert customer["metadata"] == {"organization": str(organization.pk)}
    assert till.trail(purchase) == ["purchase.began", "purchase.open"]
    assert not Lease.objects.exists()


def test_the_second_purchase_is_the_same_customer(
    organization: Organization, owner: User, pack: Price, pro: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    till.opened(organization, pack, owner, run_queue)
    till.opened(organization, pro, owner, run_queue)
    assert len(stripe.objects("customer")) == Customer.objects.count() == 1


def test_two_errands_at_once_make_one_customer(
    organization: Organization, owner: User, pack: Price, pro: Price, stripe: Sandbox
) -> None:
    for price in (pack, pro):
        till.order(organization, price, owner)
    both = till.rows(Errand, organization)
    with till.working(organization):
        for one in both:
            pages.open_checkout(one, provider("stripe"))  # asked, and nothing of it written down
            Customer.objects.all().delete()
    assert len(stripe.objects("customer")) == 1


@pytest.mark.django_db(transaction=True)
def test_errands_side_by_side_make_one_customer(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform, quickly: None
) -> None:
    for quantity in (1, 2, 3):
        till.order(organization, pack, owner, quantity)

    def work(errand: Errand) -> None:
        try:
            with tenancy.declared(organization.pk):
                errands.run(errand.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, till.rows(Errand, organization)))
    till.due_now()  # who met the other's key under way asks again
    run_queue()
    assert {one.state for one in till.rows(Purchase, organization)} == {PurchaseState.OPEN}
    assert len(stripe.objects("customer")) == len(set(Customer.objects.values_list("provider_id"))) == 1
    assert len(stripe.objects("checkout.session")) == 3


def test_ordered_twice_while_it_waits_is_one_purchase(
    organization: Organization, owner: User, pack: Price, run_queue: Perform
) -> None:
    first = till.order(organization, pack, owner)
    assert till.order(organization, pack, owner).pk == first.pk
    run_queue()
    assert till.order(organization, pack, owner).pk == first.pk
    assert till.order(organization, pack, owner, 2).pk != first.pk
    with till.working(organization):
        Purchase.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert till.order(organization, pack, owner).pk != first.pk


def test_paid_is_what_the_provider_says(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.opened(organization, pack, owner, run_queue)
    assert till.settled(purchase, run_queue).state == PurchaseState.OPEN
    stripe.pay(str(purchase.provider_id))
    assert till.settled(purchase, run_queue).state == PurchaseState.PAID
    assert till.rows(Purchase, organization)[0].paid_at is not None


def test_a_page_nobody_paid_on_is_given_up(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.opened(organization, pack, owner, run_queue)
    stripe.advance(hours=25)
    assert till.settled(purchase, run_queue).state == PurchaseState.ABANDONED


def test_a_plan_chosen_instead_closes_the_page_of_the_other(
    organization: Organization, owner: User, pro: Price, sold: Sold, stripe: Sandbox, run_queue: Perform
) -> None:
    first = till.opened(organization, pro, owner, run_queue)
    second = till.opened(organization, sold("STARTER"), owner, run_queue)
    states = {one["id"]: one["status"] for one in stripe.objects("checkout.session")}
    assert states == {first.provider_id: "expired", second.provider_id: "open"}


def test_a_plan_paid_in_another_window_is_no_second_plan(
    organization: Organization, owner: User, pro: Price, sold: Sold, stripe: Sandbox, run_queue: Perform
) -> None:
    first = till.opened(organization, pro, owner, run_queue)
    stripe.pay(str(first.provider_id))  # and nobody has told us yet
    second = till.opened(organization, sold("STARTER"), owner, run_queue)
    assert second.state == PurchaseState.FAILED
    assert "just been paid" in second.problem
    assert len(stripe.objects("checkout.session")) == 1


def test_a_first_plan_may_begin_with_a_trial(
    organization: Organization, owner: User, pro: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    Price.objects.filter(pk=pro.pk).update(trial_days=14)
    pro.refresh_from_db()
    purchase = till.bought(organization, pro, owner, stripe, run_queue)
    assert (purchase.amount, purchase.state) == (0, PurchaseState.PAID)
    (there,) = stripe.objects("subscription")
    assert there["status"] == "trialing"
    with till.working(organization):
        Subscription.objects.filter(organization=organization).update(state="canceled", ended_at=timezone.now())
    assert till.order(organization, pro, owner).amount == 4900


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_sold_today_is_refused(organization: Organization, owner: User, sold: Sold) -> None:
    pro, pack = sold("PRO"), sold("credits-50", "once")
    ProviderPrice.objects.filter(price=pro).update(archived_at=timezone.now())
    assert refused(organization, pro, owner) == "not_sold"
    ProviderPrice.objects.filter(price=pro).delete()
    assert refused(organization, pro, owner) == "not_sold"
    pack.item.on_sale = False
    assert refused(organization, pack, owner) == "not_sold"
    pack.item.on_sale, pack.retired_at = True, timezone.now()
    assert refused(organization, pack, owner) == "not_sold"
    service = Price.objects.filter(service__isnull=False)[0]
    assert refused(organization, service, owner) == "not_sold"


def test_a_price_of_the_other_mode_is_not_sold(organization: Organization, owner: User, pro: Price) -> None:
    ProviderPrice.objects.update(livemode=True)
    assert refused(organization, pro, owner) == "not_sold"


@pytest.mark.parametrize("quantity", [0, -1, 101])
def test_so_many_packs_and_no_more(organization: Organization, owner: User, pack: Price, quantity: int) -> None:
    assert refused(organization, pack, owner, quantity) == "quantity"


def test_a_plan_is_bought_once(
    organization: Organization, owner: User, pro: Price, sold: Sold, stripe: Sandbox, run_queue: Perform
) -> None:
    assert refused(organization, pro, owner, 2) == "quantity"
    till.bought(organization, pro, owner, stripe, run_queue)
    assert refused(organization, sold("STARTER"), owner) == "has_subscription"
    assert till.order(organization, sold("credits-50", "once"), owner).amount == 900


def test_pages_do_not_pile_up(organization: Organization, owner: User, pack: Price) -> None:
    for quantity in range(1, checkout.MOST_OPEN + 1):
        till.order(organization, pack, owner, quantity)
    assert refused(organization, pack, owner, 50) == "too_many"


def test_nothing_is_bought_where_nothing_can_be_paid(
    organization: Organization, owner: User, pack: Price, settings: Any
) -> None:
    organization.closed_at = timezone.now()
    organization.erase_at = timezone.now()
    organization.save()
    assert refused(organization, pack, owner) == "closed"
    Organization.objects.update(closed_at=None, erase_at=None)
    settings.STRIPE_SECRET_KEY = ""
    assert refused(organization, pack, owner) == "no_provider"


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_outage_is_waited_out(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform, quickly: None
) -> None:
    stripe.fault("hangup_before", path=CHECKOUTS, times=0)
    purchase = till.opened(organization, pack, owner, run_queue)
    errand = till.errand(organization)
    assert (purchase.state, errand.state, errand.tries) == (PurchaseState.PREPARING, ErrandState.WAITING, 1)
    assert 0 < till.deferred(errand) <= 2
    stripe.clear_faults()
    till.due_now()
    run_queue()
    assert till.again(purchase).state == PurchaseState.OPEN
    assert {call["idempotency_key"] for call in stripe.calls(CHECKOUTS)} == {str(errand.pk)}


def test_each_wait_is_longer_and_none_for_ever(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform, quickly: None
) -> None:
    till.opened(organization, pack, owner, run_queue)
    stripe.fault("500", path=CHECKOUTS, times=0)
    purchase = till.order(organization, pack, owner, 2)
    waits = []
    while run_queue():
        if Lease.objects.exists():
            waits.append(till.deferred(till.errand(organization)))
            till.due_now()
    assert waits == sorted(waits)
    assert waits[0] <= 2 and 120 < waits[-1] <= 300
    purchase, errand = till.again(purchase), till.errand(organization)
    assert (purchase.state, errand.state, errand.tries) == (PurchaseState.FAILED, ErrandState.FAILED, 10)
    assert purchase.problem == errand.problem == "The payment provider does not answer. Try again in a while."
    assert till.trail(errand) == ["errand.failed"]


def test_a_fault_that_is_remembered_is_asked_with_another_key(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform, quickly: None
) -> None:
    stripe.fault("500_after", path=CHECKOUTS)
    purchase = till.opened(organization, pack, owner, run_queue)
    assert purchase.state == PurchaseState.PREPARING
    till.due_now()
    run_queue()
    assert till.again(purchase).state == PurchaseState.OPEN
    errand = till.errand(organization)
    assert stripe.calls(CHECKOUTS)[-1]["idempotency_key"] == f"{errand.pk}.1"


def test_what_they_refuse_is_not_asked_again(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    ProviderPrice.objects.update(provider_id="price_gone")
    purchase = till.opened(organization, pack, owner, run_queue)
    assert purchase.state == PurchaseState.FAILED
    assert "refused this" in purchase.problem
    assert len(stripe.calls(CHECKOUTS)) == 1


def test_a_worker_killed_before_it_wrote_down_leaves_one_page(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.order(organization, pack, owner)
    with till.working(organization):
        pages.open_checkout(till.errand(organization), provider("stripe"))
    run_queue()
    (session,) = stripe.objects("checkout.session")
    assert till.again(purchase).provider_id == session["id"]


def test_a_worker_that_lost_its_errand_writes_nothing(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.order(organization, pack, owner)
    errand = till.errand(organization)
    assert leases.claim(errand.pk)
    with till.working(organization):
        errands.run(errand.pk)
    assert stripe.calls(CHECKOUTS) == []
    assert till.again(purchase).state == PurchaseState.PREPARING


def test_keys_of_another_mode_open_nothing(
    organization: Organization, owner: User, pack: Price, stripe: Sandbox, run_queue: Perform
) -> None:
    purchase = till.order(organization, pack, owner)
    with till.working(organization):
        Purchase.objects.update(livemode=True)
    run_queue()
    assert till.again(purchase).state == PurchaseState.FAILED
    assert stripe.objects("checkout.session") == []


def test_payments_switched_off_meanwhile_are_said(
    organization: Organization, owner: User, pack: Price, run_queue: Perform, settings: Any
) -> None:
    purchase = till.order(organization, pack, owner)
    settings.STRIPE_SECRET_KEY = ""
    run_queue()
    assert till.again(purchase).problem == "Payments are switched off at the moment."


def test_the_problem_is_told_in_the_language_of_who_ordered(
    organization: Organization, owner: User, pack: Price, run_queue: Perform, settings: Any
) -> None:
    owner.language = "fr"
    owner.save()
    purchase = till.order(organization, pack, owner)
    settings.STRIPE_SECRET_KEY = ""
    run_queue()
    assert till.again(purchase).problem.startswith("Les paiements")


# ── Moves ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("start", PurchaseState)
@pytest.mark.parametrize("to", PurchaseState)
def test_only_legal_moves_are_made(
    organization: Organization, owner: User, pack: Price, start: PurchaseState, to: PurchaseState
) -> None:
    with till.working(organization):
        purchase = Purchase.objects.create(
            organization=organization,
            by=owner,
            price=pack,
            amount=900,
            currency="EUR",
            state=start,
            provider="stripe",
            livemode=False,
            expires_at=timezone.now() + timedelta(hours=1),
        )
        moved = purchases.move(purchase, to)
        assert moved == (to in purchases.MOVES[start])
        assert till.again(purchase).state == (to if moved else start)
    assert till.trail(purchase) == ([f"purchase.{to}"] if moved else [])
