"""What providers say becomes what our rows say: the one way, for deliveries, return pages, errands and sweeps alike.

Whoever settles has read the objects as they stand (billing.jobs.reading) and calls `settle` in a transaction, with the
organization declared. Settled again, or by several at once, facts have one effect: rows are found by the provider's
ids, a success is final, and the ledger's references are single.
"""

from collections.abc import Iterator

from billing.models import PaymentState, PurchaseState
from billing.providers.base import PaymentProvider
from billing.transitions import purchases
from billing.transitions.settling import payments, returns, subscriptions
from billing.transitions.settling.cards import settle_cards
from billing.transitions.settling.cases import Case, customer_of, newest_reading, open_case
from billing.transitions.settling.checkouts import settle_begun, settle_checkout
from billing.transitions.settling.facts import APPLIED, Facts, Stale, Verdict, gravest, ignored, refused
from billing.transitions.settling.objections import FOREIGN, objection
from organizations.models import Organization

__all__ = [
    "APPLIED",
    "Facts",
    "Stale",
    "Verdict",
    "ignored",
    "newest_reading",
    "refused",
    "settle",
]


def settle(organization: Organization, provider: PaymentProvider, facts: Facts) -> Verdict:
    """Bring our rows to what the facts say; what became of them. Raises Stale: read again, then settle."""
    case = open_case(organization, provider, facts)
    if code := objection(case):
        _put_aside(case, code)
        return refused(code)
    return gravest(_settled(case))


def _settled(case: Case) -> Iterator[Verdict]:
    """Each fact in its turn: rows that others name first, a payment before what it brings, what goes back last."""
    facts = case.facts
    if facts.subscription:
        subscriptions.find_row(case, facts.subscription)
    for payment in facts.payments:
        yield payments.settle_payment(case, payment)
    if facts.subscription:
        yield subscriptions.settle_subscription(case, facts.subscription)
        settle_begun(case)
    yield from _returned(case)
    if facts.checkout:
        yield settle_checkout(case, facts.checkout)
    customer = customer_of(case.organization, case.provider)
    if facts.cards is not None and customer and case.organization.erased_at is None:
        settle_cards(case.organization, customer, facts.cards)
        yield APPLIED


def _put_aside(case: Case, code: str) -> None:
    """Grant nothing. What was paid all the same is written down, so that our books stay the provider’s."""
    if code in FOREIGN:
        return
    for seen in case.facts.payments:
        if seen.status == PaymentState.SUCCEEDED:
            payments.receive(case, payments.write_down(case, seen))
    if case.purchase:
        purchases.move(case.purchase, PurchaseState.REVIEW, problem=code)
    _returned(case)


def _returned(case: Case) -> list[Verdict]:
    """What went back of payments; a refund that failed first, because it made room for the one that took its place."""
    seen = sorted(case.facts.refunds, key=lambda one: one.status in returns.GONE)
    refunds = [returns.settle_refund(case, one) for one in seen]
    return refunds + [returns.settle_dispute(case, one) for one in case.facts.disputes]
