"""How a plan that was given ends."""

from typing import TYPE_CHECKING

from django.utils import timezone

from audit import actions as audit
from audit.models import Severity
from billing.models import PlanGift
from billing.transitions import letters
from billing.transitions.access import settle_limits

if TYPE_CHECKING:
    from accounts.models import User


def end(gift: PlanGift, *, by: "User | None" = None) -> bool:
    """End it now, or by itself on its day (without `by`); False when it had ended. The organization is locked."""
    if gift.ended_at is not None:
        return False
    gift.ended_at = timezone.now()
    gift.save(update_fields=["ended_at", "updated_at"])
    settle_limits(gift.organization, by=by)
    name = "plan.taken_back" if by else "plan.gift_over"
    audit.record(
        name, actor=by, target=gift, organization=gift.organization_id, details={"plan": gift.plan.code},
        severity=Severity.HIGH if by else Severity.LOW,
    )  # fmt: skip
    letters.gift_over(gift)
    return True
