"""A sync of the price list with one account of a payment provider, as work on offer."""

from datetime import datetime
from uuid import UUID, uuid5

from billing.providers.base import PaymentProvider
from core import leases

TASK = "billing.tasks.sync_catalogue"
_NAMES = UUID("0f6f6a2e-2d0e-4c57-9a0a-5f0f9a7b6c11")  # of these leases alone


def lease_of(provider: PaymentProvider) -> UUID:
    """What the lease of an account's sync is called: one at a time."""
    return uuid5(_NAMES, f"{provider.name}\n{provider.account}\n{provider.livemode}")


def offer(provider: PaymentProvider, *, not_before: datetime | None = None) -> UUID:
    """Put it on offer; its lease. With `not_before` no worker is told at once."""
    lease = lease_of(provider)
    leases.offer(lease, TASK, organization=None, not_before=not_before)
    return lease
