"""Paying back by staff: in whole or in part, with a reason, never more than is left, and once."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from audit.models import Entry, Severity
from billing.actions import refunds
from billing.errors import PaymentRefused
from billing.jobs.errands import refunds as jobs
from billing.models import Errand, ErrandState, Payment, Price, Refund
from billing.providers.registry import provider
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.billing import till
from tests.billing.till import Perform
from tests.fakes.stripe import Sandbox

pytestmark = pytest.mark.django_db
PayBack = Callable[..., Errand]


@pytest.fixture
def clerk(db: None) -> User:
    """Staff."""
    return builders.make_person(is_staff=True)


@pytest.fixture
def payment(
    organization: Organization, owner: User, sold: Callable[..., Price], stripe: Sandbox, run_queue: Perform
) -> Payment:
    """Nine euros for fifty credits."""
    till.bought(organization, sold("credits-50", "once"), owner, stripe, run_queue)
    return till.payment(organization)


@pytest.fixture
def pay_back(payment: Payment, clerk: User, run_queue: Perform) -> PayBack:
    """Ask for a refund and have it done."""

    def asked(amount: int, **said: Any) -> Errand:
        fields: dict[str, Any] = {"payment": payment, "reason": "Bought by mistake", "by": clerk} | said
        with till.working(payment.organization):
            errand = refunds.refund(amount=amount, **fields)
        return till.worked_off(errand, run_queue)

    return asked


def refused(pay_back: PayBack, amount: int, **said: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(PaymentRefused) as found:
        pay_back(amount, **said)
    return found.value.code


def test_a_part_goes_back_and_then_the_rest(payment: Payment, clerk: User, stripe: Sandbox, pay_back: PayBack) -> None:
    assert pay_back(300).state == ErrandState.DONE
    (first,) = till.rows(Refund, payment.organization)
    assert (first.amount, first.reason, first.by_id) == (300, "Bought by mistake", clerk.pk)
    assert till.again(payment).refunded == 300
    assert pay_back(600).state == ErrandState.DONE
    assert till.again(payment).refunded == 900
    assert [one["amount"] for one in stripe.objects("refund")] == [300, 600]
    assert refused(pay_back, 1) == "amount"
    assert till.trail(payment).count("payment.refund_asked") == 2


def test_the_provider_is_not_told_why(stripe: Sandbox, pay_back: PayBack) -> None:
    errand = pay_back(300)
    (there,) = stripe.objects("refund")
    assert there["metadata"] == {"errand": str(errand.pk)}
    assert there["reason"] == "requested_by_customer"


@pytest.mark.parametrize("amount", [0, -1, 901])
def test_no_more_than_was_paid_goes_back(pay_back: PayBack, stripe: Sandbox, amount: int) -> None:
    assert refused(pay_back, amount) == "amount"
    assert stripe.objects("refund") == []


def test_what_is_asked_for_already_counts(payment: Payment, clerk: User) -> None:
    said: dict[str, Any] = {"payment": payment, "by": clerk}
    with till.working(payment.organization):
        first = refunds.refund(amount=500, reason="Half", **said)
        assert refunds.refundable(payment).amount == 400
        with pytest.raises(PaymentRefused):
            refunds.refund(amount=401, reason="Rest", **said)
        assert refunds.refund(amount=400, reason="Rest", **said).pk != first.pk


def test_a_button_pressed_twice_pays_back_once(payment: Payment, clerk: User) -> None:
    said: dict[str, Any] = {"payment": payment, "by": clerk, "amount": 300, "reason": "Twice"}
    with till.working(payment.organization):
        assert refunds.refund(**said).pk == refunds.refund(**said).pk


def test_only_staff_pay_back_and_say_why(owner: User, pay_back: PayBack) -> None:
    assert refused(pay_back, 300, by=owner) == "not_staff"
    assert refused(pay_back, 300, reason="  ") == "no_reason"


def test_what_was_not_paid_or_is_disputed_stays(payment: Payment, pay_back: PayBack) -> None:
    def become(**fields: Any) -> None:
        with till.working(payment.organization):
            Payment.objects.filter(pk=payment.pk).update(**fields)

    become(dispute_state="open")
    assert refused(pay_back, 300) == "disputed"
    become(dispute_state="", state="failed")
    assert refused(pay_back, 300) == "not_paid"


def test_a_worker_killed_after_it_asked_pays_back_once(
    payment: Payment, clerk: User, stripe: Sandbox, run_queue: Perform
) -> None:
    with till.working(payment.organization):
        errand = refunds.refund(payment=payment, amount=300, reason="Once", by=clerk)
        jobs.refund(errand, provider("stripe"))
    stripe.advance(days=2)  # the provider has forgotten the key
    assert till.worked_off(errand, run_queue).state == ErrandState.DONE
    assert len(stripe.objects("refund")) == 1
    assert till.rows(Refund, payment.organization)[0].reason == "Once"


def test_a_lost_answer_pays_back_once(stripe: Sandbox, pay_back: PayBack, quickly: None) -> None:
    stripe.fault("hangup_after", path="/v1/refunds", method="POST")
    assert pay_back(300).state == ErrandState.DONE
    assert len(stripe.objects("refund")) == 1


def test_what_they_refuse_is_told_to_staff_at_once(payment: Payment, stripe: Sandbox, pay_back: PayBack) -> None:
    stripe.refund(payment.provider_id, 800)  # on the dashboard, and nobody has told us yet
    errand = pay_back(300)
    assert errand.state == ErrandState.FAILED
    assert "refused this" in errand.problem
    with tenancy.system("tests: the trail"):
        assert Entry.objects.get(target_id=errand.pk).severity == Severity.CRITICAL
