"""Checkouts: where the purchase of each is."""

from billing.models import CURRENT_STATES, Payment, PaymentState, Purchase, PurchaseState
from billing.providers.base import CheckoutSeen
from billing.transitions import letters, purchases
from billing.transitions.settling.cases import Case
from billing.transitions.settling.facts import APPLIED, Verdict, ignored


def settle_checkout(case: Case, seen: CheckoutSeen) -> Verdict:
    """Follow a page where a purchase is paid; what it granted was granted with its payment."""
    purchase = case.purchase
    if purchase is None:
        return APPLIED if seen.money is None else ignored("unknown_checkout")
    if not purchase.provider_id:
        # Opened, but the worker that asked for it was killed before it could write down which.
        purchase.replace(provider_id=seen.id, url=seen.url, expires_at=seen.expires_at)
    if seen.status == "open":
        purchases.move(purchase, PurchaseState.OPEN)
    elif seen.status == "expired":
        purchases.move(purchase, PurchaseState.ABANDONED)
    elif not seen.is_paid:
        _settle_failed(case, purchase)
    return APPLIED


def _settle_failed(case: Case, purchase: Purchase) -> None:
    """A page that was filled in and closed, and the payment failed days later."""
    failed = [one for one in case.facts.payments if one.status == PaymentState.FAILED]
    if failed and purchases.move(purchase, PurchaseState.FAILED, problem=failed[-1].failure_code):
        letters.purchase_failed(purchase)


def settle_begun(case: Case) -> None:
    """A subscription that began makes its purchase a paid one, even one that is in arrears when first seen."""
    subscription, purchase = case.subscription, case.purchase
    if not subscription or not purchase or subscription.purchase_id != purchase.pk:
        return
    page = case.facts.checkout
    has_begun = subscription.state in CURRENT_STATES or bool(page and page.status == "complete" and page.is_paid)
    if has_begun and purchases.move(purchase, PurchaseState.PAID):
        of_it = Payment.objects.of(case.organization).filter(purchase=purchase, state=PaymentState.SUCCEEDED)
        letters.purchased(purchase, of_it.first())
