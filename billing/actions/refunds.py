"""Paying back, by staff."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from billing.errors import PaymentRefused
from billing.models import DisputeState, Errand, ErrandKind, ErrandState, Payment, PaymentState
from billing.providers.registry import providers
from billing.transitions import errands
from core.money import Money
from organizations.transitions.locking import lock


@transaction.atomic
def refund(*, payment: Payment, amount: int, reason: str, by: User) -> Errand:
    """Pay back so many minor units of a payment, with the reason. What it had bought is taken back when it is done.

    Raises PaymentRefused.
    """
    organization = lock(payment.organization)
    payment = Payment.objects.of(organization).select_for_update(of=("self",)).get(pk=payment.pk)
    _refuse(payment, amount, reason, by)
    details = {"amount": amount, "currency": payment.currency}
    audit.record(
        "payment.refund_asked",
        actor=by,
        target=payment,
        organization=organization.pk,
        details=details,
        severity=Severity.MEDIUM,
    )
    arguments = {"amount": amount, "reason": reason.strip()[:300]}
    return errands.offer(
        organization,
        ErrandKind.REFUND,
        provider=payment.provider,
        subject_id=payment.pk,
        by=by,
        arguments=arguments,
    )


def _refuse(payment: Payment, amount: int, reason: str, by: User) -> None:
    if not by.is_staff:
        raise PaymentRefused(_("Only staff pay back."), code="not_staff")
    if not reason.strip():
        raise PaymentRefused(_("Say why it is paid back."), code="no_reason")
    if payment.provider not in providers():
        raise PaymentRefused(_("Payments are switched off at the moment."), code="no_provider")
    if payment.state != PaymentState.SUCCEEDED:
        raise PaymentRefused(_("This payment failed: there is nothing to pay back."), code="not_paid")
    if payment.dispute_state in {DisputeState.OPEN, DisputeState.LOST}:
        raise PaymentRefused(_("This payment is disputed: the bank decides, or has decided."), code="disputed")
    left = refundable(payment)
    if not 1 <= amount <= left.amount:
        raise PaymentRefused(_("Between %(least)s and %(most)s can be paid back.") % _range(left), code="amount")


def refundable(payment: Payment) -> Money:
    """What is left of a payment when all refunds that are under way are done."""
    waiting = Errand.objects.of(payment.organization).filter(kind=ErrandKind.REFUND, state=ErrandState.WAITING)
    asked = sum(one.arguments["amount"] for one in waiting.filter(subject_id=payment.pk))
    return Money(payment.amount - payment.refunded - asked, payment.currency)


def _range(left: Money) -> dict[str, str]:
    return {"least": Money(min(1, left.amount), left.currency).shown, "most": left.shown}
