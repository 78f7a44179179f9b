"""An order on a text that stands survives the death of its worker: no part is paid twice, nothing is made twice."""

import pytest

from tests.faults.conftest import is_full
from tests.faults.site import Site

pytestmark = pytest.mark.xdist_group("faults")
PLACES = [(1, 5), (2, None), (2, 30)] if is_full() else [(2, 5)]  # the call that is cut, after how many tokens


def assert_paid_once(site: Site, run: str) -> None:
    """Requests ≤ distinct hashes + the one kill, and each hash has one answer in the journal."""
    calls = site.model.control.calls()
    distinct = {call["digest"] for call in calls}
    assert len(distinct) > 1
    assert len(calls) <= len(distinct) + 1
    journal = site.rows(
        "SELECT input_hash, count(*) FILTER (WHERE state = 'answered') FROM books_languagemodelcall WHERE run_id = %s"
        " GROUP BY input_hash",
        run,
    )
    assert [count for _hash, count in journal] == [1] * len(distinct)


def killed(site: Site, kind: str, nth: int, after: int | None) -> str:
    """An order whose worker is killed inside that call, and which another one completes."""
    site.model.control.fault("hold", nth=nth, after=after)
    run = site.run("-m", "tests.faults.order", kind)
    site.model.control.wait_for_waiting(1, seconds=30)
    site.kill("writer")
    site.model.control.release()
    site.start_writer()
    site.wait_completed(run)
    return run


@pytest.mark.parametrize(("nth", "after"), PLACES)
def test_a_review_whose_worker_is_killed_makes_each_suggestion_once(site: Site, nth: int, after: int | None) -> None:
    run = killed(site, "review", nth, after)
    assert_paid_once(site, run)
    ((made, dropped),) = site.rows("SELECT made, dropped FROM books_review WHERE run_id = %s", run)
    places = site.rows("SELECT start, quote, proposal FROM books_suggestion WHERE run_id = %s", run)
    assert (len(places), dropped) == (made, 0)
    assert len(set(places)) == made > 3


@pytest.mark.parametrize(("nth", "after"), PLACES)
def test_a_rewrite_whose_worker_is_killed_pays_no_part_twice(site: Site, nth: int, after: int | None) -> None:
    run = killed(site, "rewrite", nth, after)
    assert_paid_once(site, run)
    ((text,),) = site.rows("SELECT markdown FROM books_rewrite WHERE run_id = %s", run)
    assert text
