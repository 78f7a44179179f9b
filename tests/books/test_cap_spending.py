"""Spending caps: nothing is asked that a cap has no room for, people are told in time, and nothing is paid twice."""

from collections.abc import Callable
from datetime import date
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from books.actions import spending as spending_actions
from books.models import CallState, CapScope, Run, RunState, SpendingWarning, StepKind, StepState
from books.queries import caps
from books.transitions import spending
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.money import two_tiers
from tests.conftest import perform_due

Perform = Callable[[], int]


@pytest.fixture
def routed(language_model: Any, settings: Any) -> Any:
    """The scripted server behind a cheap and a dear name."""
    settings.MODEL_ROUTES = two_tiers(language_model)
    return language_model


def cap(organization: Organization, by: User, **micros: int | None) -> None:
    """Set the organization's caps; those not named are none."""
    none: dict[str, int | None] = dict.fromkeys(("run_micros", "month_micros", "total_micros"))
    with tenancy.declared(organization.pk):
        spending_actions.set_caps(organization=organization, by=by, **(none | micros))


def asked(fake: Any) -> int:
    """Requests that arrived."""
    return len(fake.control.calls())


def paid(run: Run) -> int:
    """What the run's answered calls cost."""
    return sum(call.cost_micros or 0 for call in desk.calls_of(run))


@pytest.mark.django_db
def test_a_call_that_no_cap_has_room_for_never_leaves(
    author: Client, organization: Organization, owner: User, routed: Any, run_queue: Perform
) -> None:
    cap(organization, owner, month_micros=10)
    run = desk.begin(author)
    run_queue()
    run = desk.again(run)
    assert (run.state, run.resume_state) == (RunState.PAUSED, RunState.OUTLINING)
    assert asked(routed) == 0
    assert desk.calls_of(run) == []
    assert "for this month" in run.problem
    assert "Spending" in run.problem
    assert desk.step_of(run, StepKind.OUTLINE).state == StepState.OPEN
    assert desk.offers() == []
    assert {"run.paused", "run.capped"} <= set(desk.trail(run))
    assert sorted(one.to[0] for one in mail.outbox) == sorted([owner.email, run.started_by.email])


@pytest.mark.django_db
def test_resuming_is_refused_while_the_cap_binds_and_goes_on_when_it_is_raised(
    author: Client, organization: Organization, owner: User, routed: Any, run_queue: Perform
) -> None:
    run = desk.begin(author, approves_itself="on")
    cap(organization, owner, run_micros=23_000)
    run_queue()
    run = desk.again(run)
    assert run.state == RunState.PAUSED
    before = asked(routed)
    assert before > 0
    assert desk.act(author, run, "resume") == 422
    assert desk.again(run).state == RunState.PAUSED
    with tenancy.declared(organization.pk):
        spending_actions.set_run_cap(run=run, by=owner, cap_micros=10_000_000)
    assert desk.act(author, run, "resume") == 302
    run_queue()
    run = desk.again(run)
    assert run.state == RunState.COMPLETED
    assert run.needed_micros is None
    calls = desk.calls_of(run)
    assert {call.state for call in calls} == {CallState.ANSWERED}
    assert asked(routed) == len(calls) == len({call.input_hash for call in calls})


