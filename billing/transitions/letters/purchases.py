"""What was bought, and what was not paid."""

from functools import partial

from django.utils.translation import gettext as _

from billing.models import (
    Account,
    LedgerEntry,
    LedgerLine,
    Payment,
    Purchase,
    Subscription,
    SubscriptionState,
)
from billing.transitions.letters.sending import Letter, Rows, day, plan_rows, send


def purchased(purchase: Purchase, payment: Payment | None) -> None:
    """To the buyer and who sees the bill: what they have now. Called once, when the purchase is paid and granted."""
    letter = _of_a_plan(purchase, payment) if purchase.price.plan_id else _of_a_pack(purchase, payment)
    send(purchase.organization, letter, buyer_id=purchase.by_id)


def purchase_failed(purchase: Purchase) -> None:
    """That it was not paid, and how to go on."""
    said = {"purchase": purchase, "item": purchase.price.item}
    page = ("billing:purchase", [purchase.pk])
    send(purchase.organization, Letter("not_paid", said, partial(_ordered, purchase), page), buyer_id=purchase.by_id)


def payment_rows(payment: Payment | None) -> Rows:
    """What was paid, with which card, on which day."""
    if payment is None:
        return []
    rows = [(_("Paid"), payment.money.shown)]
    if payment.card:
        rows.append((_("Card"), payment.card))
    if payment.paid_at:
        rows.append((_("Day"), day(payment.paid_at)))
    return rows


def _of_a_plan(purchase: Purchase, payment: Payment | None) -> Letter:
    bought = Subscription.objects.of(purchase.organization).filter(purchase=purchase, is_surplus=False).first()
    said = {"plan": purchase.price.plan, "price": purchase.price, "subscription": bought}
    on_trial = bought is not None and bought.state == SubscriptionState.TRIALING and bought.trial_end is not None
    return Letter("trial_began" if on_trial else "began", said, partial(_plan_rows, purchase, bought, payment))


def _plan_rows(purchase: Purchase, bought: Subscription | None, payment: Payment | None) -> Rows:
    goes_on = bought is not None and not bought.cancel_at_period_end
    return plan_rows(purchase.price, next_payment=bought.period_end if bought and goes_on else None) + payment_rows(
        payment
    )


def _of_a_pack(purchase: Purchase, payment: Payment | None) -> Letter:
    """Credits as they were posted: how many came, and how many of them made up for what was owed."""
    entries = LedgerEntry.objects.of(purchase.organization).filter(subject_id=payment.pk if payment else None)
    entry = entries.filter(lot__isnull=False).select_related("lot").first() if payment else None
    lines = LedgerLine.objects.of(purchase.organization).filter(entry=entry, account=Account.DEBT)
    said = {
        "item": purchase.price.item,
        "credits": entry.lot.granted if entry else 0,
        "owed": sum(line.amount for line in lines) if entry else 0,
    }
    return Letter("credits_bought", said, lambda: _ordered(purchase) + payment_rows(payment))


def _ordered(purchase: Purchase) -> Rows:
    name = purchase.price.item.label
    return [(_("Ordered"), f"{purchase.quantity} × {name}" if purchase.quantity > 1 else name)]
