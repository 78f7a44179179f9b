"""What an organization has, and what was posted about one run, as tests read it."""

from django.db import transaction

from billing.models import LedgerEntry
from billing.queries import Balance, balance
from books.models import Run
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk


def have(organization: Organization, amount: int) -> None:
    """Give it so many credits."""
    builders.give_credits(organization, amount)


def purse_of(organization: Organization) -> Balance:
    """Its balance."""
    with tenancy.declared(organization.pk), transaction.atomic():
        return balance(organization)


def entries_of(run: Run) -> list[LedgerEntry]:
    """Entries about a run, oldest first."""
    return sorted(desk.rows(LedgerEntry, run.organization, subject_id=run.pk), key=lambda entry: entry.pk)
