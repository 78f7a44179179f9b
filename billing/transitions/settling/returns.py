"""Money that goes back: refunds and disputes, and the credits that go with it.

What a payment may keep of its credits is its share of what was kept of its money, rounded in the customer's favour. Of
a yearly plan that is a share of the whole year's credits: who used three months and was paid back nine owes nothing.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from audit import actions as audit
from audit.models import Severity
from billing.models import (
    CREDIT,
    Account,
    CreditLot,
    Dispute,
    DisputeState,
    EntryKind,
    Errand,
    Interval,
    LedgerLine,
    Payment,
    Refund,
    RefundState,
)
from billing.providers.base import DisputeSeen, RefundSeen
from billing.transitions import ledger, letters
from billing.transitions.ledger import Posting
from billing.transitions.settling.cases import Case, as_id
from billing.transitions.settling.facts import APPLIED, Verdict, ignored, refused
from billing.transitions.settling.subscriptions import end_if_unpaid
from core.money import Money

GONE = [RefundState.PENDING, RefundState.SUCCEEDED]  # a refund on its way has left already


def settle_refund(case: Case, seen: RefundSeen) -> Verdict:
    """Write a refund down, take back what it bought; one that failed after all gives both back."""
    payment = _payment(case, seen.payment_id)
    if payment is None:
        return ignored("unknown_payment")
    if seen.money.currency != payment.currency:
        return refused("other_currency")
    refund, before = _refund(payment, seen)
    payment.replace(refunded=_sum(Refund.objects.of(case.organization).filter(payment=payment, state__in=GONE)))
    reference = f"refund:{refund.pk}"
    if refund.state in GONE:
        _take_back(case, payment, Posting(EntryKind.REFUND, reference, _about(payment), refund.by_id), refund.amount)
        end_if_unpaid(payment)
    elif ledger.is_posted(reference, case.organization):
        _undo(case, payment, Posting(EntryKind.REFUND, f"{reference}:undone", _about(payment)), reference)
    if refund.state != before:
        details = {"amount": refund.amount, "currency": payment.currency, "state": refund.state}
        audit.record("payment.refunded", target=payment, details=details)
        letters.refunded(refund)
    return APPLIED


def settle_dispute(case: Case, seen: DisputeSeen) -> Verdict:
    """Write a dispute down; when it is lost, money and credits go, and come back if it is won after all."""
    payment = _payment(case, seen.payment_id)
    if payment is None:
        return ignored("unknown_payment")
    if seen.money.currency != payment.currency:
        return refused("other_currency")
    dispute, before = _dispute(payment, seen)
    payment.replace(dispute_state=dispute.state)
    reference = f"dispute:{dispute.pk}:lost"
    if dispute.state == DisputeState.LOST:
        _take_back(case, payment, Posting(EntryKind.DISPUTE, reference, _about(payment)), dispute.amount)
        end_if_unpaid(payment)
    elif dispute.state == DisputeState.WON and ledger.is_posted(reference, case.organization):
        posting = Posting(EntryKind.DISPUTE, f"dispute:{dispute.pk}:won", _about(payment))
        _undo(case, payment, posting, reference)
    if dispute.state != before:
        details = {"amount": dispute.amount, "currency": payment.currency, "state": dispute.state}
        audit.record("payment.disputed", target=payment, details=details, severity=Severity.HIGH)
        letters.disputed(dispute)
    return APPLIED


def _payment(case: Case, provider_id: str) -> Payment | None:
    rows = Payment.objects.of(case.organization).filter(
        provider=case.provider.name, livemode=case.provider.livemode, provider_id=provider_id
    )
    return rows.select_related("subscription__price__plan", "organization").select_for_update(of=("self",)).first()


def _about(payment: Payment) -> tuple[str, UUID]:
    return ("payment", payment.pk)


def _refund(payment: Payment, seen: RefundSeen) -> tuple[Refund, str]:
    """The row as it is now, and the state it had; one that failed does not come to life again."""
    rows = Refund.objects.of(payment.organization).filter(payment=payment, provider_id=seen.id)
    if refund := rows.select_for_update(of=("self",)).first():
        before = refund.state
        if before in GONE:
            refund.replace(state=RefundState(seen.status))
        return refund, before
    asked = _errand(payment, seen)
    refund = Refund.objects.create(
        organization=payment.organization,
        payment=payment,
        provider_id=seen.id,
        amount=seen.money.amount,
        state=RefundState(seen.status),
        reason=str(asked.arguments.get("reason", "")) if asked else seen.reason[:300],
        by_id=asked.by_id if asked else None,
    )
    return refund, ""


def _errand(payment: Payment, seen: RefundSeen) -> Errand | None:
    """The errand that asked for it; none for one made at the provider's own pages."""
    pk = as_id(seen.metadata.get("errand", ""))
    return Errand.objects.of(payment.organization).filter(pk=pk).first() if pk else None


