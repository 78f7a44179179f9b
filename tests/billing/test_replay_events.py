"""Staff look at what providers sent, and apply it again: what was settled stays as it is."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from billing.models import EventState, ProviderEvent
from tests import builders
from tests.billing.counter import Counter
from tests.trail import trail

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/providerevent/"


@pytest.fixture
def staff(client_of: Callable[[User], Client]) -> Client:
    """Somebody who looks after money."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


def page(event: ProviderEvent) -> str:
    """Its own."""
    return reverse("admin:billing_providerevent_change", args=[event.pk])


def test_an_event_is_found_by_what_it_is_about_and_shown_as_it_came(counter: Counter, staff: Client) -> None:
    purchase = counter.buy()
    counter.deliver()
    found = staff.get(LIST, {"q": str(purchase.provider_id)}).content.decode()
    assert "checkout.session.completed" in found
    assert "price.created" not in found
    (event,) = counter.stored(type="checkout.session.completed")
    shown = staff.get(page(event)).content.decode()
    assert "&quot;payment_status&quot;: &quot;paid&quot;" in shown
    assert event.event_id in shown


def test_what_needs_a_person_is_one_choice_away(counter: Counter, staff: Client) -> None:
    counter.buy()
    counter.forge(counter.stripe.objects("payment_intent")[0]["id"], "amount", 1)
    counter.deliver()
    shown = staff.get(LIST, {"needs": "yes"}).content.decode()
    assert "other_amount" in shown
    assert "product.created" not in shown


def test_an_event_is_applied_again_by_a_button_with_the_same_end(counter: Counter, staff: Client) -> None:
    counter.buy()
    counter.deliver()
    before = counter.credits(), counter.cash()
    (event,) = counter.stored(type="checkout.session.completed")
    again = reverse("admin:billing_replay", args=[event.pk])
    assert "Apply again" in staff.get(again).content.decode()
    assert counter.stored(pk=event.pk)[0].state == EventState.APPLIED  # looking does nothing
    assert staff.post(again).status_code == 302
    assert counter.stored(pk=event.pk)[0].state == EventState.RECEIVED
    counter.run_queue()
    assert counter.stored(pk=event.pk)[0].state == EventState.APPLIED
    assert (counter.credits(), counter.cash()) == before
    (said,) = trail("event.replayed")
    assert said.target_id == event.pk
    assert said.changes == {"state": [EventState.APPLIED, EventState.RECEIVED]}


def test_many_are_applied_again_at_once(counter: Counter, staff: Client) -> None:
    counter.buy("PRO", "month")
    counter.deliver()
    before = counter.credits(), counter.cash(), len(counter.subscriptions())
    chosen = [str(one.pk) for one in counter.stored()]
    staff.post(LIST, {"action": "again", "_selected_action": chosen})
    assert {one.state for one in counter.stored()} == {EventState.RECEIVED}
    counter.run_queue()
    assert (counter.credits(), counter.cash(), len(counter.subscriptions())) == before
    assert len(trail("event.replayed")) == len(chosen)


def test_looking_is_not_the_right_to_apply(counter: Counter, client_of: Callable[[User], Client]) -> None:
    counter.buy()
    counter.deliver()
    (event,) = counter.stored(type="checkout.session.completed")
    clerk = builders.make_person(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_providerevent"))
    support = client_of(clerk)
    assert support.get(page(event)).status_code == 200
    assert "Apply again" not in support.get(page(event)).content.decode()
    assert support.post(reverse("admin:billing_replay", args=[event.pk])).status_code == 403
    assert trail("event.replayed") == []
