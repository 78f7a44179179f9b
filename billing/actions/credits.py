"""What work costs in credits: reserved before it begins, settled by what was delivered, the rest given back."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from billing.errors import AdjustmentRefused
from billing.models import EntryKind, LedgerEntry
from billing.queries.credits import Delivery, charge
from billing.transitions import ledger, usage
from billing.transitions.ledger import Posting
from core.ids import new_id
from organizations.models import Organization


@transaction.atomic
def reserve(*, organization: Organization, run_id: UUID, amount: int, by: User | None) -> None:
    """Bring what is held for a run, with what it was settled at before, to `amount`; done twice, nothing changes.

    The account's lock is the last of the caller's. Raises TooFewCredits and InDebt, and nothing is held then.
    """
    account = ledger.lock(organization)
    before = charge(organization, run_id)
    due = amount - before.spent - before.reserved
    if due > 0:
        ledger.hold(account, _posting(organization, EntryKind.RESERVE, run_id, by), due)
    elif due < 0:
        ledger.release(account, _posting(organization, EntryKind.RELEASE, run_id, by), -due)


@transaction.atomic
def settle(
    *,
    organization: Organization,
    run_id: UUID,
    delivered: Sequence[Delivery],
    book_id: UUID | None = None,
    person_id: UUID | None = None,
) -> None:
    """Take what a run has delivered in all, less what it was settled at before, and give back the rest of its reserve.

    Never more than is held for it. Done twice, nothing changes; a run that is tried again reserves and settles anew.
    """
    account = ledger.lock(organization)
    before = charge(organization, run_id)
    due = sum(one.credits for one in delivered) - before.spent
    due = max(0, min(due, before.reserved))
    if due:
        ledger.settle(account, _posting(organization, EntryKind.SETTLE, run_id), due)
    if before.reserved > due:
        ledger.release(account, _posting(organization, EntryKind.RELEASE, run_id))
    paid = _within(delivered, before.spent + due)
    usage.keep(organization, run_id, paid, book_id=book_id, person_id=person_id)


@transaction.atomic
def adjust(*, organization: Organization, amount: int, reason: str, by: User, key: UUID) -> LedgerEntry | None:
    """Put right by hand how many credits an organization has; None when the same form (`key`) did it already.

    Raises AdjustmentRefused without an amount or a reason, and for taking more than is there: a mistake of ours makes
    nobody owe anything.
    """
    if not amount or not reason.strip():
        raise AdjustmentRefused(_("Say how many credits, and why: both are kept for good."))
    account = ledger.lock(organization)
    posting = Posting(EntryKind.ADJUSTMENT, f"adjustment:{key}", by_id=by.pk, reason=reason.strip())
    if ledger.is_posted(posting.reference, organization):
        return None
    ledger.expire(account)
    if amount < -account.available:
        raise AdjustmentRefused(_("No more than %(count)d can be taken away.") % {"count": account.available})
    if amount > 0:
        entry = ledger.grant(account, posting, amount)
    else:
        entry = ledger.withdraw(account, posting, -amount, lot=None)
    details = {"credits": amount, "reason": posting.reason}
    audit.record(
        "credits.adjusted",
        actor=by,
        target=account,
        organization=organization.pk,
        details=details,
        severity=Severity.HIGH,
    )
    return entry


@transaction.atomic
def top_up(*, organization: Organization, least: int, reason: str, by: User) -> None:
    """See to it that at least so many credits can be spent: for accounts to look around with."""
    account = ledger.lock(organization)
    ledger.expire(account)
    missing = least + account.debt - account.available
    if missing > 0:
        adjust(organization=organization, amount=missing, reason=reason, by=by, key=new_id())


def _within(delivered: Sequence[Delivery], paid: int) -> list[Delivery]:
    """The same for no more credits than were paid: a run begun before anything was charged was not."""
    found = []
    for one in delivered:
        found.append(replace(one, credits=min(one.credits, paid)))
        paid -= found[-1].credits
    return found


def _posting(organization: Organization, kind: EntryKind, run_id: UUID, by: User | None = None) -> Posting:
    """The next entry of a kind about a run; its number is told under the account's lock."""
    said = LedgerEntry.objects.of(organization).filter(subject_id=run_id, kind=kind).count()
    return Posting(kind, f"run:{run_id}:{kind}:{said + 1}", ("run", run_id), by.pk if by else None)
