"""Every metered act once: what a run delivered, written down when it is settled."""

from collections.abc import Iterable
from uuid import UUID

from billing.models import UsageRecord
from billing.queries.credits import Delivery
from organizations.models import Organization


def keep(
    organization: Organization,
    subject_id: UUID,
    delivered: Iterable[Delivery],
    *,
    book_id: UUID | None,
    person_id: UUID | None,
) -> None:
    """Write these acts of a subject, over what stood of them before: it may have gone on after it was settled."""
    UsageRecord.objects.bulk_create(
        [
            UsageRecord(
                organization=organization,
                act=one.act,
                subject_id=subject_id,
                book_id=book_id,
                person_id=person_id,
                units=one.units,
                credits=one.credits,
                cost_micros=one.cost_micros,
            )
            for one in delivered
            if one.units or one.credits or one.cost_micros
        ],
        update_conflicts=True,
        unique_fields=["subject_id", "act"],
        update_fields=["units", "credits", "cost_micros", "updated_at"],
    )
