"""What a provider says of one purchase, subscription or payment, read together and applied together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from billing.models import EventState
from billing.providers.base import (
    CardSeen,
    CheckoutSeen,
    DisputeSeen,
    InvoiceSeen,
    PaymentSeen,
    RefundSeen,
    SubscriptionSeen,
)


class Stale(Exception):
    """A subscription was settled by somebody else since these facts began to be read: read them again."""


@dataclass(frozen=True)
class Facts:
    """Objects as they stood there when they were read, after the moment that `marked` is of.

    `marked` is the newest `read_at` of the organization's subscriptions before the reading began. `cards` is None
    where nobody asked for them.
    """

    marked: datetime | None
    checkout: CheckoutSeen | None = None
    subscription: SubscriptionSeen | None = None
    invoices: tuple[InvoiceSeen, ...] = ()
    payments: tuple[PaymentSeen, ...] = ()
    refunds: tuple[RefundSeen, ...] = ()
    disputes: tuple[DisputeSeen, ...] = ()
    cards: tuple[CardSeen, ...] | None = None
    customer_id: str = ""

    def invoice_of(self, payment: PaymentSeen) -> InvoiceSeen | None:
        """The bill that a payment pays."""
        of_it = (one for one in self.invoices if one.id == payment.invoice_id or payment.id in one.payment_ids)
        return next(of_it, None)


@dataclass(frozen=True)
class Verdict:
    """What became of facts: applied, ignored or refused, with a code for staff and the metrics."""

    state: EventState
    code: str = ""


APPLIED = Verdict(EventState.APPLIED)


def ignored(code: str) -> Verdict:
    """Nothing of ours."""
    return Verdict(EventState.IGNORED, code)


def refused(code: str) -> Verdict:
    """Ours, and not as it should be: nothing is granted."""
    return Verdict(EventState.REFUSED, code)


RANKS = [EventState.IGNORED, EventState.APPLIED, EventState.REFUSED]


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that stands for all of them."""
    return max(verdicts, key=lambda one: RANKS.index(one.state), default=ignored("nothing_to_apply"))
