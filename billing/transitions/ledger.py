"""The one way anything is posted: `lock` the organization's account, then grant, hold, settle, release or withdraw.

Every function takes a reference that makes its entry single: posted again, it changes nothing and answers None. Under
the lock the account's sums, its lots and the lines move together; PostgreSQL holds that an entry adds up to nothing and
that no sum falls below it. What is owed is paid first by whatever comes in or is given back, so nobody who owes has
anything available.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.errors import InDebt, TooFewCredits
from billing.models import (
    CREDIT,
    FREE,
    Account,
    CreditAccount,
    CreditLot,
    EntryKind,
    LedgerEntry,
    LedgerLine,
    Plan,
)
from core.money import Money
from organizations.models import Organization


@dataclass(frozen=True)
class Posting:
    """What an entry says beside its lines. `subject` is a type and an id: ("run", …)."""

    kind: EntryKind
    reference: str
    subject: tuple[str, UUID] | None = None
    by_id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class Side:
    """One line to be posted."""

    account: Account
    amount: int
    lot: CreditLot | None = None
    unit: str = CREDIT


def lock(organization: Organization) -> CreditAccount:
    """The organization's account under a row lock, opened when there is none yet. First of a posting's locks."""
    rows = CreditAccount.objects.of(organization).select_for_update()
    account = rows.first()
    if account is None:
        CreditAccount.objects.bulk_create([CreditAccount(organization=organization)], ignore_conflicts=True)
        account = rows.get()
        account.organization = organization
        _welcome(account)
    account.organization = organization
    return account


def _welcome(account: CreditAccount) -> None:
    """The free plan's credits, in the personal organization of somebody who never had them (ruling 29)."""
    person_id = account.organization.personal_of_id
    once = Plan.objects.filter(code=FREE).values_list("credits_once", flat=True).first()
    if person_id is None or not once:
        return
    try:
        with transaction.atomic():
            grant(account, Posting(EntryKind.BONUS, f"free:{person_id}", ("person", person_id)), once)
    except IntegrityError:  # had in a personal organization that has become an ordinary one
        account.refresh_from_db(fields=["available", "reserved", "debt"])


def is_posted(reference: str, organization: Organization) -> bool:
    """Whether an entry of that reference stands already; ask under the lock."""
    return LedgerEntry.objects.of(organization).filter(reference=reference).exists()


# ── Credits come ────────────────────────────────────────────────────────────────────────────────────────────────────


def grant(
    account: CreditAccount,
    posting: Posting,
    amount: int,
    *,
    expires_at: datetime | None = None,
    money: Money | None = None,
) -> LedgerEntry | None:
    """Give credits, in a lot of their own, less what is owed; the `money` paid for them is in the entry too."""
    if _stands(account, posting):
        return None
    entry = _enter(account, posting)
    owed = min(account.debt, amount)
    sides = [Side(Account.ISSUED, -amount)] if amount else []
    if amount:
        lot = CreditLot.objects.create(
            organization=account.organization,
            entry=entry,
            granted=amount,
            available=amount - owed,
            expires_at=expires_at,
        )
        sides += [Side(Account.DEBT, owed), Side(Account.AVAILABLE, amount - owed, lot)]
    if money:
        sides += [Side(Account.CASH, money.amount, unit=money.currency)]
        sides += [Side(Account.SALES, -money.amount, unit=money.currency)]
    _write(account, entry, sides)
    return entry


def receive(account: CreditAccount, posting: Posting, money: Money) -> LedgerEntry | None:
    """Money that came in and brings no credits by itself; a negative amount is money that went back."""
    if _stands(account, posting):
        return None
    entry = _enter(account, posting)
    sides = [Side(Account.CASH, money.amount, unit=money.currency)]
    _write(account, entry, [*sides, Side(Account.SALES, -money.amount, unit=money.currency)])
    return entry


# ── Credits are used ────────────────────────────────────────────────────────────────────────────────────────────────


