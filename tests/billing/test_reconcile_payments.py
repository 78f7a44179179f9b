"""What deliveries lost is found, what waits too long is told, and what names people does not stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.utils import timezone

from billing.jobs import events, reconciling, watching
from billing.models import EventState, ProviderEvent, ProviderEventBody, ProviderWatch
from billing.providers import registry
from billing.transitions import forgetting
from core import metrics, tenancy
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.billing.counter import Counter

pytestmark = pytest.mark.django_db


def listed() -> int:
    """Events that the provider told of and nobody had."""
    return reconciling.list_events(registry.provider("stripe"))


def written(letter: Any) -> str:
    """Its plain text."""
    return str(letter.message().get_body(("plain",)).get_content())


def bodies() -> int:
    """How many are kept."""
    with tenancy.system("test: bodies"):
        return ProviderEventBody.objects.count()


def test_only_what_concerns_us_is_taken_from_the_list(counter: Counter) -> None:
    counter.buy()
    assert listed() > 0
    kinds = set(ProviderEvent.objects.values_list("object_type", flat=True))
    assert kinds <= {"checkout", "payment", "customer", "card", "invoice", "subscription", "refund", "dispute"}
    assert bodies() == 0


def test_the_list_is_read_from_where_it_ended(counter: Counter) -> None:
    counter.buy()
    assert listed() > 0
    (mark,) = ProviderWatch.objects.values_list("listed_until", flat=True)
    assert mark
    assert int(mark.timestamp()) == counter.stripe.events()[-1]["created"]
    assert listed() == 0
    counter.stripe.advance(days=1)
    counter.buy(quantity=2)
    stored = len(counter.stored())
    assert listed() == len(counter.stored()) - stored > 0


def test_an_outage_of_theirs_moves_nothing_on(counter: Counter) -> None:
    counter.buy()
    counter.stripe.fault("500", path="/v1/events", times=0)
    reconciling.reconcile()
    assert ProviderWatch.objects.get().listed_until is None
    counter.stripe.clear_faults()
    reconciling.reconcile()
    counter.run_queue()
    assert counter.cash() == {"EUR": 900}


def test_what_waits_without_a_lease_is_put_on_offer_again(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == 200
    Lease.objects.all().delete()
    assert reconciling.offer_stuck() == 1
    counter.run_queue()
    assert counter.stored()[0].state == EventState.APPLIED
    assert reconciling.offer_stuck() == 0


def test_what_is_settled_is_not_looked_at(counter: Counter) -> None:
    old = timedelta(hours=1)
    counter.grow_old(counter.order(), old)
    assert reconciling.look_at_open() == 1
    paid = counter.buy(quantity=2)
    counter.deliver()
    counter.grow_old(paid, old)
    assert reconciling.look_at_open() == 1


def test_a_page_nobody_paid_is_seen_to_have_closed(counter: Counter) -> None:
    purchase = counter.order()
    counter.stripe.advance(days=2)
    counter.grow_old(purchase, timedelta(days=2))
    reconciling.look_at_open()
    counter.run_queue()
    assert counter.again(purchase).state == "abandoned"


def test_an_event_that_fails_is_tried_again_with_growing_pauses(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    counter.stripe.fault("500", path="/v1/checkout/sessions/*", times=0)
    assert counter.post(event) == 200
    pauses = []
    for _attempt in range(events.FAILING_AFTER):
        Lease.objects.update(available_at=timezone.now())
        current_app.tasks["billing.tasks.apply_event"](str(counter.stored()[0].pk))
        pauses.append(Lease.objects.get().available_at - timezone.now())
    assert sorted(pauses) == pauses
    assert pauses[-1] > timedelta(minutes=1)
    (failing,) = counter.stored()
    assert (failing.state, failing.attempts) == (EventState.FAILED, events.FAILING_AFTER)
    assert failing.problem
    counter.stripe.clear_faults()
    Lease.objects.update(available_at=timezone.now())
    counter.run_queue()
    assert counter.stored()[0].state == EventState.APPLIED
    assert counter.stored()[0].problem == ""


def test_staff_are_told_at_once_of_what_was_refused_and_only_once(counter: Counter, settings: Any) -> None:
    settings.BILLING_ALERT_EMAILS = ["money@example.org"]
    watching.watch()
    counter.buy()
    counter.forge(counter.stripe.objects("payment_intent")[0]["id"], "amount", 1)
    counter.deliver(counter.events("checkout.session.completed"))
    mail.outbox.clear()
    for _minute in range(2):
        watching.watch()
        counter.run_queue()
    (letter,) = mail.outbox
    assert letter.to == ["money@example.org"]
    text = written(letter)
    assert "Events refused: 1" in text
    assert "Purchases to check: 1" in text
    assert "/admin/billing/providerevent/" in text


def test_staff_are_told_of_what_does_not_move(counter: Counter, settings: Any) -> None:
    settings.BILLING_ALERT_EMAILS = []
    clerk = builders.make_person(is_staff=True, is_superuser=True, language="fr")
    counter.buy()
    assert counter.post(counter.events("checkout.session.completed")[0]) == 200
    Lease.objects.all().delete()
    watching.watch()
    ProviderEvent.objects.update(created_at=timezone.now() - timedelta(hours=1))
    for _minute in range(2):
        watching.watch()
    counter.run_queue()
    (letter,) = [one for one in mail.outbox if one.to == [clerk.email]]
    assert "/admin/billing/providerevent/" in written(letter)
    ProviderWatch.objects.update(late_told_at=timezone.now() - timedelta(hours=2))
    watching.watch()
    counter.run_queue()
    assert len([one for one in mail.outbox if one.to == [clerk.email]]) == 2


def test_prometheus_sees_what_waits(counter: Counter) -> None:
    counter.buy()
    assert counter.post(counter.events("checkout.session.completed")[0]) == 200
    shown = metrics.page().decode()
    assert 'scriptorium_provider_events{state="received"} 1.0' in shown
    assert "scriptorium_provider_event_age_seconds" in shown


def test_bodies_go_after_ninety_days(counter: Counter, run_queue: Callable[[], int]) -> None:
    counter.buy()
    counter.deliver()
    kept = bodies()
    with tenancy.system("test: one body grows old"):
        oldest = ProviderEventBody.objects.order_by("pk").values_list("pk", flat=True)[:1]
        long_ago = timezone.now() - forgetting.KEPT - timedelta(hours=1)
        ProviderEventBody.objects.filter(pk__in=list(oldest)).update(created_at=long_ago)
    forgetting.old_bodies(timezone.now())
    assert bodies() == kept - 1


def test_bodies_go_with_their_organization(counter: Counter) -> None:
    counter.buy()
    counter.deliver()
    ours = counter.stored(organization_id=counter.organization.pk)
    kept = bodies()
    assert ours
    assert forgetting.bodies_of([counter.organization.pk]) is False
    assert bodies() == kept - len(ours)
    assert len(counter.stored(organization_id=counter.organization.pk)) == len(ours)  # the envelopes name nobody


def test_bodies_that_were_not_applied_go_too_and_late_ones_do_not_stay(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == 200
    assert forgetting.bodies_of([counter.organization.pk]) is False
    assert bodies() == 0
    now = timezone.now()
    Organization.objects.filter(pk=counter.organization.pk).update(closed_at=now, erase_at=now, erased_at=now)
    counter.deliver(counter.events("payment_intent.succeeded"))
    assert bodies() == 0
    assert counter.cash() == {"EUR": 900}  # the books go on
    assert counter.cards() == []
