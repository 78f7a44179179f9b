"""What staff give to an organization, with the reason, and take back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from billing.errors import PaymentRefused
from billing.models import FREE, CreditLot, EntryKind, LedgerEntry, Plan, PlanGift
from billing.transitions import gifts, ledger, letters
from billing.transitions.access import settle_limits
from billing.transitions.ledger import Posting
from organizations.models import CUSTOM, Organization
from organizations.transitions.locking import lock


@transaction.atomic
def give_plan(*, organization: Organization, plan: Plan, until: datetime | None, reason: str, by: User) -> PlanGift:
    """Give a plan's limits until a day, or until it is taken back; its credits are given apart. Raises PaymentRefused.

    A plan that is in force already, because it was given before or is paid, is not made worse: the best one counts.
    """
    lock(organization)
    _refuse_without_reason(reason)
    if plan.code in {FREE, CUSTOM}:
        raise PaymentRefused(_("This plan is not given: choose one that can be bought."), code="plan")
    if until and until <= timezone.now():
        raise PaymentRefused(_("This day is over: choose a later one."), code="until")
    gift = PlanGift.objects.create(
        organization=organization, plan=plan, until=until, reason=reason.strip(), by_id=by.pk
    )
    settle_limits(organization, by=by)
    details = {"plan": plan.code, "until": until.isoformat() if until else "", "reason": gift.reason}
    audit.record(
        "plan.given", actor=by, target=gift, organization=organization.pk, details=details, severity=Severity.HIGH
    )
    letters.plan_given(gift)
    return gift


@transaction.atomic
def take_back_plan(*, gift: PlanGift, by: User) -> bool:
    """End a plan that was given; False when it had ended already. Nothing is deleted."""
    lock(gift.organization)
    gift = PlanGift.objects.of(gift.organization).select_related("plan", "organization").get(pk=gift.pk)
    return gifts.end(gift, by=by)


@transaction.atomic
def give_credits(
    *, organization: Organization, amount: int, reason: str, by: User, key: UUID, expires_at: datetime | None = None
) -> CreditLot | None:
    """Give credits; `key` makes it single: given twice with the same, it answers None. Raises PaymentRefused."""
    lock(organization)
    _refuse_without_reason(reason)
    if amount < 1 or (expires_at and expires_at <= timezone.now()):
        raise PaymentRefused(_("Give at least one credit, until a day that is still to come."), code="credits")
    account = ledger.lock(organization)
    posting = Posting(EntryKind.BONUS, f"gift:{key}", ("gift", key), by.pk, reason.strip())
    entry = ledger.grant(account, posting, amount, expires_at=expires_at)
    if entry is None:
        return None
    details = {"credits": amount, "reason": posting.reason}
    audit.record(
        "credits.given", actor=by, target=entry, organization=organization.pk, details=details, severity=Severity.HIGH
    )
    letters.credits_given(entry.lot, organization)
    return entry.lot


@transaction.atomic
def take_back_credits(*, entry: LedgerEntry, reason: str, by: User) -> int:
    """Take back what is left of credits that staff gave; how many. Raises PaymentRefused when nothing is."""
    organization = lock(entry.organization)
    _refuse_without_reason(reason)
    account = ledger.lock(organization)
    ledger.expire(account)
    lot = CreditLot.objects.of(organization).filter(entry=entry, entry__kind=EntryKind.BONUS).first()
    left = lot.available if lot else 0
    if lot is None or not left:
        raise PaymentRefused(_("Nothing is left of them."), code="nothing")
    posting = Posting(EntryKind.ADJUSTMENT, f"gift:{lot.pk}:back", ("lot", lot.pk), by.pk, reason.strip())
    if ledger.withdraw(account, posting, left, lot=lot) is None:
        raise PaymentRefused(_("They were taken back already."), code="nothing")
    details = {"credits": left, "reason": posting.reason}
    audit.record(
        "credits.taken_back", actor=by, target=entry, organization=organization.pk, details=details,
        severity=Severity.HIGH,
    )  # fmt: skip
    letters.credits_taken_back(lot, organization, left)
    return left


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise PaymentRefused(_("Say why: the reason is kept with it."), code="reason")
