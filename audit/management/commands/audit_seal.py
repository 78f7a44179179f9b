"""Retention of the trail: what is old goes to storage, sealed and signed."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from audit.jobs import sealing, verifying
from core.postgres.roles import use_owner


class Command(BaseCommand):
    """As the owner role, over DATABASE_OWNER_URL: nobody else may take anything from the trail."""

    help = "Seal every partition of the trail that is wholly older than AUDIT_RETENTION_MONTHS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", metavar="DATE", type=date.fromisoformat, help="older than this day instead")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.now().date()
        before: date = options["before"] or months_before(today, settings.AUDIT_RETENTION_MONTHS)
        if before > today:
            raise CommandError("What is still to come cannot be sealed.")
        if bad := [str(verdict.finding) for verdict in verifying.verify() if verdict.finding]:
            raise CommandError("The trail does not verify, nothing is sealed: " + "; ".join(bad))
        use_owner(connection, settings.DATABASE_OWNER_URL)
        try:
            for partition in sealing.old_partitions(datetime.combine(before, datetime.min.time(), UTC)):
                self.stdout.write(f"{partition}: {sealing.seal(partition)} entries sealed")
        except sealing.CannotSeal as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The trail is busy, run again: {error}") from None


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)
