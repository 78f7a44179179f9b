"""What staff give, with the reason, and take back: plans and credits."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from billing.actions import gifts
from billing.errors import PaymentRefused
from billing.jobs import graces
from billing.models import CreditAccount, EntryKind, LedgerEntry, Plan, PlanGift
from billing.queries.access import access
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import new_id
from organizations.models import Limits, Organization
from tests import builders
from tests.builders.money import make_subscription, price_of

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]


@pytest.fixture
def organization(db: None) -> Organization:
    """One without any credits."""
    return builders.make_organization(name="Atelier", slug="atelier", balance=0)


@pytest.fixture(autouse=True)
def _declared(organization: Organization, owner: User) -> Iterator[None]:
    with tenancy.declared(organization.pk):
        yield


@pytest.fixture
def staff(db: None) -> User:
    """Somebody of ours."""
    return builders.make_person(is_staff=True)


def give(organization: Organization, staff: User, code: str = "PRO", **how: Any) -> PlanGift:
    """A plan for thirty days."""
    fields: dict[str, Any] = {"until": timezone.now() + timedelta(days=30), "reason": "A jury reads them"} | how
    return gifts.give_plan(organization=organization, plan=Plan.objects.get(code=code), by=staff, **fields)


def plan_of(organization: Organization) -> str:
    """The plan whose limits hold."""
    return Limits.objects.of(organization).get().plan


def told(run_queue: RunQueue) -> list[str]:
    """Subjects of the letters since the last look."""
    mail.outbox.clear()
    run_queue()
    return [str(one.subject) for one in mail.outbox]


def test_a_plan_given_holds_until_its_day(organization: Organization, staff: User, run_queue: RunQueue) -> None:
    gift = give(organization, staff)
    assert (plan_of(organization), access(organization).reason) == ("PRO", "given")
    assert told(run_queue) == ["The plan Pro for Atelier, from us"]
    assert gift.until is not None
    with time_machine.travel(gift.until - timedelta(days=5), tick=False):
        graces.settle()
        graces.settle()
        [said] = told(run_queue)
    assert said.startswith("Pro ends on ")
    with time_machine.travel(gift.until + timedelta(minutes=1), tick=False):
        graces.settle()
        graces.settle()
        assert (plan_of(organization), told(run_queue)) == ("FREE", ["Atelier has the plan Free now"])
    assert Entry.objects.get(action="plan.given").details["reason"] == "A jury reads them"


def test_a_plan_given_is_taken_back_once(organization: Organization, staff: User, run_queue: RunQueue) -> None:
    gift = give(organization, staff, until=None)
    told(run_queue)
    assert gifts.take_back_plan(gift=gift, by=staff)
    assert not gifts.take_back_plan(gift=gift, by=staff)
    assert (plan_of(organization), told(run_queue)) == ("FREE", ["Atelier has the plan Free now"])


def test_the_better_of_what_is_paid_and_given_counts(organization: Organization, staff: User) -> None:
    make_subscription(organization, price_of("PRO"))
    gift = give(organization, staff, "STARTER")
    assert plan_of(organization) == "PRO"
    give(organization, staff, "ENTERPRISE")
    assert plan_of(organization) == "ENTERPRISE"
    gifts.take_back_plan(gift=gift, by=staff)
    assert plan_of(organization) == "ENTERPRISE"


@pytest.mark.parametrize(
    "how", [{"code": "FREE"}, {"code": "CUSTOM"}, {"reason": " "}, {"until": timezone.now() - timedelta(days=1)}]
)
def test_what_cannot_be_given_is_refused(organization: Organization, staff: User, how: dict[str, Any]) -> None:
    with pytest.raises(PaymentRefused):
        give(organization, staff, **how)
    assert PlanGift.objects.of(organization).count() == 0


def test_credits_are_given_once_and_taken_back_as_far_as_they_are_left(
    organization: Organization, staff: User, run_queue: RunQueue
) -> None:
    key = new_id()
    given: dict[str, Any] = {"organization": organization, "amount": 25, "reason": "Sorry", "by": staff, "key": key}
    assert gifts.give_credits(**given) is not None
    assert gifts.give_credits(**given) is None
    account = ledger.lock(organization)
    run = ("run", new_id())
    ledger.hold(account, Posting(EntryKind.RESERVE, "reserve", run), 10)
    ledger.settle(account, Posting(EntryKind.SETTLE, "settle", run), 10)
    told(run_queue)
    entry = LedgerEntry.objects.of(organization).get(kind=EntryKind.BONUS)
    assert gifts.take_back_credits(entry=entry, reason="Sent twice", by=staff) == 15
    row = CreditAccount.objects.of(organization).get()
    assert (row.available, row.debt) == (0, 0)
    assert told(run_queue) == ["15 credits of Atelier were taken back"]
    with pytest.raises(PaymentRefused):
        gifts.take_back_credits(entry=entry, reason="Again", by=staff)


@pytest.mark.parametrize("how", [{"amount": 0}, {"reason": ""}, {"expires_at": timezone.now()}])
def test_gifts_of_credits_are_looked_at(organization: Organization, staff: User, how: dict[str, Any]) -> None:
    given: dict[str, Any] = {"organization": organization, "amount": 25, "reason": "Sorry", "by": staff}
    with pytest.raises(PaymentRefused):
        gifts.give_credits(**(given | how), key=new_id())
    assert LedgerEntry.objects.of(organization).count() == 0


def test_what_was_bought_is_not_taken_back_as_a_gift(organization: Organization, staff: User) -> None:
    entry = ledger.grant(ledger.lock(organization), Posting(EntryKind.PURCHASE, "purchase:1"), 50)
    assert entry is not None
    with pytest.raises(PaymentRefused):
        gifts.take_back_credits(entry=entry, reason="No", by=staff)


# ── In the admin ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(client_of: Callable[[User], Client]) -> Client:
    """The browser of an administrator."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


