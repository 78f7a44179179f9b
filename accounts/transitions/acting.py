"""The end of staff acting as a person: written down, and told to the person."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Impersonation
from audit import actions as audit
from audit.models import Severity
from core import mail, origin

TASK = "accounts.tasks.end_acting"


def end(held: Impersonation, *, why: str) -> None:
    """End it once; what ran out of time ended when its time was over."""
    if held.ended_at is not None:
        return
    held.ended_at = min(timezone.now(), held.ends_at)
    held.save(update_fields=["ended_at", "updated_at"])
    with origin.acting(held.staff.pk, str(held.staff)):
        audit.record(
            "person.acting_ended", actor=held.staff, target=held.person, severity=Severity.CRITICAL,
            details={"why": why, "minutes": _minutes(held)},
        )  # fmt: skip
    with override(held.person.language):
        facts = {"name": held.person.name, "held": held, "minutes": _minutes(held)}
        mail.write("acted", facts | {"site": settings.SITE_URL}, to=held.person.email)


def _minutes(held: Impersonation) -> int:
    """As told to people: the first minute counts whole."""
    assert held.ended_at is not None  # noqa: S101  # narrows the type
    return max(1, round((held.ended_at - held.created_at).total_seconds() / 60))
