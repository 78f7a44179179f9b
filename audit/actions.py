"""The one writer of the trail, called by every action inside its own transaction."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model

from audit.models import Entry
from core import tenancy


def record(
    action: str,
    *,
    actor: Any = None,
    target: Model | None = None,
    organization: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry: `noun.verb`, who (None is the system itself), on what, for the declared organization.

    `details` holds JSON values only, never secrets or long texts.
    """
    signed_in = actor if getattr(actor, "pk", None) else None
    Entry.objects.create(
        action=action,
        actor_id=signed_in.pk if signed_in else None,
        actor_label=str(signed_in) if signed_in else "",
        organization_id=organization or tenancy.current(),
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        details=dict(details or {}),
    )


def record_system(reason: str, actor: Any) -> None:
    """Write down that somebody or something worked across organizations, and why."""
    record("system.entered", actor=actor, details={"reason": reason})
