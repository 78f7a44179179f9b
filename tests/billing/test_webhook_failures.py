"""The twelve ways in which deliveries of payments have failed elsewhere, each at the wire, none of them here."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from billing.jobs import reconciling
from billing.models import Customer, EventState, ProviderEvent, ProviderEventBody, ProviderWatch
from billing.providers import registry
from billing.transitions.looking import look_again
from core import leases, tenancy
from core.models import Lease
from tests.billing.counter import ADDRESS, Counter, Event

APPLY, LOOK = "billing.tasks.apply_event", "billing.tasks.look_again"
real_commits = pytest.mark.django_db(transaction=True)


def at_once(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """Begin all of these in the same moment, each on a connection of its own; what each came to."""
    works = list(works)
    ready = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            ready.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(one, works))


def posting(counter: Counter, event: Event) -> Callable[[], int]:
    """The delivery of an event, to be done later."""
    body, headers = counter.stripe.signed(event["id"])
    return lambda: Client().post(ADDRESS, body, content_type="application/json", headers=headers).status_code


def applying(event: ProviderEvent) -> Callable[[], Any]:
    """A worker that takes up an event."""
    return lambda: current_app.tasks[APPLY](str(event.pk))


def books(counter: Counter) -> tuple[Any, ...]:
    """All that a purchase leaves behind."""
    subscriptions = [(one.state, one.period_end, one.paid_until, one.is_surplus) for one in counter.subscriptions()]
    payments = [(one.state, one.amount, one.refunded, one.currency) for one in counter.payments()]
    return counter.credits(), counter.cash(), subscriptions, payments


# 1. Duplicates, at once


@real_commits
def test_one_event_five_times_at_once_is_one_row_and_one_effect(counter: Counter) -> None:
    before = counter.credits()[0]
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert at_once([posting(counter, event)] * 5) == [200] * 5
    (stored,) = counter.stored()
    at_once([applying(stored)] * 5)
    counter.run_queue()
    assert counter.credits() == (before + 50, 0, 0)
    assert counter.cash() == {"EUR": 900}
    assert (counter.stored()[0].state, len(counter.payments())) == (EventState.APPLIED, 1)


# 2. Out of order


@pytest.mark.django_db
def test_the_last_state_is_what_stands_in_whatever_order_events_come(counter: Counter) -> None:
    counter.buy("PRO", "month")
    counter.deliver(reversed(counter.stripe.events()))
    assert counter.problems() == []
    assert [one.state for one in counter.subscriptions()] == ["active"]
    assert counter.cash() == {"EUR": 4900}


# 3. Two shapes


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["2024-06-20", "2026-10-28.endive"])
def test_a_period_is_known_whichever_shape_an_endpoint_speaks(counter: Counter, version: str) -> None:
    counter.buy("PRO", "month")
    for event in counter.stripe.events():
        assert counter.post(event, api_version=version) == 200
        counter.run_queue()
    assert counter.problems() == []
    assert {one.api_version for one in counter.stored()} == {version}
    (subscription,) = counter.subscriptions()
    item = counter.stripe.objects("subscription")[0]["items"]["data"][0]
    assert subscription.period_end
    assert subscription.period_end.timestamp() == item["current_period_end"]
    assert subscription.paid_until == subscription.period_end


# 4. The raw body


def reads_the_body_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that looks into what is posted, as throttles and frameworks do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        assert request.body
        assert request.POST is not None
        return get_response(request)

    return middleware


@pytest.mark.django_db
def test_the_signature_is_over_the_bytes_that_came_whoever_read_them_before(counter: Counter, settings: Any) -> None:
    settings.MIDDLEWARE = [f"{__name__}.reads_the_body_first", *settings.MIDDLEWARE]
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == 200
    with tenancy.system("test: a body"):
        assert bytes(ProviderEventBody.objects.get().body) == counter.stripe.signed(event["id"])[0]


# 5. Work before the commit


@real_commits
def test_work_is_there_when_what_it_is_about_is_and_not_before(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    with transaction.atomic():
        assert counter.post(event) == 200
        assert at_once([lambda: Lease.objects.filter(task=APPLY).count(), lambda: len(counter.stored())]) == [0, 0]
    assert Lease.objects.filter(task=APPLY).count() == len(counter.stored()) == 1
    assert leases.sweep() == 1  # sends it, now that it is committed


@real_commits
def test_what_is_rolled_back_leaves_nothing_to_do(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    with transaction.atomic():
        assert counter.post(event) == 200
        transaction.set_rollback(True)
    assert counter.stored() == []
    assert not Lease.objects.filter(task=APPLY).exists()


# 6. Return page and delivery


@real_commits
def test_return_page_and_delivery_confirm_once_between_them(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy()
    mail.outbox.clear()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == 200
    with transaction.atomic():
        look_again(counter.organization.pk, purchase.pk)
    (stored,) = counter.stored()

    def look() -> None:
        with tenancy.declared(counter.organization.pk):
            current_app.tasks[LOOK](str(purchase.pk))

    at_once([applying(stored), look])
    counter.run_queue()
    assert counter.credits() == (before + 50, 0, 0)
    assert [one.to for one in mail.outbox] == [[counter.owner.email]]


# 7. A stale failure


@pytest.mark.django_db
def test_a_failure_that_comes_late_takes_nothing_back(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.order()
    assert purchase.provider_id
    assert not counter.stripe.pay(purchase.provider_id, "pm_card_chargeDeclined")["paid"]
    failed = counter.events("payment_intent.payment_failed", "charge.failed")
    assert failed
    counter.stripe.pay(purchase.provider_id)
    counter.deliver(counter.events("checkout.session.completed", "payment_intent.succeeded"))
    counter.deliver(failed)
    assert counter.again(purchase).state == "paid"
    assert counter.credits() == (before + 50, 0, 0)
    assert [one.state for one in counter.payments()] == ["succeeded"]


# 8. Refunds


@pytest.mark.django_db
def test_two_partial_refunds_take_back_exactly_what_one_whole_one_does(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    counter.stripe.refund(payment.provider_id, 333)
    counter.deliver()
    assert counter.credits() == (before + 32, 0, 0)  # 50 × 567/900, in the customer's favour
    counter.stripe.refund(payment.provider_id, 567)
    counter.deliver()
    counter.deliver()
    assert counter.credits() == (before, 0, 0)
    assert counter.cash() == {"EUR": 0}
    assert counter.payments()[0].refunded == 900
    assert counter.again(purchase).state == "paid"


@pytest.mark.django_db
def test_the_refund_of_a_second_payment_leaves_the_first_its_credits(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy()
    counter.deliver()
    (first,) = counter.payments()
    second = paid_again(counter, first.provider_id)
    counter.deliver()
    assert counter.credits() == (before + 50, 0, 0)
    assert counter.cash() == {"EUR": 1800}
    assert "paid_twice" in {one.code for one in counter.stored(state=EventState.REFUSED)}
    counter.stripe.refund(second)
    counter.deliver()
    assert counter.credits() == (before + 50, 0, 0)
    assert counter.cash() == {"EUR": 900}
    assert counter.again(purchase).state == "paid"


def paid_again(counter: Counter, payment_id: str) -> str:
    """Another payment for the same purchase, made beside its page; its id."""
    like = counter.stripe.object(payment_id)
    return counter.charge(like["amount"], like["currency"], like["customer"], like["metadata"])


# 9. What is not ours


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["nobody", "deleted", "unknown kind"])
def test_what_is_not_ours_is_stored_and_answered(counter: Counter, whose: str) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    if whose == "nobody":
        Customer.objects.update(provider_id="cus_elsewhere")
    elif whose == "deleted":
        world = counter.stripe.world
        gone = world.store.find(event["data"]["object"]["id"])
        assert gone
        world.store.remove(gone)
    else:
        event = counter.stripe.emit("account.updated", value={"id": "acct_1", "object": "account"})
    assert counter.post(event) == 200
    counter.run_queue()
    (stored,) = counter.stored()
    assert stored.state == EventState.IGNORED
    assert not Lease.objects.filter(task=APPLY).exists()
    assert counter.payments() == []


# 10. Related events, at once


@real_commits
def test_related_events_at_once_agree(counter: Counter) -> None:
    counter.buy("PRO", "month")
    for event in counter.stripe.events():
        assert counter.post(event) == 200
    at_once([applying(one) for one in counter.stored()])
    counter.run_queue()
    assert counter.problems() == []
    assert counter.states() <= {EventState.APPLIED, EventState.IGNORED}
    assert [one.state for one in counter.subscriptions()] == ["active"]
    assert counter.cash() == {"EUR": 4900}


# 11. Amount, currency, mode


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "code"), [("amount", 899, "other_amount"), ("currency", "usd", "other_currency")]
)
def test_another_amount_or_currency_grants_nothing(counter: Counter, field: str, value: Any, code: str) -> None:
    before = counter.credits()[0]
    purchase = counter.buy()
    counter.forge(counter.stripe.objects("payment_intent")[0]["id"], field, value)
    counter.deliver(counter.events("checkout.session.completed"))
    assert counter.credits() == (before, 0, 0)
    assert counter.again(purchase).state == "review"
    assert [(one.state, one.code) for one in counter.stored()] == [(EventState.REFUSED, code)]


@pytest.mark.django_db
def test_an_event_of_the_other_mode_grants_nothing(counter: Counter) -> None:
    before = counter.credits()[0]
    purchase = counter.buy()
    (event,) = counter.events("checkout.session.completed")
    counter.forge(event["id"], "livemode", True)
    assert counter.post(event) == 200
    counter.run_queue()
    assert counter.credits() == (before, 0, 0)
    assert counter.again(purchase).state == "open"
    assert [(one.state, one.code) for one in counter.stored()] == [(EventState.REFUSED, "other_mode")]


# 12. Lost deliveries


@pytest.mark.django_db
def test_what_no_delivery_brought_reconciliation_finds(counter: Counter) -> None:
    counter.buy("PRO", "month")
    counter.buy(quantity=3)
    reconciling.reconcile()
    counter.run_queue()
    assert counter.problems() == []
    found = books(counter)
    assert found[1] == {"EUR": 4900 + 2700}
    counter.deliver()
    with transaction.atomic():
        ProviderEvent.objects.update(state=EventState.RECEIVED)
    reconciling.reconcile()
    counter.run_queue()
    assert books(counter) == found


@pytest.mark.django_db
def test_what_is_listed_no_more_is_found_where_it_is_open(counter: Counter) -> None:
    """An outage longer than the provider keeps its events: nothing is listed, everything is looked at."""
    purchase = counter.buy("PRO", "month")
    provider = registry.provider("stripe")
    far = timezone.now() + timedelta(days=365)
    ProviderWatch.objects.create(provider=provider.name, livemode=provider.livemode, listed_until=far)
    counter.grow_old(purchase, timedelta(hours=1))
    reconciling.reconcile()
    counter.run_queue()
    assert counter.stored() == []
    assert counter.again(purchase).state == "paid"
    assert counter.cash() == {"EUR": 4900}


@pytest.mark.django_db
def test_two_endpoints_at_one_address_are_one_event(counter: Counter) -> None:
    before = counter.credits()[0]
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == counter.post(event, api_version="2024-06-20") == 200
    counter.run_queue()
    assert len(counter.stored()) == 1
    assert counter.credits() == (before + 50, 0, 0)
