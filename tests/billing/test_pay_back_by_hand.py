"""Staff pay back by a page of the admin: so much, for that reason, with everything that follows."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import builders
from tests.billing.counter import Counter
from tests.trail import trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_of: Callable[[User], Client]) -> Client:
    """Somebody who looks after money."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


def test_a_part_is_paid_back_with_its_reason(counter: Counter, staff: Client) -> None:
    before = counter.credits()[0]
    counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    page = reverse("admin:billing_refund", args=[payment.pk])
    assert "9.00" in staff.get(page).content.decode()
    answer = staff.post(page, {"amount": "4.50", "reason": "Half of it was not needed"})
    assert answer.status_code == 302
    counter.run_queue()
    assert counter.payments()[0].refunded == 450
    assert counter.credits() == (before + 25, 0, 0)
    shown = staff.get(reverse("admin:billing_payment_change", args=[payment.pk])).content.decode()
    assert "Half of it was not needed" in shown
    counter.deliver()
    assert counter.cash() == {"EUR": 450}
    assert [one.actor_label for one in trail("payment.refund_asked")] != [""]


@pytest.mark.parametrize("form", [{"amount": "9.01"}, {"amount": "0"}, {"amount": "1.234"}, {"reason": ""}])
def test_what_cannot_be_paid_back_is_said(counter: Counter, staff: Client, form: dict[str, str]) -> None:
    counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    page = reverse("admin:billing_refund", args=[payment.pk])
    assert staff.post(page, {"amount": "9", "reason": "Because"} | form).status_code == 422
    assert trail("payment.refund_asked") == []


def test_looking_is_not_the_right_to_pay_back(counter: Counter, client_of: Callable[[User], Client]) -> None:
    counter.buy()
    counter.deliver()
    (payment,) = counter.payments()
    clerk = builders.make_person(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_payment"))
    browser = client_of(clerk)
    assert browser.get(reverse("admin:billing_payment_change", args=[payment.pk])).status_code == 200
    assert browser.get(reverse("admin:billing_refund", args=[payment.pk])).status_code == 403
