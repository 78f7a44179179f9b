"""How many credits there are, and what brings them to an end."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from billing.models import Account, Act, CreditAccount, LedgerLine
from organizations.models import Organization


@dataclass(frozen=True)
class Balance:
    """What an organization has: to spend now, reserved for work under way, and owed."""

    available: int = 0
    reserved: int = 0
    owed: int = 0

    def covers(self, price: int) -> bool:
        """Whether so much can be reserved now; what costs nothing always can."""
        return not price or (not self.owed and self.available >= price)


def balance(organization: Organization) -> Balance:
    """The organization's balance (one query); nothing before its account is opened."""
    row = CreditAccount.objects.of(organization).values_list("available", "reserved", "debt").first()
    return Balance(*row) if row else Balance()


@dataclass(frozen=True)
class Charge:
    """What is held for one run, and what it was settled at."""

    reserved: int
    spent: int


def charge(organization: Organization, run_id: UUID) -> Charge:
    """The sums of a run's lines (one query)."""
    lines = LedgerLine.objects.of(organization).filter(entry__subject_id=run_id)
    sums = lines.aggregate(
        reserved=Sum("amount", filter=Q(account=Account.RESERVED), default=0),
        spent=Sum("amount", filter=Q(account=Account.SPENT), default=0),
    )
    return Charge(**sums)


@dataclass(frozen=True)
class Delivery:
    """All that one run has delivered of an act: units (words, answers, …), credits for them, what its models cost.

    `cost_micros` are millionths of a US dollar; None where no price is known.
    """

    act: Act
    units: int
    credits: int
    cost_micros: int | None = None
