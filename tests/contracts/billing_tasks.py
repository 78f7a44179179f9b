"""Cases of the tasks of billing for test_tasks.py: each leaves something to do, and answers with its arguments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.actions import catalogue
from billing.models import (
    Act,
    ErrandKind,
    EventState,
    Plan,
    ProviderEvent,
    ProviderEventBody,
    ProviderWatch,
    UsageRecord,
)
from billing.transitions import errands, mirroring
from billing.transitions.looking import look_again
from core import leases, tenancy
from core.ids import new_id
from tests import builders
from tests.builders.money import make_subscription, price_of


def run_errand_case() -> list[str]:
    """Something to be asked of a provider that nobody is connected to: given up, and said so."""
    organization = builders.make_organization()
    owner = builders.make_member(organization, "owner")
    with transaction.atomic(), tenancy.declared(organization.pk):
        return [str(errands.offer(organization, ErrandKind.PORTAL, provider="stripe", by=owner).pk)]


def sync_catalogue_case() -> list[str]:
    """The price list of an account that the site is connected to no more."""
    account = new_id()
    with transaction.atomic():
        leases.offer(account, mirroring.TASK, organization=None)
    return [str(account)]


def settle_plan_case() -> list[str]:
    """A plan that allows more than who has it was told."""
    builders.make_organization()
    plan = Plan.objects.get(code="FREE")
    catalogue.edit_item(item=plan, by=builders.make_person(is_staff=True), books=77)
    return [str(plan.pk)]


def roll_up_usage_case() -> list[str]:
    """Something that was delivered."""
    organization = builders.make_organization()
    with tenancy.declared(organization.pk), transaction.atomic():
        UsageRecord.objects.create(organization=organization, act=Act.WORDS, subject_id=new_id(), units=900, credits=1)
    return []


def settle_graces_case() -> list[str]:
    """A payment that has been missing for three days."""
    organization = builders.make_organization()
    builders.make_member(organization, "owner")
    since = timezone.now() - timedelta(days=3)
    make_subscription(organization, price_of("PRO"), state="past_due", past_due_since=since, reminders=1)
    return []


def settle_months_case() -> list[str]:
    """A paid month whose credits have not come."""
    make_subscription(builders.make_organization(), price_of("PRO"))
    return []


def sent(**overrides: Any) -> ProviderEvent:
    """An event of a provider to which this site is connected no more."""
    said = {"provider": "stripe", "livemode": False, "event_id": "evt_1", "type": "invoice.paid"}
    return ProviderEvent.objects.create(**said | {"happened_at": timezone.now()} | overrides)


def apply_event_case() -> list[str]:
    """An event that just came."""
    event = sent()
    with transaction.atomic():
        leases.offer(event.pk, "billing.tasks.apply_event", organization=None)
    return [str(event.pk)]


def look_again_case() -> list[str]:
    """Something that is there no more."""
    organization, gone = builders.make_organization(), new_id()
    with transaction.atomic():
        look_again(organization.pk, gone)
    return [str(gone)]


def reconcile_case() -> list[str]:
    """An event that no lease knows of."""
    sent()
    return []


def watch_payments_case() -> list[str]:
    """An event that was refused, and somebody to be told of it."""
    builders.make_person(is_staff=True, is_superuser=True)
    ProviderWatch.objects.create(provider="stripe", livemode=False)
    sent(state=EventState.REFUSED)
    return []


def erase_old_bodies_case() -> list[str]:
    """What came a hundred days ago."""
    event = sent(state=EventState.APPLIED)
    ProviderEventBody.objects.bulk_create([ProviderEventBody(id=event.pk, body=b"{}")])
    with tenancy.system("tests: a body grows old"):
        ProviderEventBody.objects.update(created_at=timezone.now() - timedelta(days=100))
    return []


CASES: dict[str, Callable[[], list[str]]] = {
    "billing.tasks.run_errand": run_errand_case,
    "billing.tasks.apply_event": apply_event_case,
    "billing.tasks.look_again": look_again_case,
    "billing.tasks.reconcile": reconcile_case,
    "billing.tasks.watch_payments": watch_payments_case,
    "billing.tasks.erase_old_bodies": erase_old_bodies_case,
    "billing.tasks.sync_catalogue": sync_catalogue_case,
    "billing.tasks.settle_plan": settle_plan_case,
    "billing.tasks.roll_up_usage": roll_up_usage_case,
    "billing.tasks.settle_graces": settle_graces_case,
    "billing.tasks.settle_months": settle_months_case,
}
