"""What a posting costs in a ledger of a thousand entries, and in one of a million."""

from collections.abc import Callable, Iterator
from statistics import median
from typing import TYPE_CHECKING

from django.db import transaction

from tests.benchmarks.audit import sudo
from tests.benchmarks.clock import in_turns
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from organizations.models import Organization

FEW, MANY = 1_000, 1_000_000
ROUNDS = 60
# Old entries as a year of runs leaves them: each takes one credit out of what was held, and its lot is spent.
PLANTED = """
SET session_replication_role = replica;
INSERT INTO billing_ledgerentry
    (id, created_at, updated_at, organization_id, kind, reference, subject_type, subject_id, reason)
SELECT md5(%(key)s || n)::uuid, now(), now(), %(organization)s, 'settle', %(key)s || n, 'run',
    md5(%(key)s || 'run' || n / 4)::uuid, ''
FROM generate_series(1, %(count)s) n;
INSERT INTO billing_creditlot
    (id, created_at, updated_at, organization_id, entry_id, granted, available, reserved, withdrawn)
SELECT md5(%(key)s || 'lot' || n)::uuid, now(), now(), %(organization)s, md5(%(key)s || n)::uuid, 100, 0, 0, 0
FROM generate_series(1, %(count)s, 100) n;
INSERT INTO billing_ledgerline
    (id, created_at, updated_at, organization_id, entry_id, account, unit, amount, lot_id)
SELECT md5(%(key)s || side || n)::uuid, now(), now(), %(organization)s, md5(%(key)s || n)::uuid, side, 'credit',
    CASE side WHEN 'spent' THEN 1 ELSE -1 END, NULL
FROM generate_series(1, %(count)s) n, unnest(ARRAY['spent', 'reserved']) side;
SET session_replication_role = DEFAULT;
"""


def benchmark(site: Site) -> Iterator[Row]:
    """The median time of a run's three postings in a ledger of a million entries ÷ in one of a thousand."""
    few, many = planted(site, FEW), planted(site, MANY)
    site.analyze()
    small, large = (median(times) for times in in_turns(run_in(few), run_in(many), rounds=ROUNDS))
    sides = f"{large:.2f} ÷ {small:.2f} ms, reserve, settle and release of one run"
    yield Row("posting at 1 000 000 ÷ 1 000 entries", f"{large / small:.2f}", "≤ 1.20", sides)


def planted(site: Site, count: int) -> "Organization":
    """An organization with so many old entries, and enough credits."""
    from tests import builders

    organization = builders.make_organization()
    with sudo(site) as db:
        for statement in PLANTED.strip().split(";\n"):
            db.execute(
                statement.rstrip(";"), {"key": f"{organization.pk}:", "organization": organization.pk, "count": count}
            )
    return organization


def run_in(organization: "Organization") -> Callable[[], None]:
    """All that is posted about one run, each posting in a transaction of its own."""
    from billing.actions import credits as credit_actions
    from billing.models import Act
    from billing.queries import Delivery
    from core import tenancy
    from core.ids import new_id

    def post() -> None:
        run_id = new_id()
        with tenancy.declared(organization.pk):
            with transaction.atomic():
                credit_actions.reserve(organization=organization, run_id=run_id, amount=10, by=None)
            with transaction.atomic():
                delivered = [Delivery(Act.WORDS, 6_000, 6)]
                credit_actions.settle(organization=organization, run_id=run_id, delivered=delivered)

    return post
