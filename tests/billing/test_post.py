"""The ledger: what is posted adds up, is single, and never falls below nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from billing.errors import InDebt, TooFewCredits
from billing.models import Account, CreditAccount, CreditLot, EntryKind, LedgerLine
from billing.queries import charge
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import new_id
from core.money import Money
from organizations.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(organization: Organization) -> Iterator[CreditAccount]:
    """An account with nothing in it."""
    with tenancy.declared(organization.pk):
        yield ledger.lock(organization)


def sums(account: CreditAccount) -> tuple[int, int, int]:
    """Available, reserved and owed, as the row has them and as the lines add up."""
    row = CreditAccount.objects.of(account.organization).get()
    lines = LedgerLine.objects.of(account.organization)
    added = {place: lines.filter(account=place).aggregate(n=Sum("amount"))["n"] or 0 for place in Account}
    assert (row.available, row.reserved, row.debt) == (
        added[Account.AVAILABLE],
        added[Account.RESERVED],
        -added[Account.DEBT],
    )
    return row.available, row.reserved, row.debt


def test_what_expires_soonest_is_spent_first(account: CreditAccount) -> None:
    later = timezone.now() + timedelta(days=30)
    sooner = timezone.now() + timedelta(days=3)
    ledger.grant(account, Posting(EntryKind.PURCHASE, "a"), 5)
    ledger.grant(account, Posting(EntryKind.SUBSCRIPTION, "b"), 5, expires_at=later)
    ledger.grant(account, Posting(EntryKind.SUBSCRIPTION, "c"), 5, expires_at=sooner)
    run = ("run", new_id())
    ledger.hold(account, Posting(EntryKind.RESERVE, "d", run), 7)
    assert sums(account) == (8, 7, 0)
    lots = {lot.entry.reference: lot.available for lot in CreditLot.objects.of(account.organization)}
    assert lots == {"a": 5, "b": 3, "c": 0}
    ledger.settle(account, Posting(EntryKind.SETTLE, "e", run), 6)
    ledger.release(account, Posting(EntryKind.RELEASE, "f", run))
    assert sums(account) == (9, 0, 0)
    assert charge(account.organization, run[1]).spent == 6


def test_a_reference_is_single(account: CreditAccount) -> None:
    ledger.grant(account, Posting(EntryKind.PURCHASE, "once"), 5, money=Money(900, "EUR"))
    assert ledger.grant(account, Posting(EntryKind.PURCHASE, "once"), 5) is None
    assert sums(account) == (5, 0, 0)


def test_what_is_not_there_is_not_spent(account: CreditAccount) -> None:
    ledger.grant(account, Posting(EntryKind.BONUS, "a"), 5)
    with pytest.raises(TooFewCredits):
        ledger.hold(account, Posting(EntryKind.RESERVE, "b", ("run", new_id())), 6)
    with pytest.raises(ValueError, match="more than are held"):
        ledger.settle(account, Posting(EntryKind.SETTLE, "c", ("run", new_id())), 1)
    assert sums(account) == (5, 0, 0)


def test_what_was_spent_and_is_paid_back_is_owed(account: CreditAccount) -> None:
    entry = ledger.grant(account, Posting(EntryKind.PURCHASE, "a"), 50, money=Money(900, "EUR"))
    run = ("run", new_id())
    ledger.hold(account, Posting(EntryKind.RESERVE, "b", run), 30)
    ledger.settle(account, Posting(EntryKind.SETTLE, "c", run), 20)
    assert entry is not None
    ledger.withdraw(account, Posting(EntryKind.REFUND, "d"), 50, lot=entry.lot, money=Money(900, "EUR"))
    assert sums(account) == (0, 10, 30)
    with pytest.raises(InDebt):
        ledger.hold(account, Posting(EntryKind.RESERVE, "e", ("run", new_id())), 1)
    ledger.release(account, Posting(EntryKind.RELEASE, "f", run))
    assert sums(account) == (0, 0, 20)
    ledger.grant(account, Posting(EntryKind.PURCHASE, "g"), 50)
    assert sums(account) == (30, 0, 0)


def test_what_expires_is_gone(account: CreditAccount) -> None:
    run = ("run", new_id())
    ledger.grant(account, Posting(EntryKind.SUBSCRIPTION, "a"), 5, expires_at=timezone.now() + timedelta(days=1))
    ledger.hold(account, Posting(EntryKind.RESERVE, "b", run), 2)
    CreditLot.objects.of(account.organization).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ledger.expire(account) == 3
    ledger.release(account, Posting(EntryKind.RELEASE, "c", run))
    assert sums(account) == (0, 0, 0)


def test_the_database_refuses_lines_that_do_not_add_up(account: CreditAccount) -> None:
    entry = ledger.grant(account, Posting(EntryKind.BONUS, "a"), 5)
    assert entry is not None
    line = LedgerLine(organization=account.organization, entry=entry, account=Account.SPENT, unit="credit", amount=1)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="does not add up"), transaction.atomic():
        line.save()


def test_the_database_refuses_less_than_nothing(account: CreditAccount) -> None:
    with pytest.raises(IntegrityError, match="credit_available_not_negative"), transaction.atomic():
        CreditAccount.objects.of(account.organization).update(available=-1)
