"""What customers and staff do at the till, by actions and workers, and what the tests read of it afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from billing.actions import checkout
from billing.models import Errand, Payment, Price, Purchase, Subscription
from core import tenancy
from core.models import Lease
from organizations.models import Organization
from tests.fakes.stripe import Sandbox

Row = TypeVar("Row", bound=models.Model)
Perform = Callable[[], int]


@contextmanager
def working(organization: Organization) -> Iterator[None]:
    """In a transaction for the organization, as a request or a task is."""
    with transaction.atomic(), tenancy.declared(organization.pk):
        yield


def rows(model: type[Row], organization: Organization, **fields: Any) -> list[Row]:
    """The organization's rows, oldest first."""
    with working(organization):
        return list(model._default_manager.filter(organization=organization, **fields).order_by("pk"))


def again(row: Row) -> Row:
    """The row as it is now."""
    with working(row.organization):  # type: ignore[attr-defined]  # every tenant row has one
        return type(row)._default_manager.select_related("organization").get(pk=row.pk)


def trail(row: models.Model) -> list[str]:
    """What the trail says was done to it, oldest first."""
    with tenancy.system("tests: the trail"):
        return list(Entry.objects.filter(target_id=row.pk).order_by("id").values_list("action", flat=True))


def order(organization: Organization, price: Price, by: User, quantity: int = 1) -> Purchase:
    """Order something."""
    with working(organization):
        return checkout.start_checkout(organization=organization, price=price, by=by, quantity=quantity)


def opened(organization: Organization, price: Price, by: User, run_queue: Perform, quantity: int = 1) -> Purchase:
    """Order something and have its page opened."""
    purchase = order(organization, price, by, quantity)
    run_queue()
    return again(purchase)


def settled(purchase: Purchase, run_queue: Perform) -> Purchase:
    """The purchase after a worker has looked at the provider what became of it."""
    with working(purchase.organization):
        checkout.look_again(purchase=purchase)
    run_queue()
    return again(purchase)


def bought(
    organization: Organization,
    price: Price,
    by: User,
    stripe: Sandbox,
    run_queue: Perform,
    *,
    quantity: int = 1,
    card: str = "pm_card_visa",
) -> Purchase:
    """Order something, pay for it, and have a worker look."""
    purchase = opened(organization, price, by, run_queue, quantity)
    assert purchase.provider_id
    stripe.pay(purchase.provider_id, card)
    return settled(purchase, run_queue)


def subscription(organization: Organization) -> Subscription:
    """The organization's newest subscription."""
    return rows(Subscription, organization)[-1]


def payment(organization: Organization) -> Payment:
    """The organization's newest payment."""
    return rows(Payment, organization)[-1]


def errand(organization: Organization, **fields: Any) -> Errand:
    """The organization's newest errand."""
    return rows(Errand, organization, **fields)[-1]


def worked_off(asked: Errand, run_queue: Perform) -> Errand:
    """An errand after a worker took it up."""
    run_queue()
    return again(asked)


def deferred(row: models.Model) -> float:
    """For how many seconds the row's work rests."""
    return (Lease.objects.get(pk=row.pk).available_at - timezone.now()).total_seconds()


def due_now() -> None:
    """Whatever rests is due."""
    Lease.objects.update(available_at=Now())
