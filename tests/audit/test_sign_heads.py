"""Heads are signed each day: a history written anew, or cut off with its head, is found by them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from audit.jobs import heads, verifying
from audit.jobs.diagnosis import Finding, Problem
from audit.models import NOBODY
from tests.audit.chained import entry, finding, last, make_chain
from tests.audit.superuser import superuser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain() -> UUID:
    """Nine entries."""
    return make_chain()


def test_heads_are_signed_of_what_is_committed(chain: UUID) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        heads.sign(day := timezone.now().date())
    assert not heads.taken(day)


def test_a_whole_chain_written_anew_is_found_by_the_signed_heads(chain: UUID) -> None:
    heads.sign(day := timezone.now().date())
    assert finding(chain) is None
    end = last(chain)
    rewrite(chain)
    row = entry(chain, end)
    expected = Finding(chain, Problem.REWRITTEN, row.pk, end, row.at, row.action, f"the head signed on {day}")
    assert finding(chain) == expected


def rewrite(chain: UUID) -> None:
    """History as somebody with every right would write it: one entry changed, and all that hangs on it made anew."""
    with superuser() as db:
        db.execute("UPDATE audit_entry SET action = 'nothing' WHERE organization_id = %s AND sequence = 3", [chain])
        for place in range(3, last(chain) + 1):
            db.execute(
                "UPDATE audit_entry e SET digest = audit_digest(e), previous = (SELECT hash FROM audit_entry"
                " WHERE organization_id = e.organization_id AND sequence = e.sequence - 1)"
                " WHERE organization_id = %s AND sequence = %s", [chain, place],
            )  # fmt: skip
            db.execute(
                "UPDATE audit_entry SET hash = audit_hash(previous, sequence, digest)"
                " WHERE organization_id = %s AND sequence = %s", [chain, place],
            )  # fmt: skip
        db.execute(
            "UPDATE audit_chain SET hash = (SELECT hash FROM audit_entry WHERE organization_id = chain"
            " AND sequence = audit_chain.sequence) WHERE chain = %s", [chain],
        )  # fmt: skip


def test_without_signed_heads_a_rewritten_chain_would_pass(chain: UUID) -> None:
    # The proof that the test above found what nothing else finds.
    rewrite(chain)
    assert finding(chain) is None


def test_an_end_that_was_cut_off_with_its_head_is_found_by_the_signed_heads(chain: UUID) -> None:
    heads.sign(timezone.now().date())
    end = last(chain)
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE organization_id = %s AND sequence = %s", [chain, end])
        db.execute(
            "UPDATE audit_chain SET sequence = %s, hash = (SELECT hash FROM audit_entry WHERE organization_id = chain"
            " AND sequence = %s) WHERE chain = %s", [end - 1, end - 1, chain],
        )  # fmt: skip
    found = finding(chain)
    assert found is not None
    assert (found.problem, found.said) == (Problem.CUT_OFF, f"place {end} is missing after it")


@pytest.mark.parametrize("content", [b"{}", b"no json", b'{"date": "2026-01-01", "heads": {}, "signature": "AAAA"}'])
def test_heads_without_our_signature_are_named(content: bytes, chain: UUID) -> None:
    default_storage.save("audit/heads/2026-01-01.json", ContentFile(content))
    [found] = [verdict.finding for verdict in verifying.verify() if verdict.finding]
    assert (found.chain, found.problem, found.said) == (NOBODY, Problem.FORGED, "audit/heads/2026-01-01.json")


def test_heads_signed_with_an_older_key_still_count(chain: UUID, settings: Any) -> None:
    heads.sign(timezone.now().date() - timedelta(days=1))
    settings.AUDIT_SIGNING_KEYS = ["b25seS1mb3ItdGhpcy10ZXN0LTAxMjM0NTY3ODktYWI=", *settings.AUDIT_SIGNING_KEYS]
    assert finding(chain) is None
    settings.AUDIT_SIGNING_KEYS = settings.AUDIT_SIGNING_KEYS[:1]
    assert "heads without our signature" in str(
        next(verdict.finding for verdict in verifying.verify() if verdict.finding)
    )
