"""Why facts grant nothing: what is there is not what was asked for here. Checked before anything is changed."""

from collections.abc import Callable, Iterator

from billing.models import PurchaseState
from billing.providers.base import InvoiceSeen, PaymentSeen
from billing.transitions.settling.cases import Case, customer_of, metadata
from core.money import Money

# Of these not even the money is ours to write down.
FOREIGN = {
    "other_mode", "other_organization", "other_customer", "unknown_checkout", "unknown_subscription", "unknown_payment",
}  # fmt: skip


def objection(case: Case) -> str:
    """The first that holds, as a code for staff; nothing where all is as it should be."""
    return next((code for check in CHECKS if (code := check(case))), "")


def _mode(case: Case) -> str:
    facts = case.facts
    seen = [facts.checkout, facts.subscription, *facts.invoices, *facts.payments]
    return "other_mode" if any(one.livemode != case.provider.livemode for one in seen if one) else ""


def _organization(case: Case) -> str:
    named = {one["organization"] for one in metadata(case.facts) if one.get("organization")}
    if named - {str(case.organization.pk)}:
        return "other_organization"
    facts, customer = case.facts, customer_of(case.organization, case.provider)
    seen = [facts.checkout, facts.subscription, *facts.invoices, *facts.payments]
    ids = {one.customer_id for one in seen if one and one.customer_id}
    return "other_customer" if customer is None or ids - {customer.provider_id} else ""


def _purchase(case: Case) -> str:
    purchase = case.purchase
    named = {one["purchase"] for one in metadata(case.facts) if one.get("purchase")}
    if purchase is None:
        return "other_organization" if named else ""
    if named - {str(purchase.pk)}:
        return "other_purchase"
    return "in_review" if purchase.state == PurchaseState.REVIEW else ""


def _checkout(case: Case) -> str:
    seen, purchase = case.facts.checkout, case.purchase
    if seen is None or not seen.is_paid or seen.money is None:
        return ""
    if purchase is None:
        return "unknown_checkout"
    if purchase.provider_id and purchase.provider_id != seen.id:
        return "other_checkout"
    return _compared(seen.money, purchase.money)


def _plan(case: Case) -> str:
    if case.facts.subscription is None:
        return ""
    if case.subscription is None and case.purchase is None:
        return "unknown_subscription"
    if case.price is None or case.price.plan_id is None:
        return "unknown_price"
    begins = case.subscription is None and case.purchase is not None
    return "other_plan" if begins and case.purchase and case.price.pk != case.purchase.price_id else ""


def _bills(case: Case) -> str:
    return next((code for one in case.facts.invoices if (code := _bill(case, one))), "")


def _bill(case: Case, invoice: InvoiceSeen) -> str:
    if invoice.status != "paid":
        return ""
    price = case.price or (case.subscription.price if case.subscription else None)
    if price is None or invoice.subscription_id not in _subscription_ids(case):
        return "unknown_payment"
    if invoice.money.currency != price.currency:
        return "other_currency"
    if invoice.reason == "subscription_create" and case.purchase:
        return _compared(invoice.money, case.purchase.money)
    paid = [one for one in case.facts.payments if one.id in invoice.payment_ids and one.status == "succeeded"]
    if any(one.money.currency != invoice.money.currency for one in paid):
        return "other_currency"
    return "other_amount" if paid and sum(one.money.amount for one in paid) != invoice.money.amount else ""


def _payments(case: Case) -> str:
    return next((code for one in case.facts.payments if (code := _payment(case, one))), "")


def _payment(case: Case, payment: PaymentSeen) -> str:
    if payment.status != "succeeded" or case.facts.invoice_of(payment):
        return ""
    return _compared(payment.money, case.purchase.money) if case.purchase else "unknown_payment"


def _subscription_ids(case: Case) -> Iterator[str]:
    if case.facts.subscription:
        yield case.facts.subscription.id
    if case.subscription:
        yield case.subscription.provider_id


def _compared(seen: Money, asked: Money) -> str:
    if seen.currency != asked.currency:
        return "other_currency"
    return "other_amount" if seen.amount != asked.amount else ""


CHECKS: tuple[Callable[[Case], str], ...] = (_mode, _organization, _purchase, _checkout, _plan, _bills, _payments)
