"""Leases: durable work that any worker can take up again (rulings 17).

The broker only carries hints. A row in core_lease says what is to be done and who holds it; a holder renews every
2 s a term of 8 s; the sweep, every 2 s, sends again what nobody holds. A holder that lost its lease learns it from its
heartbeat or, at the latest, from `confirm`, which every commit of a result calls inside its own transaction.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from core import queue
from core.models import Lease

log = logging.getLogger(__name__)

TERM = timedelta(seconds=8)
RESEND_FIRST = timedelta(seconds=10)
RESEND_DOUBLINGS = 3  # 10, 20, 40, then every 80 s for work that waits for a free worker
# Written out: every piece of work and every delivery of a payment provider comes through here.
OFFER = """
INSERT INTO core_lease (id, task, organization_id, available_at, sent_at, sendings)
VALUES (%s, %s, %s, coalesce(%s, statement_timestamp()), CASE WHEN %s THEN statement_timestamp() END, 0)
ON CONFLICT (id) DO UPDATE
SET task = excluded.task, available_at = excluded.available_at, sent_at = excluded.sent_at
"""


class LeaseLost(Exception):
    """Somebody else holds the work now, or it was withdrawn: nothing of it may be committed."""


@dataclass(frozen=True)
class Claim:
    """Proof of holding: the subject's id and this holder's fencing token."""

    subject: UUID
    holder: UUID
    lost: threading.Event = field(default_factory=threading.Event, compare=False)


def offer(
    subject: UUID, task: str, *, organization: UUID | None, not_before: datetime | None = None, hint: bool = True
) -> None:
    """Put work on offer and hint the queue on commit; offering again what is held changes nothing but its time.

    Without a hint the next sweep sends it, for whom two seconds are less than what asking the broker costs.
    """
    with connection.cursor() as cursor:
        cursor.execute(OFFER, [subject, task, organization, not_before, hint or not_before is not None])
    if hint and not_before is None:
        queue.enqueue(task, subject, organization=organization)


def withdraw(*subjects: UUID) -> None:
    """Take work off the table; whoever holds it learns at its next heartbeat and can commit nothing more."""
    Lease.objects.filter(pk__in=subjects).delete()


def claim(subject: UUID) -> Claim | None:
    """Take hold of offered work, or None when it is gone, held, or not due yet."""
    token = uuid4()
    taken = (
        Lease.objects.filter(pk=subject, available_at__lte=Now())
        .filter(Q(held_until__isnull=True) | Q(held_until__lt=Now()))
        .update(holder=token, held_until=Now() + TERM, sendings=0)
    )
    return Claim(subject, token) if taken else None


def renew(held: Claim) -> bool:
    """Prolong the term; False when the lease is no longer ours."""
    return bool(Lease.objects.filter(pk=held.subject, holder=held.holder).update(held_until=Now() + TERM))


def confirm(held: Claim) -> None:
    """Inside a transaction: lock our lease so that the result and the proof commit together. Raises LeaseLost."""
    if not Lease.objects.select_for_update().filter(pk=held.subject, holder=held.holder).exists():
        held.lost.set()
        raise LeaseLost(str(held.subject))


def finish(held: Claim) -> None:
    """The work is done: its lease goes. Raises LeaseLost when it was not ours to finish."""
    if not Lease.objects.filter(pk=held.subject, holder=held.holder).delete()[0]:
        raise LeaseLost(str(held.subject))


def defer(held: Claim, delay: timedelta) -> None:
    """Give the work back, to be taken up not before `delay` from now (a provider asked us to wait)."""
    changed = Lease.objects.filter(pk=held.subject, holder=held.holder).update(
        holder=None, held_until=None, available_at=Now() + delay, sent_at=None
    )
    if not changed:
        raise LeaseLost(str(held.subject))


def carry_out(subject: UUID, work: Callable[[Claim], None]) -> None:
    """Do this work if it is free and due, and keep its lease meanwhile; `work` ends by `finish` or `defer`.

    Nothing is raised for what the next worker mends: a lease that was lost, a row that was erased, PostgreSQL away.
    """
    held = claim(subject)
    if held is None:
        return
    with heartbeat(held):
        try:
            work(held)
        except LeaseLost:
            log.info("%s belongs to another worker now", subject)
        except ObjectDoesNotExist:
            log.info("%s was erased before its work was done", subject)
            withdraw(subject)
        except (OperationalError, InterfaceError):
            # PostgreSQL is away: the lease runs out, and the sweep brings the work back when it answers again.
            log.warning("%s: database away", subject)
            connection.close()


@contextmanager
def heartbeat(held: Claim) -> Iterator[Claim]:
    """Renew the lease from a thread of its own while the block runs; `held.lost` is set when it is ours no more."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(held, stop), name=f"lease-{held.subject}", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        stop.set()
        thread.join(timeout=5)


def _beat(held: Claim, stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.LEASE_HEARTBEAT_SECONDS):
            try:
                if not renew(held):
                    held.lost.set()
                    return
            except DatabaseFault:
                # The database is restarting: the term may run out, and then `confirm` decides.
                log.warning("lease %s not renewed: database unavailable", held.subject)
                connection.close()
    finally:
        connection.close()


@transaction.atomic
def sweep(limit: int = 500) -> int:
    """Send what is due and nobody holds: lost workers' work at once, lost messages after a while. Returns how many."""
    overdue = Q(held_until__lt=Now()) | Q(sent_at__isnull=True)
    for doubling in range(RESEND_DOUBLINGS + 1):
        waited = Q(sent_at__lt=Now() - RESEND_FIRST * 2**doubling, held_until__isnull=True)
        overdue |= waited & (Q(sendings=doubling) if doubling < RESEND_DOUBLINGS else Q(sendings__gte=doubling))
    due = list(
        Lease.objects.select_for_update(skip_locked=True)
        .filter(overdue, available_at__lte=Now())
        .order_by("available_at")[:limit]
    )
    Lease.objects.filter(pk__in=[lease.pk for lease in due]).update(
        holder=None, held_until=None, sent_at=Now(), sendings=F("sendings") + 1
    )
    for lease in due:
        queue.enqueue(lease.task, lease.pk, organization=lease.organization_id)
    return len(due)
