"""Bodies of events name people: they go with who they name, and after 90 days in any case."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from billing.models import Customer, ProviderEvent, ProviderEventBody
from core import tenancy

KEPT = timedelta(days=90)
AT_ONCE = 1000


def bodies_of(organization_ids: Collection[UUID]) -> bool:
    """Erase bodies of events about these organizations, applied or not; whether more are left."""
    customers = Customer.objects.filter(organization_id__in=organization_ids).values("provider_id")
    theirs = Q(organization_id__in=organization_ids) | Q(customer_id__in=customers)
    events = ProviderEvent.objects.filter(theirs)
    ids = list(events.values_list("pk", flat=True))
    return _erase(ids) if ids else False


def old_bodies(now: datetime) -> None:
    """Erase what is older than KEPT."""
    with tenancy.system("old bodies of provider events are erased"):
        ProviderEventBody.objects.filter(created_at__lt=now - KEPT).delete()


def _erase(ids: list[UUID]) -> bool:
    with tenancy.system("bodies of provider events are erased with whom they name"):
        due = list(ProviderEventBody.objects.filter(pk__in=ids).values_list("pk", flat=True)[: AT_ONCE + 1])
        ProviderEventBody.objects.filter(pk__in=due[:AT_ONCE]).delete()
    return len(due) > AT_ONCE
