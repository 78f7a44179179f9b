"""One errand: claimed, asked, written down. Killed anywhere and asked again, it has one effect.

The provider knows the errand's key and answers it once; where it could have forgotten (after a day, or because the key
is spent on a fault), each kind of errand looks first whether what it asks for is so already.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import actions as audit
from audit.models import Severity
from billing.jobs import reading
from billing.jobs.errands import cards, pages, plans, refunds
from billing.jobs.errands.outcomes import Impossible, Outcome, subject
from billing.models import Errand, ErrandKind, ErrandState, Purchase, PurchaseState
from billing.providers.base import Declined, PaymentProvider, Rejected, Unreachable
from billing.providers.registry import providers
from billing.transitions import purchases
from core import leases, tenancy
from organizations.models import Organization

log = logging.getLogger(__name__)

MOST_TRIES = 10  # somebody waits for it: about a quarter of an hour
PATIENT_TRIES = 60  # nobody does, and it must be done: two days
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY, LONGEST_PATIENT_DELAY = timedelta(minutes=5), timedelta(hours=1)
MUST_BE_DONE = {ErrandKind.END, ErrandKind.REFUND}

KINDS: Mapping[str, Callable[[Errand, PaymentProvider], Outcome]] = {
    ErrandKind.CHECKOUT: pages.open_checkout,
    ErrandKind.ADD_CARD: pages.open_card_page,
    ErrandKind.PORTAL: pages.open_portal,
    ErrandKind.PREVIEW: plans.preview,
    ErrandKind.CHANGE: plans.change,
    ErrandKind.CANCEL: plans.cancel,
    ErrandKind.RESUME: plans.resume,
    ErrandKind.END: plans.end,
    ErrandKind.DEFAULT_CARD: cards.prefer,
    ErrandKind.REMOVE_CARD: cards.remove,
    ErrandKind.REFUND: refunds.refund,
}


def run(errand_id: UUID) -> None:
    """Ask the provider, if nobody else does."""
    leases.carry_out(errand_id, _run)


def _run(held: leases.Claim) -> None:
    errand = _read(held.subject)
    provider = providers().get(errand.provider)
    with override(errand.by.language if errand.by else settings.LANGUAGE_CODE):
        if errand.state != ErrandState.WAITING:
            leases.finish(held)
        elif provider is None:
            _give_up(errand, held, _("Payments are switched off at the moment."))
        else:
            _try(errand, provider, held)


@transaction.atomic
def _read(errand_id: UUID) -> Errand:
    rows = Errand.objects.of(Organization(pk=tenancy.current()))  # the task's message declared it
    return rows.select_related("organization", "by").get(pk=errand_id)


def _try(errand: Errand, provider: PaymentProvider, held: leases.Claim) -> None:
    try:
        _end(errand, provider, held, KINDS[errand.kind](errand, provider))
    except Unreachable as fault:
        log.warning("errand %s: %s", errand.pk, fault)
        _again(errand, held, fault)
    except Declined as fault:
        _give_up(errand, held, why_declined(fault.code), fault.code)
    except Impossible as refusal:
        _give_up(errand, held, str(refusal))
    except Rejected as fault:
        log.error("errand %s was refused: %s (%s)", errand.pk, fault, fault.code)
        _give_up(errand, held, _("The payment provider refused this, and nothing was changed. We look into it."))
    except (leases.LeaseLost, OperationalError, InterfaceError, ObjectDoesNotExist):
        raise
    except Exception:
        log.exception("errand %s", errand.pk)
        _again(errand, held, Unreachable("a fault of ours"))


def _end(errand: Errand, provider: PaymentProvider, held: leases.Claim, outcome: Outcome) -> None:
    """Write down what came of it, with what the provider says now, in one transaction."""

    def done(_verdict: object = None) -> None:
        leases.confirm(held)
        outcome.record()
        errand.replace(state=ErrandState.DONE, result=outcome.result, problem="")
        leases.finish(held)

    if outcome.about:
        kind, identifier = outcome.about
        reading.bring_in(errand.organization, provider, kind, identifier, beside=done)
    else:
        with transaction.atomic():
            done()


def _again(errand: Errand, held: leases.Claim, fault: Unreachable) -> None:
    """Ask again later, or give it up when it was asked often enough."""
    is_patient = errand.kind in MUST_BE_DONE
    tries = errand.tries + 1
    if tries >= (PATIENT_TRIES if is_patient else MOST_TRIES):
        _give_up(errand, held, _("The payment provider does not answer. Try again in a while."), fault.code)
        return
    longest = LONGEST_PATIENT_DELAY if is_patient else LONGEST_DELAY
    delay = min(FIRST_DELAY * 2 ** min(tries - 1, 16), longest)
    with transaction.atomic():
        leases.confirm(held)
        spent = errand.result.get("spent_keys", 0) + fault.is_spent_key
        errand.replace(tries=tries, result={"spent_keys": spent} if spent else {})
        leases.defer(held, max(delay, timedelta(seconds=fault.retry_after or 0)))


@transaction.atomic
def _give_up(errand: Errand, held: leases.Claim, problem: str, code: str = "") -> None:
    """Nothing was done, and whoever waits for it is told why; staff are, where it had to be done."""
    leases.confirm(held)
    errand.replace(state=ErrandState.FAILED, problem=problem, tries=errand.tries + 1)
    if errand.kind == ErrandKind.CHECKOUT:
        rows = Purchase.objects.of(errand.organization).select_for_update(of=("self",))
        purchase = rows.select_related("price__plan", "price__pack").get(pk=subject(errand))
        purchases.move(purchase, PurchaseState.FAILED, problem=problem)
    audit.record(
        "errand.failed",
        target=errand,
        organization=errand.organization_id,
        details={"kind": errand.kind, "code": code},
        severity=Severity.CRITICAL if errand.kind in MUST_BE_DONE else Severity.MEDIUM,
    )
    leases.finish(held)


def why_declined(code: str) -> str:
    """What a bank's refusal means for who pays. https://docs.stripe.com/declines/codes"""
    if code == "insufficient_funds":
        return _("Your bank refused the payment: there is not enough money on the card. Nothing was changed.")
    if code in {"expired_card", "invalid_expiry_month", "invalid_expiry_year"}:
        return _("The card has expired. Add another one and try again; nothing was changed.")
    if code == "authentication_required":
        return _("Your bank wants you to confirm this payment. Pay with another card; nothing was changed.")
    return _("Your bank refused the payment. Try another card, or ask your bank why; nothing was changed.")
