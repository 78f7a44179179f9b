"""The door of deliveries: what is signed is stored once; what is not leaves nothing but a line of the trail."""

import time
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from stripe import WebhookSignature

from billing.models import EventState, ProviderEvent, ProviderEventBody
from billing.views.webhooks import LARGEST
from core import tenancy
from tests import builders
from tests.billing.counter import ADDRESS, Counter
from tests.trail import trail

pytestmark = pytest.mark.django_db


def bodies() -> list[bytes]:
    """What is stored of payloads."""
    with tenancy.system("test: bodies"):
        return [bytes(one.body) for one in ProviderEventBody.objects.order_by("pk")]


def sent(body: bytes, signature: str | None = None, **how: Any) -> int:
    """A delivery by hand."""
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return Client(**how).post(ADDRESS, body, content_type="application/json", headers=headers).status_code


def signature_of(body: bytes, secret: str, at: int | None = None) -> str:
    """As Stripe makes it."""
    return str(WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=at))


def test_a_signed_delivery_is_stored_as_it_came_and_put_on_offer(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    assert counter.post(event) == 200
    (stored,) = counter.stored()
    assert (stored.event_id, stored.object_type, stored.state) == (event["id"], "checkout", EventState.RECEIVED)
    assert stored.pk == ProviderEvent.key("stripe", "", False, event["id"])
    assert bodies() == [counter.stripe.signed(event["id"])[0]]
    assert counter.run_queue() >= 1


def test_again_and_again_changes_nothing(counter: Counter) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    counter.deliver([event])
    (applied,) = counter.stored()
    counter.deliver([event, event])
    (again,) = counter.stored()
    assert (again.state, again.attempts, again.applied_at) == (EventState.APPLIED, 1, applied.applied_at)
    assert len(bodies()) == 1


@pytest.mark.parametrize("wrong", ["none", "empty", "forged", "old", "other secret", "other bytes", "garbage", "list"])
def test_what_is_not_signed_leaves_nothing_but_a_line_of_the_trail(counter: Counter, wrong: str) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    body, _headers = counter.stripe.signed(event["id"])
    secret, now = counter.stripe.endpoint_secret, int(time.time())
    if wrong in {"garbage", "list"}:
        body = b"\xff\xfe{" if wrong == "garbage" else b"[1]"
        header = f"t={now},v1={WebhookSignature._compute_signature(f'{now}.', secret)}"
        header = signature_of(body, secret) if wrong == "list" else header
    else:
        signatures = {
            "none": None,
            "empty": "",
            "forged": f"t={now},v1={'0' * 64}",
            "old": signature_of(body, secret, now - 301),
            "other secret": signature_of(body, "whsec_of_somebody_else"),
            "other bytes": signature_of(body + b" ", secret),
        }
        header = signatures[wrong]  # type: ignore[assignment]  # None is no header
    assert sent(body, header) == 400
    assert counter.stored() == []
    assert bodies() == []
    assert [one.details["provider"] for one in trail("delivery.refused")] == ["stripe"]


def test_what_is_too_large_is_not_read_to_its_end(counter: Counter) -> None:
    assert sent(b" " * (LARGEST + 1), "t=1,v1=0") == 413
    assert counter.stored() == []
    assert [one.details["why"] for one in trail("delivery.refused")] == ["too_large"]


def test_a_flood_of_forgeries_does_not_fill_the_trail(counter: Counter) -> None:
    assert {sent(b"{}", "t=1,v1=0") for _each in range(15)} == {400}
    assert len(trail("delivery.refused")) == 10


def test_the_old_secret_counts_while_it_changes(counter: Counter, settings: Any) -> None:
    counter.buy()
    (event,) = counter.events("checkout.session.completed")
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_the_new_one", counter.stripe.endpoint_secret]
    assert counter.post(event) == 200


def test_nobody_is_asked_to_sign_in_and_nothing_is_to_be_seen(counter: Counter) -> None:
    assert Client(enforce_csrf_checks=True).get(ADDRESS).status_code == 405
    assert sent(b"{}", enforce_csrf_checks=True) == 400


def test_without_a_provider_there_is_no_door(settings: Any, db: None) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert sent(b"{}") == 404


def test_who_is_signed_in_counts_for_nothing(counter: Counter) -> None:
    browser = Client()
    browser.force_login(builders.make_person(is_staff=True, is_superuser=True))
    assert browser.post(ADDRESS, b"{}", content_type="application/json").status_code == 400


def test_the_web_role_writes_bodies_and_does_not_read_them(counter: Counter) -> None:
    counter.buy()
    counter.deliver(counter.events("checkout.session.completed"))
    for attempt in (ProviderEventBody.objects.count, ProviderEventBody.objects.all().delete):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            attempt()
