"""Money that goes back: refunds and disputes."""

from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from billing.models import Account, CreditAccount, Dispute, DisputeState, LedgerLine, Payment, Refund, RefundState
from billing.transitions.letters.sending import Letter, Rows, day, send, told
from core.money import Money

DISPUTE_LETTERS = {
    DisputeState.OPEN: "dispute_opened",
    DisputeState.WON: "dispute_won",
    DisputeState.LOST: "dispute_lost",
}


def refunded(refund: Refund) -> None:
    """That money is on its way back, or that it could not be sent; each once, a cancelled one in silence."""
    if refund.state == RefundState.CANCELED:
        return
    failed = refund.state == RefundState.FAILED
    payment = refund.payment
    if not told(payment.organization, f"refund:{refund.pk}:{'failed' if failed else 'sent'}"):
        return
    money = Money(refund.amount, payment.currency)
    said = {
        "money": money,
        "payment": payment,
        "is_partial": refund.amount < payment.amount,
        "is_surplus": payment.subscription is not None and payment.subscription.is_surplus,
        **_credits(payment, f"refund:{refund.pk}"),
    }
    rows = partial(_rows, payment, _("Paid back"), money)
    send(payment.organization, Letter("refund_failed" if failed else "refunded", said, rows), buyer_id=_buyer(payment))


def disputed(dispute: Dispute) -> None:
    """Where a dispute is: opened, decided for us, or lost; each once."""
    payment = dispute.payment
    if not told(payment.organization, f"dispute:{dispute.pk}:{dispute.state}"):
        return
    money = Money(dispute.amount, payment.currency)
    said = {"money": money, "payment": payment, **_credits(payment, f"dispute:{dispute.pk}:lost")}
    rows = partial(_rows, payment, _("Disputed"), money)
    letter = Letter(DISPUTE_LETTERS[DisputeState(dispute.state)], said, rows)
    send(payment.organization, letter, buyer_id=_buyer(payment))


def _rows(payment: Payment, label: str, money: Money) -> Rows:
    rows = [(label, money.shown), (_("Of the payment of"), payment.money.shown)]
    if payment.paid_at:
        rows.append((_("Paid on"), day(payment.paid_at)))
    if payment.card:
        rows.append((_("Card"), payment.card))
    return rows


def _credits(payment: Payment, reference: str) -> dict[str, int]:
    """Credits that went with the money, as they were posted, and what the organization owes since."""
    lines = LedgerLine.objects.of(payment.organization).filter(
        entry__reference__startswith=reference, account=Account.ISSUED
    )
    account = CreditAccount.objects.of(payment.organization).first()
    return {"taken": sum(line.amount for line in lines), "debt": account.debt if account else 0}


def _buyer(payment: Payment) -> UUID | None:
    purchase = payment.purchase or (payment.subscription.purchase if payment.subscription else None)
    return purchase.by_id if purchase else None
