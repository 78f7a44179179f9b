"""What may be spent, as pages show it beside a price."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.queries import Balance, balance
from organizations.access import Member


@dataclass(frozen=True)
class Purse:
    """An organization's credits beside a price; `kept` of that are reserved for the same run already."""

    balance: Balance
    price: int
    kept: int
    is_seen: bool  # whether the reader sees figures
    may_buy: bool

    @property
    def is_enough(self) -> bool:
        """Whether the price can be paid."""
        return self.balance.covers(max(0, self.price - self.kept))

    @property
    def most(self) -> int:
        """The dearest price that can be paid now."""
        return self.kept + (0 if self.balance.owed else self.balance.available)

    @property
    def left(self) -> str:
        """What there is to spend, in words."""
        count = self.balance.available
        said = {"number": number_format(count, force_grouping=True)}
        return ngettext("%(number)s credit left to spend", "%(number)s credits left to spend", count) % said

    @property
    def shortage(self) -> str:
        """Why the price cannot be paid."""
        if not self.is_seen:
            return _("The organization has too few credits left for this.")
        owed = self.balance.owed
        if owed:
            said = {"number": number_format(owed, force_grouping=True)}
            return ngettext(
                "%(number)s credit is owed, because what it was bought with was paid back: nothing new can begin.",
                "%(number)s credits are owed, because what they were bought with was paid back: nothing new can begin.",
                owed,
            ) % said  # fmt: skip
        return _("Too few credits are left for this.")


def purse(member: Member, price: int, *, kept: int = 0) -> Purse:
    """What the member's organization can pay (one query)."""
    return Purse(
        balance=balance(member.organization),
        price=price,
        kept=kept,
        is_seen=member.may("billing.see_usage"),
        may_buy=member.may("billing.see"),
    )