def test_staff_give_and_take_back_a_plan_in_the_admin(
    desk: Client, organization: Organization, run_queue: RunQueue
) -> None:
    page = reverse("admin:billing_give_plan")
    assert desk.get(page).status_code == 200
    said = {"organization": "atelier", "plan": Plan.objects.get(code="PRO").pk, "until": "", "reason": "A jury"}
    assert desk.post(page, said | {"organization": "nobody"}).status_code == 422
    assert desk.post(page, said | {"until": "2020-01-01"}).status_code == 422
    assert desk.post(page, said).status_code == 302
    assert plan_of(organization) == "PRO"
    gift = PlanGift.objects.of(organization).get()
    back = reverse("admin:billing_take_back_plan", args=[gift.pk])
    assert desk.get(back).status_code == 200
    assert plan_of(organization) == "PRO"
    assert desk.post(back).status_code == 302
    assert plan_of(organization) == "FREE"
    assert len(told(run_queue)) == 2


def test_staff_give_credits_once_and_take_them_back_in_the_admin(desk: Client, organization: Organization) -> None:
    page = reverse("admin:billing_give_credits")
    said = {"organization": "atelier", "amount": "25", "until": "", "reason": "Sorry", "key": str(new_id())}
    for _time in range(2):
        assert desk.post(page, said).status_code == 302
    assert CreditAccount.objects.of(organization).get().available == 25
    assert b"Sorry" in desk.get(page).content
    entry = LedgerEntry.objects.of(organization).get(kind=EntryKind.BONUS)
    desk.post(page, {"entry": entry.pk, "reason": ""})
    assert CreditAccount.objects.of(organization).get().available == 25
    desk.post(page, {"entry": entry.pk, "reason": "Twice"})
    assert CreditAccount.objects.of(organization).get().available == 0


def test_looking_at_gifts_is_not_the_right_to_give(client_of: Callable[[User], Client], staff: User) -> None:
    staff.user_permissions.add(Permission.objects.get(codename="view_plangift"))
    clerk = client_of(User.objects.get(pk=staff.pk))
    assert clerk.get(reverse("admin:billing_plangift_changelist")).status_code == 200
    for name in ("billing_give_plan", "billing_give_credits"):
        assert clerk.get(reverse(f"admin:{name}")).status_code == 403
