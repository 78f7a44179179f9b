"""Leases: one holder at a time, a term that runs out, a proof that only the holder has, and the sweep."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from core import leases, queue
from core.ids import new_id
from core.models import Lease, Mail

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "core.tasks.deliver"


@pytest.fixture
def subject() -> UUID:
    """The id of something on offer."""
    identifier = new_id()
    leases.offer(identifier, TASK, organization=None)
    return identifier


def expire(subject: UUID) -> None:
    """Let the holder's term run out."""
    Lease.objects.filter(pk=subject).update(held_until=F("held_until") - 2 * leases.TERM)


def in_threads(count: int, work: Callable[[], object]) -> list[object]:
    """Do the same from many threads at the same moment."""
    start = threading.Barrier(count)

    def begin(_number: int) -> object:
        try:
            start.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def waiting_messages() -> int:
    """Messages in the default queue."""
    with current_app.connection_for_read() as broker, broker.channel() as channel:
        return int(channel._size("default"))


def test_one_of_many_claims_wins(subject: UUID) -> None:
    claims = in_threads(8, lambda: leases.claim(subject))
    assert len([one for one in claims if one is not None]) == 1


def test_a_held_lease_is_not_claimed_and_an_expired_one_is(subject: UUID) -> None:
    first = leases.claim(subject)
    assert first
    assert leases.claim(subject) is None
    expire(subject)
    second = leases.claim(subject)
    assert second
    assert second.holder != first.holder


def test_who_lost_the_lease_can_commit_nothing(subject: UUID) -> None:
    lost = leases.claim(subject)
    assert lost
    expire(subject)
    assert leases.claim(subject)
    assert not leases.renew(lost)
    acts: list[Callable[[leases.Claim], None]] = [
        leases.confirm,
        leases.finish,
        partial(leases.defer, delay=timedelta(0)),
    ]
    for act in acts:
        with pytest.raises(leases.LeaseLost), transaction.atomic():
            act(lost)
    assert lost.lost.is_set()
    assert Lease.objects.filter(pk=subject).exists()


def test_the_holder_confirms_and_finishes(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    with transaction.atomic():
        leases.confirm(held)
        leases.finish(held)
    assert not Lease.objects.exists()


def test_a_result_that_is_rolled_back_leaves_the_lease(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    with transaction.atomic():
        leases.finish(held)
        transaction.set_rollback(True)
    assert leases.renew(held)


def test_while_the_holder_commits_nobody_takes_over(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    expire(subject)
    with transaction.atomic():
        leases.confirm(held)
        taker = ThreadPoolExecutor(1).submit(in_threads, 1, lambda: leases.claim(subject))
        leases.finish(held)
    assert taker.result(timeout=10) == [None]


def test_withdrawn_work_is_nobodys(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    leases.withdraw(subject)
    assert not leases.renew(held)
    assert leases.claim(subject) is None


def test_deferred_work_waits_for_its_time(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    leases.defer(held, timedelta(hours=1))
    assert leases.claim(subject) is None
    assert leases.sweep() == 0
    Lease.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    assert leases.sweep() == 1
    assert leases.claim(subject)


def test_work_offered_for_later_is_not_sent_now() -> None:
    leases.offer(new_id(), TASK, organization=None, not_before=timezone.now() + timedelta(hours=1))
    assert waiting_messages() == 0
    assert leases.sweep() == 0


def test_offering_again_what_is_held_does_not_take_it_away(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    leases.offer(subject, TASK, organization=None)
    assert leases.renew(held)


def test_the_heartbeat_renews_and_notices_the_loss(subject: UUID) -> None:
    held = leases.claim(subject)
    assert held
    with leases.heartbeat(held):
        expire(subject)
        before = Lease.objects.get(pk=subject).held_until
        assert before
        while not Lease.objects.filter(pk=subject, held_until__gt=before).exists():
            assert not held.lost.wait(0.05)
        leases.withdraw(subject)
        assert held.lost.wait(settings.LEASE_HEARTBEAT_SECONDS * 3)


def test_the_sweep_sends_lost_work_once(subject: UUID) -> None:
    assert leases.claim(subject)
    assert leases.sweep() == 0
    expire(subject)
    sent = waiting_messages()
    assert leases.sweep() == 1
    assert leases.sweep() == 0
    assert waiting_messages() == sent + 1


def test_two_sweeps_at_once_send_it_once(subject: UUID) -> None:
    assert leases.claim(subject)
    expire(subject)
    assert sum(int(str(one)) for one in in_threads(4, leases.sweep)) == 1


def test_a_lost_message_is_sent_again_later_and_later(subject: UUID) -> None:
    for sendings, seconds in enumerate([10, 20, 40, 80, 80]):
        waited = timedelta(seconds=seconds)
        Lease.objects.update(sent_at=timezone.now() - waited + timedelta(seconds=3))
        assert leases.sweep() == 0, sendings
        Lease.objects.update(sent_at=timezone.now() - waited - timedelta(seconds=1))
        assert leases.sweep() == 1, sendings


def test_a_message_is_sent_when_its_transaction_commits_and_only_then() -> None:
    with transaction.atomic():
        queue.enqueue(TASK, new_id())
        assert waiting_messages() == 0
    assert waiting_messages() == 1
    with transaction.atomic():
        queue.enqueue(TASK, new_id())
        transaction.set_rollback(True)
    assert waiting_messages() == 1


@pytest.mark.parametrize("change", [{"holder": new_id()}, {"held_until": timezone.now()}], ids=["holder", "term"])
def test_the_database_refuses_half_a_holder(change: dict[str, object], subject: UUID) -> None:
    with pytest.raises(IntegrityError):
        Lease.objects.filter(pk=subject).update(**change)


def test_what_somebody_holds_is_not_begun(subject: UUID) -> None:
    begun: list[leases.Claim] = []
    leases.claim(subject)
    leases.carry_out(subject, begun.append)
    assert begun == []


def test_work_whose_row_was_erased_is_withdrawn(subject: UUID) -> None:
    def read(held: leases.Claim) -> None:
        Mail.objects.get(pk=held.subject)

    leases.carry_out(subject, read)
    assert not Lease.objects.filter(pk=subject).exists()


def test_work_that_was_lost_stays_with_whoever_has_it(subject: UUID) -> None:
    def lose(held: leases.Claim) -> None:
        expire(subject)
        assert leases.claim(subject)
        leases.finish(held)

    leases.carry_out(subject, lose)
    assert Lease.objects.get(pk=subject).holder