def _dispute(payment: Payment, seen: DisputeSeen) -> tuple[Dispute, str]:
    """The same. What is decided does not open again."""
    rows = Dispute.objects.of(payment.organization).filter(payment=payment, provider_id=seen.id)
    if dispute := rows.select_for_update(of=("self",)).first():
        before = dispute.state
        if seen.status != DisputeState.OPEN:
            dispute.replace(state=DisputeState(seen.status))
        return dispute, before
    dispute = Dispute.objects.create(
        organization=payment.organization,
        payment=payment,
        provider_id=seen.id,
        amount=seen.money.amount,
        state=DisputeState(seen.status),
        reason=seen.reason[:60],
    )
    return dispute, ""


def _sum(rows: QuerySet[Any]) -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def _take_back(case: Case, payment: Payment, posting: Posting, amount: int) -> None:
    """Post the money that went, with the credits of the payment's own lots that are kept no longer."""
    if ledger.is_posted(posting.reference, case.organization):
        return
    lots = _lots(payment)
    left_of = _left_of(case, lots)
    left = max(0, sum(left_of.values()) - _kept_credits(payment, lots))
    money: Money | None = Money(amount, payment.currency)
    for number, lot in enumerate(lots):
        if part := min(left, left_of[lot.pk]):
            left -= part
            # One entry for each lot, the first of them with the money.
            reference = posting.reference if money else f"{posting.reference}:{number}"
            ledger.withdraw(case.account, replace(posting, reference=reference), part, lot=lot, money=money)
            money = None
    if money:
        ledger.withdraw(case.account, posting, 0, lot=None, money=money)


def _undo(case: Case, payment: Payment, posting: Posting, reference: str) -> None:
    """Give back what the entries of that reference had taken."""
    taken = LedgerLine.objects.of(case.organization).filter(entry__reference__startswith=reference)
    issued = _sum(taken.filter(account=Account.ISSUED, unit=CREDIT))
    money = Money(-_sum(taken.filter(account=Account.CASH)), payment.currency)
    expiries = [lot.expires_at for lot in _lots(payment) if lot.expires_at]
    ledger.grant(case.account, posting, issued, expires_at=max(expiries, default=None), money=money)


def _lots(payment: Payment) -> list[CreditLot]:
    """What the payment brought, the soonest to expire last: what is paid back are the months to come."""
    rows = CreditLot.objects.of(payment.organization).filter(entry__subject_id=payment.pk).select_related("entry")
    return list(rows.order_by(F("expires_at").desc(nulls_first=True), "id"))


def _left_of(case: Case, lots: list[CreditLot]) -> dict[UUID, int]:
    """By lot: what was granted and neither taken back nor expired unused."""
    gone = LedgerLine.objects.of(case.organization).filter(lot__in=lots, entry__kind=EntryKind.EXPIRY)
    expired = dict(gone.values_list("lot").annotate(total=Sum("amount")))
    return {lot.pk: max(0, lot.granted - lot.withdrawn + expired.get(lot.pk, 0)) for lot in lots}


def _kept_credits(payment: Payment, lots: list[CreditLot]) -> int:
    """How many credits what is kept of the money is worth."""
    promised = sum(lot.granted for lot in lots if lot.entry.kind not in {EntryKind.REFUND, EntryKind.DISPUTE})
    price = payment.subscription.price if payment.subscription else None
    if price and price.plan and price.interval == Interval.YEAR:
        promised = max(promised, 12 * price.plan.credits_a_month)
    lost = _sum(Dispute.objects.of(payment.organization).filter(payment=payment, state=DisputeState.LOST))
    kept = max(0, payment.amount - payment.refunded - lost)
    return -(-promised * kept // payment.amount) if payment.amount else promised
