"""Taking the trail away."""

from django.db import transaction

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from organizations.models import Organization


@transaction.atomic
def log_export(*, organization: Organization, by: User, filters: str) -> None:
    """Write down that somebody took the activity away as a table, and what they had looked for."""
    audit.record(
        "activity.exported",
        actor=by,
        target=organization,
        personal={"filters": filters},
        severity=Severity.HIGH,
    )
