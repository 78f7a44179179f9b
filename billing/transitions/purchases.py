"""The legal moves of a purchase. What is paid stays paid: a failure that comes late is no news."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from billing.models import Purchase, PurchaseState

MOVES: dict[str, set[PurchaseState]] = {
    # Paid before the worker that opened the page wrote that down, or after we had given it up: money decides.
    PurchaseState.PREPARING: {
        PurchaseState.OPEN,
        PurchaseState.PAID,
        PurchaseState.FAILED,
        PurchaseState.ABANDONED,
        PurchaseState.REVIEW,
    },
    PurchaseState.OPEN: {PurchaseState.PAID, PurchaseState.FAILED, PurchaseState.ABANDONED, PurchaseState.REVIEW},
    PurchaseState.FAILED: {PurchaseState.PAID, PurchaseState.REVIEW},
    PurchaseState.ABANDONED: {PurchaseState.PAID, PurchaseState.REVIEW},
    PurchaseState.REVIEW: {PurchaseState.PAID, PurchaseState.FAILED},
    PurchaseState.PAID: set(),
}


def move(purchase: Purchase, to: PurchaseState, *, by: User | None = None, problem: str = "") -> bool:
    """Move a purchase whose row the caller has locked; False, and nothing changed, where that is no legal move."""
    if to not in MOVES[purchase.state]:
        return False
    said: dict[str, Any] = {"state": to, "problem": problem}
    if to == PurchaseState.PAID:
        said["paid_at"] = timezone.now()
    purchase.replace(**said)
    audit.record(
        f"purchase.{to}",
        actor=by,
        target=purchase,
        organization=purchase.organization_id,
        details={"price": purchase.price.lookup_key, "amount": purchase.amount, "currency": purchase.currency},
        severity=Severity.HIGH if to == PurchaseState.REVIEW else Severity.LOW,
    )
    return True
