"""Staff put right how many credits there are: with a reason, once, in the trail, and never below nothing."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import User
from audit.models import Entry, Severity
from billing.actions.credits import adjust, top_up
from billing.errors import AdjustmentRefused
from billing.models import CreditAccount, EntryKind, LedgerEntry
from billing.queries import Balance
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import new_id
from organizations.actions import ensure_personal_organization
from organizations.actions.opening import make_ordinary, open_organization
from organizations.models import Organization
from tests import builders
from tests.billing.purse import have, purse_of
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> User:
    """Somebody of the finance desk."""
    return builders.make_person(is_staff=True, display_name="Fiona Finance")


def test_up_and_down_by_a_reason_in_the_trail(organization: Organization, staff: User) -> None:
    with tenancy.declared(organization.pk):
        adjust(organization=organization, amount=20, reason="  A lost parcel ", by=staff, key=new_id())
        adjust(organization=organization, amount=-5, reason="Too many", by=staff, key=new_id())
        trail = list(Entry.objects.filter(action="credits.adjusted").order_by("id"))
    assert purse_of(organization) == Balance(15)
    entries = sorted(desk.rows(LedgerEntry, organization), key=lambda entry: entry.pk)
    assert [(entry.kind, entry.reason, entry.by_id) for entry in entries] == [
        (EntryKind.ADJUSTMENT, "A lost parcel", staff.pk),
        (EntryKind.ADJUSTMENT, "Too many", staff.pk),
    ]
    assert [entry.details["credits"] for entry in trail] == [20, -5]
    assert {entry.severity for entry in trail} == {Severity.HIGH}


def test_a_form_sent_twice_adjusts_once(organization: Organization, staff: User) -> None:
    key = new_id()
    with tenancy.declared(organization.pk):
        first = adjust(organization=organization, amount=20, reason="A lost parcel", by=staff, key=key)
        again = adjust(organization=organization, amount=20, reason="A lost parcel", by=staff, key=key)
    assert (first is not None, again) == (True, None)
    assert purse_of(organization) == Balance(20)


@pytest.mark.parametrize(("amount", "reason"), [(0, "Nothing"), (5, " "), (-4, "More than is there")])
def test_nothing_happens_without_amount_reason_or_credits(
    amount: int, reason: str, organization: Organization, staff: User
) -> None:
    have(organization, 3)
    with tenancy.declared(organization.pk), pytest.raises(AdjustmentRefused):
        adjust(organization=organization, amount=amount, reason=reason, by=staff, key=new_id())
    assert purse_of(organization) == Balance(3)


def test_a_person_gets_thirty_credits_once(db: None) -> None:
    person = builders.make_person()
    accounts.open_person(person=person)
    first = ensure_personal_organization(person=person)
    assert purse_of(first) == Balance(30)
    make_ordinary(organization=first, by=person)
    second = ensure_personal_organization(person=person)
    assert (second != first, purse_of(second), purse_of(first)) == (True, Balance(), Balance(30))


def test_an_organization_of_several_begins_with_nothing(owner: User) -> None:
    assert purse_of(open_organization(by=owner, name="Second house")) == Balance()


def test_the_demo_account_is_filled_up_and_not_over(tmp_path: Path, db: None) -> None:
    call_command("open_demo_account", "demo@example.org", tmp_path / "password")
    for _again in range(2):
        call_command("fill_demo_account", "demo@example.org")
    person = User.objects.get(email="demo@example.org")
    assert purse_of(ensure_personal_organization(person=person)) == Balance(1_000)


def test_topping_up_pays_what_is_owed_first(organization: Organization, staff: User) -> None:
    with tenancy.declared(organization.pk):
        ledger.withdraw(ledger.lock(organization), Posting(EntryKind.REFUND, "gone"), 7, lot=None)
        top_up(organization=organization, least=10, reason="To look around with", by=staff)
    assert purse_of(organization) == Balance(10)


def test_staff_adjust_in_the_admin(organization: Organization, client_of: Callable[[User], Client]) -> None:
    have(organization, 3)
    finance = builders.make_person(is_staff=True, is_superuser=True)
    (account,) = desk.rows(CreditAccount, organization)
    desk_of_staff, address = client_of(finance), reverse("admin:billing_adjust_credits", args=[account.pk])
    assert desk_of_staff.get(address).status_code == 200
    form = {"amount": "-2", "reason": "Counted twice", "key": str(new_id())}
    refused = desk_of_staff.post(address, form | {"amount": "-9", "key": str(new_id())})
    assert refused.status_code == 422 and "No more than 3" in refused.content.decode()
    for _again in range(2):
        assert desk_of_staff.post(address, form).status_code == 302
    assert purse_of(organization) == Balance(1)


def test_who_may_only_look_adjusts_nothing(
    organization: Organization, staff: User, client_of: Callable[[User], Client]
) -> None:
    have(organization, 3)
    (account,) = desk.rows(CreditAccount, organization)
    form = {"amount": "2", "reason": "For me", "key": str(new_id())}
    answer = client_of(staff).post(reverse("admin:billing_adjust_credits", args=[account.pk]), form)
    assert (answer.status_code, purse_of(organization)) == (403, Balance(3))


def test_a_personal_organization_from_before_the_ledger_gets_its_credits_too(db: None) -> None:
    person = builders.make_person()
    older = builders.make_organization(balance=0, personal_of=person)
    before = builders.make_organization(balance=5, personal_of=builders.make_person())
    migration = importlib.import_module("billing.migrations.0017_first_credits")
    for _again in range(2):
        with tenancy.declared(older.pk), transaction.atomic():
            migration.give(apps, SimpleNamespace(connection=connection))
    assert (purse_of(older), purse_of(before)) == (Balance(30), Balance(35))
    with tenancy.declared(older.pk):
        assert ledger.lock(older).available == 30
