"""Looking again at what is not settled: put on offer, done by a worker (billing.jobs.looking)."""

from uuid import UUID

from core import leases

TASK = "billing.tasks.look_again"


def look_again(organization_id: UUID, subject_id: UUID) -> None:
    """A purchase, a subscription, a refund or a dispute is to be read at its provider and settled."""
    leases.offer(subject_id, TASK, organization=organization_id)
