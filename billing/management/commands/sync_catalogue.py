"""`manage.py sync_catalogue`: the price list as the payment provider should have it.

Exit status: 0 when nothing is left to do, 2 when a dry run found differences or the provider refused some, 1 when it
could not be asked, another sync is running, or nobody said yes.
"""

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from billing.jobs import catalogue
from billing.jobs.catalogue import Difference
from billing.providers.base import PaymentProvider, ProviderError
from billing.providers.registry import providers
from billing.transitions import mirroring
from core import leases

FOUND = 2


class Command(BaseCommand):
    """Mirror products and prices to a payment provider; may be repeated, and killed, at any time."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", default="stripe", help="which provider; stripe unless told otherwise")
        parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")
        parser.add_argument("--yes", action="store_true", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = providers().get(options["provider"])
        if provider is None:
            raise CommandError(f"The site is not connected to {options['provider']}: set its key first.")
        try:
            found = catalogue.differences(provider)
            mode = "live" if provider.livemode else "test"
            self.stdout.write(f"{provider.name}, {mode} mode: {self._counted(found)}")
            self._draw(found)
            if options["dry_run"]:
                sys.exit(FOUND if found else 0)
            if found and self._agreed(options["yes"]):
                self._sync(provider)
        except ProviderError as error:
            raise CommandError(f"{provider.name}: {error}. What was done stays; run this again.") from error

    def _counted(self, found: list[Difference]) -> str:
        return f"{len(found)} to do" if found else "everything stands as it should"

    def _draw(self, found: list[Difference]) -> None:
        """A line for each step."""
        rows = [(one.move.value, one.lookup_key, one.amount, one.there.id if one.there else "") for one in found]
        widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def _agreed(self, yes: bool) -> bool:
        """Whether somebody wants it: without a terminal only --yes says so."""
        if yes:
            return True
        if not sys.stdin.isatty():
            raise CommandError("Nothing was done: say --yes where nobody can be asked.")
        if input("Do this? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was done.")
        return True

    def _sync(self, provider: PaymentProvider) -> None:
        """Under the lease that a worker's sync takes too; should this process die, a worker goes on."""
        due = timezone.now() - timedelta(hours=1)  # by any clock
        with transaction.atomic():
            lease = mirroring.offer(provider, not_before=due)
        held = leases.claim(lease)
        if held is None:
            raise CommandError("Another sync is running: look again when it is done.")
        try:
            with leases.heartbeat(held):
                done = catalogue.sync(provider, held)
            leases.finish(held)
        except leases.LeaseLost as error:
            raise CommandError("Another sync has taken over: look again when it is done.") from error
        except ProviderError:
            leases.withdraw(lease)
            raise
        left = catalogue.differences(provider)
        self.stdout.write(f"{len(done)} done, {len(left)} left")
        if left:
            self._draw(left)
            sys.exit(FOUND)
