"""Once a day: the partitions to come are opened, the trail is verified, and its heads are signed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.jobs import heads, keeping, verifying
from audit.jobs.diagnosis import Finding
from audit.models import Entry, Severity
from audit.transitions import record
from core import tenancy
from core.ids import first_id

SAID_AGAIN = timedelta(hours=20)


def attest() -> None:
    """Verify and sign, unless today's heads are signed already. A trail that does not verify is not signed but told of.

    Beat asks every hour: a day without it, or a storage that was away, costs no signature.
    """
    keeping.open_quarters()
    today = timezone.now().date()
    if heads.taken(today):
        return
    findings = [verdict.finding for verdict in verifying.verify() if verdict.finding]
    if not findings:
        heads.sign(today)
        return
    with tenancy.system("the trail is attested"):
        for finding in findings:
            _tell(finding)


@transaction.atomic
def _tell(finding: Finding) -> None:
    """A critical entry, which staff get mail of; the same finding not again within SAID_AGAIN."""
    details = {
        "chain": str(finding.chain),
        "problem": finding.problem.value,
        "entry": str(finding.entry) if finding.entry else None,
        "sequence": finding.sequence,
        "said": finding.said,
    }
    since = first_id(timezone.now() - SAID_AGAIN)
    if not Entry.objects.filter(id__gte=since, action="trail.broken", details=details).exists():
        record("trail.broken", details=details, severity=Severity.CRITICAL)
