"""The one writer of the trail, called by every action, transition and job inside its own transaction."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from audit.models import Alert, Entry, Severity
from core import origin, tenancy


def record(
    action: str,
    *,
    actor: Any = None,
    target: Model | None = None,
    organization: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    personal: Mapping[str, Any] | None = None,
    severity: Severity = Severity.LOW,
) -> None:
    """Write one entry: `noun.verb`, who (None is the system itself), on what, for the declared organization.

    `details` and `changes` ({field: (before, after)}) hold JSON values only, never secrets, long texts, or what names
    a person: that goes into `personal`, which is erased with them. The request tells where the act came from.
    """
    signed_in = actor if getattr(actor, "pk", None) else None
    came_from = origin.current()
    entry = Entry.objects.create(
        action=action,
        severity=severity,
        actor_id=signed_in.pk if signed_in else None,
        actor_label=str(signed_in) if signed_in else "",
        real_actor_id=came_from.real_actor_id,
        real_actor_label=came_from.real_actor_label,
        organization_id=organization or tenancy.current(),
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        details=dict(details or {}),
        changes={field: list(pair) for field, pair in (changes or {}).items()},
        personal=dict(personal or {}),
        address=came_from.address,
        user_agent=came_from.user_agent,
        request_id=came_from.request_id,
    )
    if severity == Severity.CRITICAL:
        Alert.objects.create(entry_id=entry.pk, action=action)


def record_system(reason: str, actor: Any) -> None:
    """Write down that somebody or something worked across organizations, and why."""
    record("system.entered", actor=actor, details={"reason": reason})
