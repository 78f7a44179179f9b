"""Pages that wait for a provider: they say how things stand with us, look again, and lead on to nothing unasked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import Errand, ErrandKind, Purchase, PurchaseState
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.builders import money

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
SOON = timedelta(days=3)


def address(organization: Organization, name: str, *ids: object) -> str:
    """Of a page of billing."""
    return reverse(f"billing:{name}", args=[organization.slug, *ids])


def bought(organization: Organization, owner: User, **overrides: Any) -> Purchase:
    """A pack whose payment page is open."""
    fields = {"state": "open", "url": "http://pay.example/1", "paid_at": None, "expires_at": timezone.now() + SOON}
    return money.make_purchase(organization, owner, money.price_of("credits-50", "once"), **(fields | overrides))


def asked(organization: Organization, owner: User, **fields: Any) -> Errand:
    """Something that was asked of the provider."""
    with tenancy.declared(organization.pk), transaction.atomic():
        return Errand.objects.create(organization=organization, by=owner, provider="stripe", **fields)


def mirror_id(price: Any) -> str:
    """The price's id at the sandbox."""
    return str(price.mirrors.get().provider_id)


@pytest.mark.parametrize(
    ("state", "said", "way"),
    [
        ("preparing", "being prepared", "Look again"),
        ("open", "Not paid yet", "Go to the payment page"),
        ("paid", "Paid. Thank you.", "See the credits"),
        ("failed", "It was not paid", "Try again"),
        ("abandoned", "Not completed", "Try again"),
        ("review", "We are checking this payment", "Back to billing"),
    ],
)
def test_a_purchase_shows_the_truth_and_a_way_on(
    state: str, said: str, way: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    row = bought(organization, owner, state=state)
    html = client_of(owner).get(address(organization, "purchase", row.pk)).content.decode()
    assert said in html
    assert way in html


def test_an_open_page_that_has_expired_is_said_to_be_over(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    row = bought(organization, owner, expires_at=timezone.now() - SOON)
    html = client_of(owner).get(address(organization, "purchase", row.pk)).content.decode()
    assert "Not completed" in html
    assert "http://pay.example" not in html


def test_coming_back_grants_nothing_and_leads_nowhere_else(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    row = bought(organization, owner)
    answer = client_of(owner).get(address(organization, "purchase", row.pk) + "?state=paid&success=1&session_id=cs_1")
    assert (answer.status_code, b"Not paid yet" in answer.content) == (200, True)
    with tenancy.declared(organization.pk):
        assert Purchase.objects.of(organization).get().state == PurchaseState.OPEN


def test_an_order_goes_on_to_its_payment_page_but_not_in_answer_to_the_form(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    row, mine = bought(organization, owner), client_of(owner)
    url = address(organization, "purchase", row.pk)
    assert mine.get(url, {"going": 1}).status_code == 200
    assert mine.get(url, {"going": 2}).headers["Location"] == "http://pay.example/1"
    swapped = mine.get(url, {"going": 2}, headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (200, "http://pay.example/1")
    admin = client_of(builders.make_member(organization, "admin"))
    assert admin.get(url, {"going": 2}).status_code == 200


@pytest.mark.parametrize("state", ["preparing", "paid", "failed", "review"])
def test_what_cannot_be_paid_leads_to_no_other_site(
    state: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    url = address(organization, "purchase", bought(organization, owner, state=state).pk)
    assert client_of(owner).get(url, {"going": 2}).status_code == 200


def test_a_page_that_waits_looks_again_ever_later_and_ends(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    mine, swapped = client_of(owner), {"HX-Request": "true"}
    url = address(organization, "purchase", bought(organization, owner).pk)
    first = mine.get(url, {"stage": "open", "look": "1"}, headers=swapped)
    assert "HX-Retarget" not in first.headers
    assert b"load delay:1s" in first.content
    assert b"load delay:60s" in mine.get(url, {"stage": "open", "look": "19"}, headers=swapped).content
    last = mine.get(url, {"stage": "open", "look": "20"}, headers=swapped).content.decode()
    assert "load delay" not in last
    assert "longer than usual" in last


def test_what_has_changed_meanwhile_takes_the_place_of_the_whole_state(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    url = address(organization, "purchase", bought(organization, owner, state="paid").pk)
    answer = client_of(owner).get(url, {"stage": "open", "look": "2"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#waiting"
    assert b'data-stage="paid"' in answer.content
    assert b"Look again" not in answer.content


def test_a_preview_shows_what_is_due_and_is_agreed_to(
    organization: Organization, owner: User, client_of: ClientOf, stripe: Any, sold: Callable[..., Any]
) -> None:
    held = money.make_subscription(organization, sold("STARTER"))
    pro = sold("PRO")
    shown = money.make_preview(organization, owner, held, pro)
    with tenancy.declared(organization.pk), transaction.atomic():
        Errand.objects.of(organization).update(arguments={"price": mirror_id(pro), "price_id": str(pro.pk)})
    url = address(organization, "errand", shown.pk)
    html = client_of(owner).get(url).content.decode()
    assert "€10.00" in html
    assert "Order with obligation to pay" in html
    answer = client_of(owner).post(url)
    with tenancy.declared(organization.pk):
        change = Errand.objects.of(organization).get(kind=ErrandKind.CHANGE)
    assert answer.headers["Location"] == address(organization, "errand", change.pk)


def test_a_preview_that_is_too_old_is_no_longer_agreed_to(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    held = money.make_subscription(organization, money.price_of("STARTER"))
    shown = money.make_preview(organization, owner, held, money.price_of("PRO"))
    answer = client_of(owner).post(address(organization, "errand", shown.pk))
    assert answer.headers["Location"] == address(organization, "plans")


@pytest.mark.parametrize("kind", ["change", "portal", "cancel"])
def test_only_a_preview_is_agreed_to(kind: str, organization: Organization, owner: User, client_of: ClientOf) -> None:
    row = asked(organization, owner, kind=kind, state="done")
    assert client_of(owner).post(address(organization, "errand", row.pk)).status_code == 404


def test_the_providers_page_is_good_for_minutes(organization: Organization, owner: User, client_of: ClientOf) -> None:
    row = asked(organization, owner, kind="portal", state="done", result={"url": "http://pay.example/portal"})
    url = address(organization, "errand", row.pk)
    assert client_of(owner).get(url, {"going": 2}).headers["Location"] == "http://pay.example/portal"
    with tenancy.declared(organization.pk), transaction.atomic():
        Errand.objects.of(organization).update(updated_at=timezone.now() - timedelta(minutes=6))
    late = client_of(owner).get(url, {"going": 2})
    assert (late.status_code, b"expired" in late.content, b"pay.example" in late.content) == (200, True, False)


def test_why_an_errand_failed_is_said(organization: Organization, owner: User, client_of: ClientOf) -> None:
    row = asked(organization, owner, kind="change", state="failed", problem="Your bank refused the payment.")
    assert b"Your bank refused the payment." in client_of(owner).get(address(organization, "errand", row.pk)).content