def hold(account: CreditAccount, posting: Posting, amount: int) -> LedgerEntry | None:
    """Reserve credits for the posting's subject, those that expire soonest first. Raises TooFewCredits, InDebt."""
    if _stands(account, posting) or not amount:
        return None
    expire(account)
    if account.debt:
        raise InDebt(_debt_message(account.debt), code="in_debt")
    if account.available < amount:
        raise TooFewCredits(_too_few_message(amount, account.available), code="too_few_credits")
    sides: list[Side] = []
    left = amount
    for lot in _spendable(account):
        part = min(lot.available, left)
        left -= part
        lot.available, lot.reserved = lot.available - part, lot.reserved + part
        sides += [Side(Account.AVAILABLE, -part, lot), Side(Account.RESERVED, part, lot)]
    entry = _enter(account, posting)
    _write(account, entry, sides)
    return entry


def settle(account: CreditAccount, posting: Posting, amount: int) -> LedgerEntry | None:
    """Take what was delivered out of what is held for the subject. Raises ValueError for more: a cap holds."""
    if _stands(account, posting) or not amount:
        return None
    sides: list[Side] = []
    left = amount
    for lot, reserved in _held_lots(account, posting):
        part = min(reserved, left)
        lot.reserved -= part
        left -= part
        sides += [Side(Account.RESERVED, -part, lot), Side(Account.SPENT, part)] if part else []
    if left:
        raise ValueError(f"{posting.reference}: {left} credits more than are held")
    entry = _enter(account, posting)
    _write(account, entry, sides)
    return entry


def release(account: CreditAccount, posting: Posting, amount: int | None = None) -> LedgerEntry | None:
    """Give back what is still held for the subject, or so much of it, to the lots it came from, less what is owed.

    What is kept is what expires soonest. Raises ValueError for more than is held.
    """
    if _stands(account, posting):
        return None
    sides: list[Side] = []
    owed = account.debt
    held = _held_lots(account, posting)[::-1]
    left = sum(reserved for _lot, reserved in held) if amount is None else amount
    for lot, reserved in held:
        part = min(reserved, left)
        left -= part
        repaid = min(owed, part)
        owed -= repaid
        lot.reserved, lot.available = lot.reserved - part, lot.available + part - repaid
        sides += [Side(Account.RESERVED, -part, lot), Side(Account.DEBT, repaid)]
        sides += [Side(Account.AVAILABLE, part - repaid, lot)]
    if left:
        raise ValueError(f"{posting.reference}: {left} credits more than are held")
    if not sides:
        return None
    entry = _enter(account, posting)
    _write(account, entry, sides)
    expire(account)
    return entry


# ── Credits go ──────────────────────────────────────────────────────────────────────────────────────────────────────


def withdraw(
    account: CreditAccount,
    posting: Posting,
    amount: int,
    *,
    lot: CreditLot | None,
    money: Money | None = None,
) -> LedgerEntry | None:
    """Take credits back: from their own lot, then from the others; what is gone already is owed. `money` went back."""
    if _stands(account, posting):
        return None
    expire(account)
    sides: list[Side] = []
    left = amount
    for one in _spendable(account, first=lot):
        part = min(one.available, left)
        one.available -= part
        left -= part
        sides.append(Side(Account.AVAILABLE, -part, one))
    if lot is not None:
        CreditLot.objects.of(account.organization).filter(pk=lot.pk).update(withdrawn=F("withdrawn") + amount)
    sides += [Side(Account.DEBT, -left), Side(Account.ISSUED, amount)]
    if money:
        sides += [Side(Account.CASH, -money.amount, unit=money.currency)]
        sides += [Side(Account.SALES, money.amount, unit=money.currency)]
    entry = _enter(account, posting)
    _write(account, entry, sides)
    return entry


