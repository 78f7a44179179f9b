"""The ledger alone, under any order of postings and any move of the clock: a Hypothesis state machine."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from billing.errors import InDebt, TooFewCredits
from billing.models import CREDIT, Account, CreditAccount, CreditLot, EntryKind, LedgerLine
from billing.queries import charge
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import new_id
from core.money import Money
from tests import builders

pytestmark = pytest.mark.django_db
AMOUNT = st.integers(1, 60)


class Books(RuleBasedStateMachine):
    """One organization's account; `runs` are what somebody reserved for, `clock` what the ledger takes for now."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.organization = builders.make_organization(balance=0)
        self.tenant = tenancy.declared(self.organization.pk)
        self.tenant.__enter__()
        self.clock = time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
        self.now = self.clock.start()
        self.runs: list[UUID] = []
        self.number = 0
        self.money = 0

    def teardown(self) -> None:
        """Nothing of it stays."""
        self.clock.stop()
        transaction.set_rollback(True)
        self.tenant.__exit__(None, None, None)
        self.undone.__exit__(None, None, None)

    def posting(self, kind: EntryKind, run: UUID | None = None) -> Posting:
        """The next one, single by its number."""
        self.number += 1
        return Posting(kind, f"machine:{self.organization.pk}:{self.number}", ("run", run) if run else None)

    @property
    def account(self) -> CreditAccount:
        """Read again for every posting, as each transaction does."""
        return ledger.lock(self.organization)

    @rule(amount=AMOUNT, days=st.none() | st.integers(1, 40), cents=st.none() | AMOUNT)
    def grant(self, amount: int, days: int | None, cents: int | None) -> None:
        """Credits come, for money or not; some expire."""
        ends = self.today + timedelta(days=days) if days else None
        money = Money(cents, "EUR") if cents else None
        posting = self.posting(EntryKind.PURCHASE)
        assert ledger.grant(self.account, posting, amount, expires_at=ends, money=money)
        assert ledger.grant(self.account, posting, amount, expires_at=ends, money=money) is None
        self.money += cents or 0

    @rule(amount=AMOUNT, again=st.booleans())
    def hold(self, amount: int, again: bool) -> None:
        """A run reserves, or reserves more."""
        run = self.runs[-1] if again and self.runs else new_id()
        account = self.account
        ledger.expire(account)
        before = account.available
        try:
            ledger.hold(account, self.posting(EntryKind.RESERVE, run), amount)
        except InDebt:
            assert account.debt
        except TooFewCredits:
            assert before < amount
        else:
            assert self.account.available == before - amount
            self.runs.append(run)

    @precondition(lambda self: self.runs)
    @rule(share=st.integers(0, 100), data=st.data())
    def settle(self, share: int, data: st.DataObject) -> None:
        """A run pays for some of what it holds; never for more."""
        run = data.draw(st.sampled_from(self.runs))
        held = charge(self.organization, run)
        due = held.reserved * share // 100
        ledger.settle(self.account, self.posting(EntryKind.SETTLE, run), due)
        assert charge(self.organization, run).spent == held.spent + due
        with pytest.raises(ValueError, match="more than are held"), transaction.atomic():
            ledger.settle(self.account, self.posting(EntryKind.SETTLE, run), held.reserved - due + 1)

    @precondition(lambda self: self.runs)
    @rule(share=st.integers(0, 100), data=st.data())
    def release(self, share: int, data: st.DataObject) -> None:
        """What a run does not need comes back, some of it or all."""
        run = data.draw(st.sampled_from(self.runs))
        held = charge(self.organization, run).reserved
        part = held * share // 100 if share < 100 else None
        ledger.release(self.account, self.posting(EntryKind.RELEASE, run), part)
        assert charge(self.organization, run).reserved == (0 if part is None else held - part)

    @rule(amount=AMOUNT, own=st.booleans(), data=st.data())
    def withdraw(self, amount: int, own: bool, data: st.DataObject) -> None:
        """Somebody is paid back: from the lot that was bought, or from what there is."""
        lots = [lot for lot in CreditLot.objects.of(self.organization) if lot.granted - lot.withdrawn >= amount]
        lot = data.draw(st.sampled_from(lots)) if own and lots else None
        assert ledger.withdraw(self.account, self.posting(EntryKind.REFUND), amount, lot=lot, money=Money(1, "EUR"))
        self.money -= 1

    @rule(days=st.integers(1, 20))
    def sleep(self, days: int) -> None:
        """Days pass, and the beat comes by."""
        self.now.shift(timedelta(days=days))
        ledger.expire(self.account)
        late = CreditLot.objects.of(self.organization).filter(expires_at__lte=self.today, available__gt=0)
        assert not late.exists()

    @property
    def today(self) -> datetime:
        """What the ledger takes for now."""
        return datetime.now(UTC)

    @invariant()
    def everything_adds_up(self) -> None:
        """Debits are credits, by entry and in all; the sums are those of the lines; nothing is below nothing."""
        lines = LedgerLine.objects.of(self.organization)
        by_entry = lines.values("entry", "unit").annotate(total=Sum("amount"))
        assert [row for row in by_entry if row["total"]] == []
        sums = Counter(
            {
                (row["account"], row["unit"]): row["n"]
                for row in lines.values("account", "unit").annotate(n=Sum("amount"))
            }
        )
        account = CreditAccount.objects.of(self.organization).first() or self.account
        assert account.available == sums[Account.AVAILABLE, CREDIT] >= 0
        assert account.reserved == sums[Account.RESERVED, CREDIT] >= 0
        assert account.debt == -sums[Account.DEBT, CREDIT] >= 0
        assert not (account.debt and account.available)
        assert sums[Account.CASH, "EUR"] == self.money == -sums[Account.SALES, "EUR"]

    @invariant()
    def lots_are_what_their_lines_say(self) -> None:
        """Each within what was granted, and together what is available and reserved."""
        lines = LedgerLine.objects.of(self.organization).filter(lot__isnull=False)
        sums = Counter(
            {(row["lot"], row["account"]): row["n"] for row in lines.values("lot", "account").annotate(n=Sum("amount"))}
        )
        for lot in CreditLot.objects.of(self.organization):
            assert (lot.available, lot.reserved) == (
                sums[lot.pk, Account.AVAILABLE],
                sums[lot.pk, Account.RESERVED],
            )
            assert 0 <= lot.available + lot.reserved <= lot.granted


def test_any_order_of_postings_keeps_the_books() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
