"""What must be true of an organization's money at any moment, and what once everything lost was found."""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from billing.models import (
    CREDIT,
    FREE,
    Account,
    CreditAccount,
    CreditLot,
    DisputeState,
    EntryKind,
    LedgerLine,
    Payment,
    PaymentState,
    PlanGift,
    Purchase,
    PurchaseState,
    Subscription,
    SubscriptionState,
)
from billing.queries.access import FAILING, PAID, access, grace_end
from organizations.models import Limits
from tests.billing.market import Market

UNDECIDED = {DisputeState.OPEN, DisputeState.LOST}
GONE = {"succeeded", "pending"}  # states in which a refund's money has left


def hold_always(market: Market) -> None:
    """Debits are credits, nothing is below nothing, sums are those of their lines, who owes has nothing to spend."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would check
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    lines = market.rows(LedgerLine)
    of_entries: Counter[tuple[Any, str]] = Counter()
    of_accounts: Counter[str] = Counter()
    of_lots: Counter[tuple[Any, str]] = Counter()
    for line in lines:
        of_entries[line.entry_id, line.unit] += line.amount
        of_accounts[line.account] += line.amount if line.unit == CREDIT else 0
        of_lots[line.lot_id, line.account] += line.amount
    assert not any(of_entries.values())
    for account in market.rows(CreditAccount):
        assert (account.available, account.reserved) == (of_accounts["available"], of_accounts["reserved"])
        assert account.debt == -of_accounts["debt"]
        assert min(account.available, account.reserved, account.debt) >= 0
        assert not (account.debt and account.available)
    for lot in market.rows(CreditLot):
        assert (lot.available, lot.reserved) == (of_lots[lot.pk, "available"], of_lots[lot.pk, "reserved"])
        assert 0 <= lot.available + lot.reserved <= lot.granted
    held = sum(of_lots[lot.pk, "reserved"] for lot in market.rows(CreditLot))
    assert held == of_accounts["reserved"] <= sum(market.runs.values())


def hold_after_reconciling(market: Market) -> None:
    """The provider's books are ours, and everybody has what was paid, is in grace or was given, and nothing more."""
    assert cash_here(market) == cash_there(market)
    _payments(market)
    _purchases(market)
    _subscriptions(market)
    _access(market)


def cash_here(market: Market) -> dict[str, int]:
    """By currency, what our ledger says is at the provider."""
    with market.declared():
        lines = LedgerLine.objects.of(market.organization).filter(account=Account.CASH)
        return {unit: total for unit, total in lines.values_list("unit").annotate(Sum("amount")) if total}


def cash_there(market: Market) -> dict[str, int]:
    """By currency, what came in there, less what was paid back or lost."""
    found: Counter[str] = Counter()
    for one in market.stripe.objects("charge"):
        found[one["currency"].upper()] += one["amount_captured"] if one["paid"] else 0
    for one in market.stripe.objects("refund"):
        found[one["currency"].upper()] -= one["amount"] if one["status"] in GONE else 0
    for one in market.stripe.objects("dispute"):
        found[one["currency"].upper()] -= one["amount"] if one["status"] == "lost" else 0
    return {unit: total for unit, total in found.items() if total}


def _payments(market: Market) -> None:
    """Each that succeeded there is a row, with what went back of it."""
    there = {
        one["payment_intent"]: (one["amount_captured"], one["amount_refunded"])
        for one in market.stripe.objects("charge")
        if one["paid"]
    }
    rows = market.rows(Payment, state=PaymentState.SUCCEEDED)
    assert {one.provider_id: (one.amount, one.refunded) for one in rows} == there


def _purchases(market: Market) -> None:
    """Each is where its page is, and the credits of each pack came once."""
    status = {one["id"]: one["status"] for one in market.stripe.objects("checkout.session")}
    bought = 0
    for purchase in market.rows(Purchase):
        assert purchase.state != PurchaseState.REVIEW, purchase.problem
        paid = purchase.state == PurchaseState.PAID
        assert paid == (status.get(purchase.provider_id) == "complete"), (purchase.state, purchase.provider_id)
        if purchase.price_id == market.prices["credits-50", "once"].pk and paid:
            bought += 50 * purchase.quantity
    lots = market.rows(CreditLot, entry__kind=EntryKind.PURCHASE)
    assert sum(lot.granted for lot in lots) == bought


def _subscriptions(market: Market) -> None:
    """Each is in the state it has there; one that was one too many has ended, with nothing of it kept.

    But what a bank decides about: a disputed payment cannot be paid back.
    """
    there = {one["id"]: one["status"] for one in market.stripe.objects("subscription")}
    rows = {one.provider_id: one for one in market.rows(Subscription)}
    begun = {key: status for key, status in there.items() if key in rows or not status.startswith("incomplete")}
    assert {key: one.state for key, one in rows.items()} == begun
    for row in rows.values():
        if row.is_surplus:
            assert row.state == SubscriptionState.CANCELED
            paid = market.rows(Payment, subscription=row, state=PaymentState.SUCCEEDED)
            assert not any(one.kept.amount for one in paid if one.dispute_state not in UNDECIDED)


def _access(market: Market) -> None:
    """Ruling 33, told from the provider's own objects and from what staff gave; the limits are that plan's."""
    now = timezone.now()
    plans = {FREE: 0}
    for row in market.rows(Subscription, is_surplus=False):
        there = market.stripe.object(row.provider_id)
        code, rank = _plan_of(market, there)
        in_grace = there["status"] in FAILING and (end := grace_end(row)) is not None and end > now
        if there["status"] in PAID:
            assert there["status"] == SubscriptionState.TRIALING or _is_paid(market, row)
            plans[code] = rank
        elif in_grace:
            plans[code] = rank
    with market.declared():
        for gift in PlanGift.objects.of(market.organization).filter(ended_at__isnull=True).select_related("plan"):
            if gift.until is None or gift.until > now:
                plans[gift.plan.code] = gift.plan.rank
        wanted = max(plans, key=lambda code: plans[code])
        assert access(market.organization).plan.code == wanted
        assert Limits.objects.of(market.organization).get().plan == wanted


def _plan_of(market: Market, there: Any) -> tuple[str, int]:
    item = there["items"]["data"][0]["price"]
    key = item["lookup_key"] if item["lookup_key"] else market.stripe.object(item["id"])["lookup_key"]
    price = next(one for one in market.prices.values() if one.lookup_key == key)
    assert price.plan is not None
    return price.plan.code, price.plan.rank


def _is_paid(market: Market, row: Subscription) -> bool:
    """Whether anything that was paid for it is kept."""
    paid = market.rows(Payment, subscription=row, state=PaymentState.SUCCEEDED)
    return any(one.kept.amount and one.dispute_state != DisputeState.LOST for one in paid)
