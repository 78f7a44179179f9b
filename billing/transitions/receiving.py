"""The one way an event is stored: its envelope, its body and its lease together, each once."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from audit import actions as audit
from audit.models import Severity
from billing.models import EventState, ProviderEvent
from billing.providers.base import EventSeen, PaymentProvider
from core import leases, rate_limits
from core.errors import DomainError

TASK = "billing.tasks.apply_event"
DOOR = "forged_delivery"
# Both rows in one statement and without Django's compiler: half the time of receipt, while a provider waits that has
# much to tell. The second to come passes silently, whichever of the keys it meets.
STORE = """
WITH body AS (
    INSERT INTO billing_providereventbody (id, created_at, updated_at, body, headers)
    SELECT %(pk)s, now(), now(), %(body)s, %(headers)s::jsonb WHERE %(is_kept)s
    ON CONFLICT DO NOTHING
)
INSERT INTO billing_providerevent (
    id, created_at, updated_at, provider, account, livemode, event_id, type, object_type, object_id, customer_id,
    api_version, happened_at, state, code, problem, attempts
) VALUES (
    %(pk)s, now(), now(), %(provider)s, %(account)s, %(livemode)s, %(id)s, %(type)s, %(object_type)s, %(object_id)s,
    %(customer_id)s, %(api_version)s, %(happened_at)s, %(state)s, %(code)s, '', 0
) ON CONFLICT DO NOTHING
"""


@transaction.atomic(savepoint=False)
def receive(
    provider: PaymentProvider, seen: EventSeen, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> None:
    """Store an event and put it on offer; one that is known already changes nothing.

    No row is read on the way: the keys are made of the provider's, and PostgreSQL lets the second of them pass. A
    worker that takes up what was applied long ago sees it, and ends. Of another account or mode: stored, never applied.
    """
    event = ProviderEvent(id=ProviderEvent.key(provider.name, seen.account, seen.livemode, seen.id))
    code = objection(provider, account=seen.account, livemode=seen.livemode)
    if code:
        _tell_refused(event, seen, code)
    row: dict[str, Any] = vars(seen) | {
        "pk": event.pk,
        "provider": provider.name,
        "state": EventState.REFUSED if code else EventState.RECEIVED,
        "code": code,
        "body": body,
        "headers": json.dumps(dict(headers or {})),
        "is_kept": bool(body),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, row)
    if not code:
        # The sweep sends it, within two seconds: receipt does not wait for our broker too.
        leases.offer(event.pk, TASK, organization=None, hint=False)


@transaction.atomic
def refuse(provider: str, why: str) -> None:
    """Nothing is stored of a delivery that does not prove where it comes from; the trail says that it came.

    Of one that comes again and again from one address the first of each minute are written down: whoever forges them
    shall not fill the trail too. All of them are counted, like every answer.
    """
    try:
        rate_limits.hit(DOOR)
    except DomainError:
        return
    audit.record("delivery.refused", details={"provider": provider, "why": why}, severity=Severity.HIGH)


def objection(provider: PaymentProvider, *, account: str, livemode: bool) -> str:
    """Why an event cannot be ours at all: a code, or nothing."""
    if livemode != provider.livemode:
        return "other_mode"
    return "other_account" if account != provider.account else ""


def _tell_refused(event: ProviderEvent, seen: EventSeen, code: str) -> None:
    if not ProviderEvent.objects.filter(pk=event.pk).exists():
        details = {"type": seen.type, "event": seen.id, "code": code}
        audit.record("event.refused", target=event, details=details, severity=Severity.HIGH)
