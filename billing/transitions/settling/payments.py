"""Payments: a row for each, its money in the ledger, and the credits of a pack."""

from django.utils import timezone

from audit import actions as audit
from billing.models import EntryKind, Payment, PaymentState, PurchaseState
from billing.providers.base import PaymentSeen
from billing.transitions import ledger, letters, purchases
from billing.transitions.ledger import Posting
from billing.transitions.settling.cases import Case
from billing.transitions.settling.facts import APPLIED, Verdict, ignored, refused


def settle_payment(case: Case, seen: PaymentSeen) -> Verdict:
    """Write a payment down, once; its money is posted, and what it bought is granted."""
    if seen.status not in PaymentState.values:
        return ignored("pending")
    payment = write_down(case, seen)
    if payment.state != PaymentState.SUCCEEDED:
        return APPLIED
    if payment.subscription_id or case.purchase is None or case.purchase.price.pack is None:
        receive(case, payment)
        return APPLIED
    return _grant_pack(case, payment)


def write_down(case: Case, seen: PaymentSeen) -> Payment:
    """The row as it is now. A success is final: a failure that was read before it and comes after changes nothing."""
    rows = Payment.objects.of(case.organization).select_for_update(of=("self",))
    known = rows.filter(provider=case.provider.name, livemode=seen.livemode, provider_id=seen.id)
    payment = known.select_related("subscription", "purchase").first()
    if payment is None:
        return _create(case, seen)
    if payment.state == PaymentState.SUCCEEDED:
        return payment
    changes = payment.replace(**_said(case, seen))
    if "state" in changes:
        _tell(payment)
    return payment


def receive(case: Case, payment: Payment) -> None:
    """Its money alone."""
    posting = Posting(EntryKind.PURCHASE, f"payment:{payment.pk}", ("payment", payment.pk))
    ledger.receive(case.account, posting, payment.money)


def _create(case: Case, seen: PaymentSeen) -> Payment:
    payment = Payment.objects.create(
        organization=case.organization,
        provider=case.provider.name,
        livemode=seen.livemode,
        provider_id=seen.id,
        amount=seen.money.amount,
        currency=seen.money.currency,
        **_said(case, seen),
    )
    _tell(payment)
    return payment


def _said(case: Case, seen: PaymentSeen) -> dict[str, object]:
    """What may change until it has succeeded; which bill, purchase and subscription it is for."""
    invoice = case.facts.invoice_of(seen)
    paid = seen.status == PaymentState.SUCCEEDED
    return {
        "state": PaymentState(seen.status),
        "failure_code": "" if paid else seen.failure_code[:60],
        "card": seen.card[:40],
        "paid_at": (seen.paid_at or timezone.now()) if paid else None,
        "invoice_id": invoice.id if invoice else "",
        "subscription": case.subscription if invoice else None,
        "purchase": case.purchase if invoice is None or invoice.reason == "subscription_create" else None,
    }


def _tell(payment: Payment) -> None:
    """The trail."""
    details = {"amount": payment.amount, "currency": payment.currency, "code": payment.failure_code}
    paid = payment.state == PaymentState.SUCCEEDED
    audit.record("payment.received" if paid else "payment.failed", target=payment, details=details)


def _grant_pack(case: Case, payment: Payment) -> Verdict:
    """The credits of a pack with the money paid for them: once for a purchase, however often it was paid."""
    purchase = case.purchase
    assert purchase is not None and purchase.price.pack is not None  # noqa: S101  # the caller looked
    if _is_granted_for_another(case, payment):
        receive(case, payment)
        return refused("paid_twice")
    posting = Posting(EntryKind.PURCHASE, f"purchase:{payment.pk}", ("payment", payment.pk), purchase.by_id)
    bought = purchase.price.pack.credits * purchase.quantity
    entry = ledger.grant(case.account, posting, bought, money=payment.money)
    if entry and purchases.move(purchase, PurchaseState.PAID):
        letters.purchased(purchase, payment)
    return APPLIED


def _is_granted_for_another(case: Case, payment: Payment) -> bool:
    others = Payment.objects.of(case.organization).filter(purchase=payment.purchase).exclude(pk=payment.pk)
    return any(ledger.is_posted(f"purchase:{one}", case.organization) for one in others.values_list("pk", flat=True))
