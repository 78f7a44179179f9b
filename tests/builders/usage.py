"""What was delivered, and the credits it was paid with."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from billing.models import Act, EntryKind, UsageRecord
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import tenancy
from core.ids import first_id, new_id
from organizations.models import Organization

RANDOM = (1 << 62) - 1  # the part of a key that says nothing of its time


@transaction.atomic
def make_usage(
    organization: Organization, at: datetime | None = None, act: Act = Act.WORDS, **overrides: Any
) -> UsageRecord:
    """Nine hundred words for a credit, delivered at that moment: the row's key is of then, too."""
    moment = at or timezone.now()
    key = UUID(int=first_id(moment).int | (new_id().int & RANDOM))
    fields = {"id": key, "subject_id": new_id(), "units": 900, "credits": 1, "cost_micros": 50}
    with tenancy.declared(organization.pk):
        made = UsageRecord.objects.create(organization=organization, act=act, **(fields | overrides))
        UsageRecord.objects.of(organization).filter(pk=made.pk).update(created_at=moment)
        made.refresh_from_db()
    return made


@transaction.atomic
def give_month(organization: Organization, amount: int, *, days_left: int = 20) -> None:
    """The credits that a plan brings for the running month."""
    with tenancy.declared(organization.pk):
        posting = Posting(EntryKind.SUBSCRIPTION, f"month:{new_id()}")
        end = timezone.now() + timedelta(days=days_left)
        ledger.grant(ledger.lock(organization), posting, amount, expires_at=end)


@transaction.atomic
def spend(organization: Organization, amount: int) -> None:
    """A run that delivered so much, and its record."""
    run = new_id()
    with tenancy.declared(organization.pk):
        account = ledger.lock(organization)
        ledger.hold(account, Posting(EntryKind.RESERVE, f"run:{run}:reserve", ("run", run)), amount)
        ledger.settle(account, Posting(EntryKind.SETTLE, f"run:{run}:settle", ("run", run)), amount)
    make_usage(organization, credits=amount)
