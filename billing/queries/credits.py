"""How many credits there are, and what brings them to an end."""

from dataclasses import dataclass

from billing.models import Act, CreditAccount
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
class Delivery:
    """All that one run has delivered of an act: units (words, answers, …), credits for them, what its models cost.

    `cost_micros` are millionths of a US dollar; None where no price is known.
    """

    act: Act
    units: int
    credits: int
    cost_micros: int | None = None
