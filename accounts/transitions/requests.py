"""The moves of what people ask about their data; its lease says when the next is due (accounts.jobs.requests)."""

from datetime import datetime, timedelta

from accounts.models import DataRequest, DataRequestState, User
from audit import actions as audit
from audit.models import Severity
from core import leases

TASK = "accounts.tasks.answer_request"
KEPT = timedelta(days=7)  # how long a copy can be fetched
CONFIRMABLE = timedelta(hours=24)
# A mail on its way holds the address it goes to: what is left of an address is looked for again that much later.
LOOK_AGAIN = timedelta(minutes=1)


def offer(request: DataRequest, *, not_before: datetime | None = None) -> None:
    """Let a worker do what is due next."""
    leases.offer(request.pk, TASK, organization=None, not_before=not_before)


def move(request: DataRequest, to: DataRequestState, *, by: User | None = None, **fields: object) -> None:
    """Store the new state with these fields, and write the trail: facts alone, no address."""
    details = {"kind": request.kind, "from": request.state, "to": to}
    request.state = to
    for name, value in fields.items():
        setattr(request, name, value)
    request.save(update_fields=["state", *fields, "updated_at"])
    audit.record("data_request.moved", actor=by, target=request, details=details, severity=Severity.HIGH)


def expire_soon(request: DataRequest) -> None:
    """Nobody fetches it from now on; its file is deleted as soon as a worker is free."""
    move(request, DataRequestState.EXPIRED, token_digest="")
    offer(request)