@pytest.mark.django_db
def test_people_are_warned_once_for_each_cap_and_amount(
    author: Client, organization: Organization, owner: User, editor: User, routed: Any, run_queue: Perform
) -> None:
    measured = desk.begin(author, chapter_count=4, approves_itself="on")
    run_queue()
    cap(organization, owner, total_micros=2 * paid(measured) * 100 // 82)
    mail.outbox.clear()
    run = desk.begin(author, chapter_count=4, approves_itself="on")
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    (row,) = desk.rows(SpendingWarning, organization)
    assert (row.scope, row.percent, row.run, row.month) == (CapScope.TOTAL, 80, None, None)
    assert desk.trail(run).count("spending.warned") == 1
    told = [one.to[0] for one in mail.outbox if "cap" in one.subject]
    assert sorted(told) == sorted([owner.email, editor.email])
    spent = paid(measured) + paid(run)
    with tenancy.declared(organization.pk):
        for percent in (85, 97, 97, 85):
            cap(organization, owner, total_micros=spent * 100 // percent)
            spending.warn(desk.again(run))
    assert sorted(row.percent for row in desk.rows(SpendingWarning, organization)) == [80, 80, 95]


@pytest.mark.django_db(transaction=True)
def test_chapters_side_by_side_never_take_the_same_last_room(
    author: Client, organization: Organization, owner: User, routed: Any, run_queue: Perform
) -> None:
    run = desk.begin(author, chapter_count=4)
    run_queue()
    assert desk.approve(author, run) == 302
    before = asked(routed)
    routed.control.fault("hold", purpose="section", after=5, times=2)
    workers = [Thread(target=work, args=(organization,)) for _number in range(4)]
    workers[0].start()
    routed.control.wait_for_waiting(1)
    worst = max(call.reserved_micros for call in desk.calls_of(run))
    cap(organization, owner, month_micros=paid(run) + 2 * worst + worst // 2)
    for worker in workers[1:]:
        worker.start()
    routed.control.wait_for_waiting(2)
    deadline = monotonic() + 20
    while desk.again(run).state != RunState.PAUSED and monotonic() < deadline:
        sleep(0.02)
    assert desk.again(run).state == RunState.PAUSED
    assert asked(routed) - before == 2
    routed.control.release()
    for worker in workers:
        worker.join(20)
    assert asked(routed) - before == 2
    cap(organization, owner, month_micros=10_000_000)
    assert desk.act(author, run, "resume") == 302
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    calls = desk.calls_of(run)
    assert asked(routed) == len(calls) == len({call.input_hash for call in calls})


@pytest.mark.django_db
def test_a_call_that_nobody_knows_of_counts_at_its_reserve(
    author: Client, organization: Organization, owner: User, routed: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    run_queue()
    run = desk.again(run)
    step = desk.step_of(run, StepKind.OUTLINE)
    builders.make_call(step, state=CallState.UNCERTAIN, reserved_micros=5_000)
    builders.make_call(step, state=CallState.STOPPED, reserved_micros=700)
    cap(organization, owner, run_micros=1_000_000)
    with tenancy.declared(organization.pk), transaction.atomic():
        (reach,) = caps.reached(run, caps.of_run(run))
    assert reach.spent == paid(run) + 5_700


@pytest.mark.django_db
def test_last_months_calls_are_not_this_months(
    author: Client, organization: Organization, owner: User, routed: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    run_queue()
    run = desk.again(run)
    old = caps.since(date(2020, 1, 1))
    builders.make_call(desk.step_of(run, StepKind.OUTLINE), id=old, cost_micros=9_000_000, state=CallState.ANSWERED)
    cap(organization, owner, month_micros=1_000_000, total_micros=20_000_000)
    with tenancy.declared(organization.pk), transaction.atomic():
        month, total = caps.reached(run, caps.of_run(run))
    assert total.spent - month.spent == 9_000_000


@pytest.mark.django_db
def test_without_caps_a_call_needs_one_query_more(
    author: Client, organization: Organization, routed: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    with tenancy.declared(organization.pk), transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert spending.reserve(run, 10) is False
    assert len([one for one in queries if "SELECT" in one["sql"] and "set_config" not in one["sql"]]) == 1


def work(organization: Organization) -> None:
    """A worker in a thread of its own."""
    try:
        with tenancy.declared(organization.pk):
            perform_due()
    finally:
        connection.close()


@pytest.mark.django_db
def test_an_answer_that_broke_off_counts_at_its_reserve(author: Client, routed: Any, run_queue: Perform) -> None:
    routed.control.fault("cut", purpose="outline", after=3)
    run = desk.begin(author)
    run_queue()
    (call,) = desk.calls_of(run)
    assert (call.state, call.problem_code) == (CallState.FAILED, "cut_short")
    assert call.reserved_micros > 0
