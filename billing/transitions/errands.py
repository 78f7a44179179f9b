"""What is to be asked of a provider: written down and put on offer in the transaction that wants it."""

from typing import Any
from uuid import UUID

from accounts.models import User
from billing.models import Errand, ErrandKind, ErrandState
from core import leases
from organizations.models import Organization

TASK = "billing.tasks.run_errand"


def offer(
    organization: Organization,
    kind: ErrandKind,
    *,
    provider: str,
    subject_id: UUID | None = None,
    by: User | None = None,
    arguments: dict[str, Any] | None = None,
) -> Errand:
    """An errand for the workers; an equal one that waits already is the same. The caller holds the subject's lock."""
    asked = {"kind": kind, "provider": provider, "subject_id": subject_id, "arguments": arguments or {}}
    waiting = Errand.objects.of(organization).filter(state=ErrandState.WAITING, **asked).first()
    if waiting:
        return waiting
    errand = Errand.objects.create(organization=organization, by=by, **asked)
    leases.offer(errand.pk, TASK, organization=organization.pk)
    return errand
