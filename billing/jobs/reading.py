"""Reading objects at a provider, with all that is settled together with each, and settling them.

The network comes before the transaction: no row is locked while somebody else's server thinks. That what was read first
is not written last, over what is newer, is held by a mark (Facts.marked): when it has moved, everything is read again.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from django.db import connection, transaction

from billing.providers.base import InvoiceSeen, PaymentProvider, PaymentSeen, Unreachable
from billing.transitions import settling
from billing.transitions.settling import Facts, Verdict
from core import tenancy
from organizations.models import Organization

log = logging.getLogger(__name__)

READINGS = 5  # in turn, while others that need not wait settle the same subscription in between

Reader = Callable[[PaymentProvider, str, Facts], Facts]


def bring_in(
    organization: Organization,
    provider: PaymentProvider,
    kind: str,
    object_id: str,
    *,
    beside: Callable[[Verdict], None] | None = None,
) -> Verdict:
    """Read an object as it stands there and settle it; `beside` writes in the same transaction.

    Raises ProviderError, Unreachable too when a subscription moved under each of our readings.
    """
    try:
        return _settled(organization, provider, gather(organization, provider, kind, object_id), beside)
    except settling.Stale:
        log.info("%s %s is read again", kind, object_id)
    for _reading in range(READINGS):
        with suppress(settling.Stale), transaction.atomic():
            _wait_for_turn(organization)
            return _settled(organization, provider, gather(organization, provider, kind, object_id), beside)
    raise Unreachable(f"{kind} {object_id} kept changing", code="changing")


def _settled(
    organization: Organization, provider: PaymentProvider, facts: Facts, beside: Callable[[Verdict], None] | None
) -> Verdict:
    with transaction.atomic(), tenancy.declared(organization.pk):
        verdict = settling.settle(organization, provider, facts)
        if beside:
            beside(verdict)
        return verdict


def _wait_for_turn(organization: Organization) -> None:
    """Of those whose facts went stale one reads at a time, or many events of one subscription would never end.

    A lock that only they take, until their transaction ends: nobody else waits while the provider thinks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"billing.reading:{organization.pk}"])


def gather(organization: Organization, provider: PaymentProvider, kind: str, object_id: str) -> Facts:
    """An object of READERS' kinds with its relatives. Raises KeyError for another kind, ProviderError."""
    with transaction.atomic(), tenancy.declared(organization.pk):
        marked = settling.newest_reading(organization)
    return READERS[kind](provider, object_id, Facts(marked))


def customer_of(provider: PaymentProvider, kind: str, object_id: str) -> str:
    """Whose a refund or a dispute is: its payment's customer. Raises ProviderError."""
    if kind == "refund":
        return provider.payment(provider.refund_seen(object_id).payment_id).customer_id
    if kind == "dispute":
        return provider.payment(provider.dispute(object_id).payment_id).customer_id
    return ""


# ── Each kind with its relatives ────────────────────────────────────────────────────────────────────────────────────


def _checkout(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    seen = provider.checkout(object_id)
    facts = replace(facts, checkout=seen)
    if seen.subscription_id:
        return _subscription(provider, seen.subscription_id, facts)
    if seen.payment_id:
        return _with_payments(provider, facts, [seen.payment_id])
    return _cards(provider, seen.customer_id, facts) if seen.status == "complete" else facts


def _subscription(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    seen = provider.subscription(object_id)
    facts = replace(facts, subscription=seen)
    invoices = [provider.invoice(seen.latest_invoice_id)] if seen.latest_invoice_id else []
    return _with_invoices(provider, facts, invoices)


def _invoice(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    """With its subscription, as that stands after it."""
    invoice = provider.invoice(object_id)
    if not invoice.subscription_id:
        return _with_invoices(provider, facts, [invoice])
    seen = provider.subscription(invoice.subscription_id)
    latest = [] if seen.latest_invoice_id in {"", object_id} else [provider.invoice(seen.latest_invoice_id)]
    return _with_invoices(provider, replace(facts, subscription=seen), [invoice, *latest])


def _payment(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    payment = provider.payment(object_id)
    if payment.invoice_id:
        facts = _invoice(provider, payment.invoice_id, facts)
    if payment.id not in {one.id for one in facts.payments}:
        facts = _with_seen(provider, facts, [payment])
    return facts


def _refund(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    refund = provider.refund_seen(object_id)
    facts = _payment(provider, refund.payment_id, facts)
    others = [one for one in facts.refunds if one.id != refund.id]
    return replace(facts, refunds=(*others, refund))


def _dispute(provider: PaymentProvider, object_id: str, facts: Facts) -> Facts:
    dispute = provider.dispute(object_id)
    return replace(_payment(provider, dispute.payment_id, facts), disputes=(dispute,))


def _cards(provider: PaymentProvider, customer_id: str, facts: Facts) -> Facts:
    return replace(facts, cards=provider.cards(customer_id))


def _with_invoices(provider: PaymentProvider, facts: Facts, invoices: list[InvoiceSeen]) -> Facts:
    ids = dict.fromkeys(chain.from_iterable(one.payment_ids for one in invoices))
    return _with_payments(provider, replace(facts, invoices=tuple(invoices)), list(ids))


def _with_payments(provider: PaymentProvider, facts: Facts, ids: list[str]) -> Facts:
    return _with_seen(provider, facts, [provider.payment(one) for one in ids])


def _with_seen(provider: PaymentProvider, facts: Facts, payments: list[PaymentSeen]) -> Facts:
    """With what went back of them already."""
    refunds = chain.from_iterable(provider.refunds_of(one.id) for one in payments if one.refunded)
    return replace(facts, payments=(*facts.payments, *payments), refunds=(*facts.refunds, *refunds))


READERS: dict[str, Reader] = {
    "checkout": _checkout,
    "subscription": _subscription,
    "invoice": _invoice,
    "payment": _payment,
    "refund": _refund,
    "dispute": _dispute,
    "customer": _cards,
}
