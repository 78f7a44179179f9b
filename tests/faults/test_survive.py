"""A run survives the death of its worker, of Valkey and of PostgreSQL, and pays nothing twice (rulings 16, 17)."""

import time
from collections import Counter

import pytest

from tests.faults.conftest import is_full
from tests.faults.site import Site, wait_for

CHAPTERS, WORDS = 2, 240  # with 120 words a section: outline, 2 × 2 sections, blurb
CALLS = 1 + CHAPTERS * 2 + 1
INSIDE = range(1, CALLS + 1) if is_full() else [1, 4]
BOUNDARIES = range(1, CALLS) if is_full() else [1, 3, 5]

pytestmark = pytest.mark.xdist_group("faults")


def assert_paid_once(site: Site, run: str, kills: int) -> None:
    """Ruling 17 by the fake's counter: requests ≤ distinct hashes + kills before a commit."""
    calls = site.model.control.calls()
    distinct = {call["digest"] for call in calls}
    assert len(calls) <= len(distinct) + kills, Counter(call["digest"][:8] for call in calls)
    journal = site.rows(
        "SELECT input_hash, count(*) FILTER (WHERE state = 'answered'),"
        " min(updated_at) FILTER (WHERE state = 'answered'), max(created_at)"
        " FROM books_languagemodelcall WHERE run_id = %s GROUP BY input_hash",
        run,
    )
    assert len(journal) == len(distinct) == CALLS
    for input_hash, answered, committed_at, last_asked_at in journal:
        assert answered == 1, input_hash
        assert last_asked_at <= committed_at, f"{input_hash} was asked again after its answer was committed"
    uncertain = site.rows("SELECT count(*) FROM books_languagemodelcall WHERE run_id = %s AND state = 'uncertain'", run)
    assert uncertain[0][0] <= kills * 4  # a kill leaves at most one uncertain call a writing thread


@pytest.fixture(scope="session")
def undisturbed(shared_site: Site) -> list[tuple[object, ...]]:
    """The text of the same book written in peace."""
    run = shared_site.begin("Bees in peace", CHAPTERS, WORDS)
    shared_site.wait_completed(run)
    return shared_site.text(run)


def test_a_worker_killed_inside_calls_loses_and_repays_nothing_committed(
    undisturbed: list[tuple[object, ...]], site: Site
) -> None:
    for nth in INSIDE:
        site.model.control.reset()
        site.model.control.fault("hold", nth=nth, after=20)
        run = site.begin("Bees in peace", CHAPTERS, WORDS)
        site.model.control.wait_for_waiting(1, seconds=30)
        site.kill("writer")
        site.model.control.release()
        site.start_writer()
        site.wait_completed(run)
        assert_paid_once(site, run, kills=2)  # two chapters are side by side: one kill can cut two calls
        assert site.text(run) == undisturbed


def test_a_worker_killed_at_step_boundaries_loses_and_repays_nothing(
    undisturbed: list[tuple[object, ...]], site: Site
) -> None:
    site.model.control.latency(first_byte_ms=150, token_ms=0)
    run = site.begin("Bees in peace", CHAPTERS, WORDS)
    for boundary in BOUNDARIES:
        wait_for(lambda least=boundary: site.answered(run) >= least, 60)  # type: ignore[misc]  # bound in the lambda
        site.kill("writer")
        site.start_writer()
    site.wait_completed(run)
    assert_paid_once(site, run, kills=2 * len(BOUNDARIES))
    assert site.text(run) == undisturbed


def test_a_lost_workers_step_is_taken_up_within_15_seconds(site: Site) -> None:
    site.model.control.fault("hold", nth=1)
    run = site.begin("Bees taken up", 1, 240)
    site.model.control.wait_for_waiting(1, seconds=30)
    site.start_writer("second")
    try:
        site.kill("writer")
        killed_at = time.time()
        wait_for(lambda: len(site.model.control.calls()) >= 2, 20)
        assert site.model.control.calls()[1]["started_at"] - killed_at <= 15
        site.model.control.release()
        site.wait_completed(run)
    finally:
        site.kill("second")


def test_a_run_survives_valkey_restarting_empty(undisturbed: list[tuple[object, ...]], site: Site) -> None:
    site.model.control.fault("hold", nth=2, after=5)
    run = site.begin("Bees in peace", CHAPTERS, WORDS)
    site.model.control.wait_for_waiting(1, seconds=30)
    site.stack.kill("valkey")
    site.model.control.release()
    site.stack.restart("valkey")
    site.wait_completed(run)
    assert_paid_once(site, run, kills=0)
    assert site.text(run) == undisturbed


def test_a_run_survives_postgresql_restarting_inside_a_call(undisturbed: list[tuple[object, ...]], site: Site) -> None:
    site.model.control.fault("hold", nth=2, after=5)
    run = site.begin("Bees in peace", CHAPTERS, WORDS)
    site.model.control.wait_for_waiting(1, seconds=30)
    site.stack.kill("database")
    site.model.control.release()
    site.stack.restart("database")
    site.wait_completed(run)
    assert_paid_once(site, run, kills=0)
    assert site.text(run) == undisturbed