def expire(account: CreditAccount) -> int:
    """Take what has expired out of what is available, an entry for each lot; how many credits."""
    now = timezone.now()
    due = CreditLot.objects.of(account.organization).filter(expires_at__lte=now, available__gt=0).select_for_update()
    total = 0
    for lot in due.order_by("expires_at", "id"):
        # A lot may expire again: what was held for a run when it did comes back later.
        again = LedgerEntry.objects.of(account.organization).filter(subject_id=lot.pk, kind=EntryKind.EXPIRY).count()
        posting = Posting(EntryKind.EXPIRY, f"expiry:{lot.pk}:{again}", ("lot", lot.pk))
        gone, lot.available = lot.available, 0
        _write(account, _enter(account, posting), [Side(Account.AVAILABLE, -gone, lot), Side(Account.EXPIRED, gone)])
        total += gone
    return total


# ── What they share ─────────────────────────────────────────────────────────────────────────────────────────────────


def _stands(account: CreditAccount, posting: Posting) -> bool:
    """Whether it was posted already; if not, the sums are read anew: others of this transaction hold the lock too."""
    if is_posted(posting.reference, account.organization):
        return True
    account.refresh_from_db(fields=["available", "reserved", "debt"])
    return False


def _spendable(account: CreditAccount, first: CreditLot | None = None) -> list[CreditLot]:
    """Lots with something left, the soonest to expire first; `first` before all others."""
    lots = list(
        CreditLot.objects.of(account.organization)
        .filter(available__gt=0)
        .order_by(F("expires_at").asc(nulls_last=True), "id")
    )
    return sorted(lots, key=lambda lot: first is None or lot.pk != first.pk)


def _held_lots(account: CreditAccount, posting: Posting) -> list[tuple[CreditLot, int]]:
    """What is held for the posting's subject, by lot, the soonest to expire first."""
    if posting.subject is None:
        raise ValueError("what is held is held for something")
    lines = LedgerLine.objects.of(account.organization).filter(
        entry__subject_id=posting.subject[1], account=Account.RESERVED
    )
    sums = dict(lines.values("lot").annotate(total=Sum("amount")).filter(total__gt=0).values_list("lot", "total"))
    lots = CreditLot.objects.of(account.organization).filter(pk__in=sums)
    return [(lot, sums[lot.pk]) for lot in lots.order_by(F("expires_at").asc(nulls_last=True), "id")]


def _enter(account: CreditAccount, posting: Posting) -> LedgerEntry:
    subject_type, subject_id = posting.subject or ("", None)
    return LedgerEntry.objects.create(
        organization=account.organization,
        kind=posting.kind,
        reference=posting.reference,
        subject_type=subject_type,
        subject_id=subject_id,
        by_id=posting.by_id,
        reason=posting.reason,
    )


def _write(account: CreditAccount, entry: LedgerEntry, sides: Iterable[Side]) -> None:
    """Write the lines, and move the sums and the lots by them."""
    said = [side for side in sides if side.amount]
    LedgerLine.objects.bulk_create(
        LedgerLine(
            organization=account.organization,
            entry=entry,
            account=side.account,
            unit=side.unit,
            amount=side.amount,
            lot=side.lot,
        )
        for side in said
    )
    lots = {side.lot.pk: side.lot for side in said if side.lot}
    CreditLot.objects.of(account.organization).bulk_update(lots.values(), ["available", "reserved"])
    moved = {place: sum(side.amount for side in said if side.account == place) for place in Account}
    account.available += moved[Account.AVAILABLE]
    account.reserved += moved[Account.RESERVED]
    account.debt -= moved[Account.DEBT]
    account.save(update_fields=["available", "reserved", "debt", "updated_at"])


def _debt_message(debt: int) -> str:
    return ngettext(
        "%(count)d credit that was already spent was paid back: buy credits to go on.",
        "%(count)d credits that were already spent were paid back: buy credits to go on.",
        debt,
    ) % {"count": debt}


def _too_few_message(wanted: int, available: int) -> str:
    return _("This costs %(wanted)d credits, and %(available)d are left: buy credits, or choose a larger plan.") % {
        "wanted": wanted,
        "available": available,
    }
