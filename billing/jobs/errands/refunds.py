"""Money that is paid back."""

from django.db import transaction
from django.utils.translation import gettext as _

from billing.jobs.errands.outcomes import Impossible, Outcome, key, subject
from billing.models import Errand, Payment, Refund
from billing.providers.base import PaymentProvider
from core.money import Money


def refund(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Pay back so much of a payment, once: a refund that names this errand is looked for first."""
    payment = _payment(errand)
    if payment.livemode != provider.livemode:
        raise Impossible(_("Payments have been set up anew: start again."))
    mine = {"errand": str(errand.pk)}
    made = (one for one in provider.refunds_of(payment.provider_id) if one.metadata == mine)
    seen = next(made, None)
    if seen is None:
        money = Money(errand.arguments["amount"], payment.currency)
        seen = provider.refund(
            payment.provider_id, money, reason="requested_by_customer", metadata=mine, key=key(errand)
        )
    identifier = seen.id
    return Outcome(about=("refund", identifier), record=lambda: _explain(errand, payment, identifier))


def _explain(errand: Errand, payment: Payment, identifier: str) -> None:
    """Our words stay with us: the provider is told none of them."""
    rows = Refund.objects.of(errand.organization).filter(payment=payment, provider_id=identifier)
    rows.update(reason=errand.arguments["reason"], by_id=errand.by_id)


@transaction.atomic
def _payment(errand: Errand) -> Payment:
    return Payment.objects.of(errand.organization).get(pk=subject(errand))
