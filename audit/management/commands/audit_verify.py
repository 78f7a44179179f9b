"""Whether the trail is as it was written; names the first bad entry of each chain."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError

from audit.jobs import archives, verifying
from audit.models import NOBODY


class Command(BaseCommand):
    """A line for each chain; ends with 1 when one of them is not whole."""

    help = "Verify the trail: digests, chains, signed heads; with --archives what was sealed away too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="its chain alone")
        parser.add_argument("--archives", action="store_true", help="read and verify the sealed archives too")

    def handle(self, *args: Any, **options: Any) -> None:
        only = organization(options["organization"]) if options["organization"] else None
        bad = 0
        for verdict in verifying.verify(only):
            named = "no organization" if verdict.chain == NOBODY else f"organization {verdict.chain}"
            erased = f", {verdict.forgotten} without personal fields" if verdict.forgotten else ""
            if verdict.finding is None:
                self.stdout.write(f"{named}: {verdict.entries} entries are good{erased}")
            else:
                bad += 1
                self.stdout.write(self.style.ERROR(f"{named}: {verdict.finding}"))
        if options["archives"]:
            for sealed in archives.verify():
                bad += bool(sealed.problem)
                style = self.style.ERROR if sealed.problem else str
                self.stdout.write(style(f"{sealed.archive}: {sealed.problem or f'{sealed.entries} entries are good'}"))
        if bad:
            raise CommandError(f"{bad} of them not as written.", returncode=1)


def organization(slug: str) -> UUID:
    """Its id. Organizations stand a floor above: they are asked for by name. Raises CommandError."""
    try:
        found: UUID = apps.get_model("organizations", "Organization").objects.get(slug=slug).pk
    except ObjectDoesNotExist:
        raise CommandError(f"There is no organization {slug}.") from None
    return found
