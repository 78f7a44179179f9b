"""What is bought, paid and given."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.models import (
    Customer,
    Errand,
    ErrandKind,
    ErrandState,
    Payment,
    PaymentState,
    Plan,
    PlanGift,
    Price,
    Purchase,
    PurchaseState,
    SavedCard,
    Subscription,
    SubscriptionState,
)
from core import tenancy
from organizations.models import Organization

numbers = count(1)
AT_STRIPE = {"provider": "stripe", "livemode": False}


def price_of(code: str, interval: str = "month", currency: str = "EUR") -> Price:
    """The current price of a plan or a pack."""
    prices = Price.objects.current().select_related("plan", "pack", "service")
    return next(one for one in prices if (one.item.code, one.interval, one.currency) == (code, interval, currency))


@transaction.atomic
def make_purchase(organization: Organization, by: User, price: Price, **overrides: Any) -> Purchase:
    """A purchase that is paid."""
    fields: dict[str, Any] = {
        **AT_STRIPE,
        "price": price,
        "amount": price.amount,
        "currency": price.currency,
        "state": PurchaseState.PAID,
        "provider_id": f"cs_{next(numbers)}",
        "paid_at": timezone.now(),
    }
    with tenancy.declared(organization.pk):
        return Purchase.objects.create(organization=organization, by=by, **(fields | overrides))


@transaction.atomic
def make_subscription(organization: Organization, price: Price, **overrides: Any) -> Subscription:
    """An active subscription, paid to its period's end: ten days of it are over."""
    start = timezone.now() - timedelta(days=10)
    end = start + timedelta(days=365 if price.interval == "year" else 30)
    fields: dict[str, Any] = {
        **AT_STRIPE,
        "price": price,
        "provider_id": f"sub_{next(numbers)}",
        "item_id": "si_1",
        "state": SubscriptionState.ACTIVE,
        "period_start": start,
        "period_end": end,
        "paid_until": end,
    }
    with tenancy.declared(organization.pk):
        return Subscription.objects.create(organization=organization, **(fields | overrides))


@transaction.atomic
def make_payment(organization: Organization, amount: int = 4_900, **overrides: Any) -> Payment:
    """A payment that has arrived."""
    fields: dict[str, Any] = {
        **AT_STRIPE,
        "provider_id": f"pi_{next(numbers)}",
        "state": PaymentState.SUCCEEDED,
        "currency": "EUR",
        "card": "Visa •••• 4242",
        "paid_at": timezone.now(),
    }
    with tenancy.declared(organization.pk):
        return Payment.objects.create(organization=organization, amount=amount, **(fields | overrides))


@transaction.atomic
def make_gift(organization: Organization, by: User, plan: str = "PRO", **overrides: Any) -> PlanGift:
    """A plan that staff gave, without an end."""
    fields = {"plan": Plan.objects.get(code=plan), "reason": "For a trial", "by_id": by.pk}
    with tenancy.declared(organization.pk):
        return PlanGift.objects.create(organization=organization, **(fields | overrides))


@transaction.atomic
def make_card(organization: Organization, **overrides: Any) -> SavedCard:
    """A default card that is good for years."""
    known = {"organization": organization, **AT_STRIPE}
    customer = Customer.objects.filter(**known).first() or Customer.objects.create(
        **known, provider_id=f"cus_{next(numbers)}"
    )
    fields: dict[str, Any] = {
        "customer": customer,
        "provider_id": f"pm_{next(numbers)}",
        "brand": "Visa",
        "last4": "4242",
        "exp_month": 12,
        "exp_year": timezone.now().year + 3,
        "is_default": True,
    }
    with tenancy.declared(organization.pk):
        return SavedCard.objects.create(organization=organization, **(fields | overrides))


@transaction.atomic
def make_preview(organization: Organization, by: User, subscription: Subscription, price: Price) -> Errand:
    """What a change to that price costs, worked out just now: ten euros."""
    line = {"description": "Remaining time", "amount": 1_000}
    shown = {"due": 1_000, "currency": price.currency, "lines": [line], "at": timezone.now().isoformat()}
    with tenancy.declared(organization.pk):
        return Errand.objects.create(
            organization=organization,
            kind=ErrandKind.PREVIEW,
            state=ErrandState.DONE,
            by=by,
            provider="stripe",
            subject_id=subscription.pk,
            arguments={"price": "price_1", "price_id": str(price.pk)},
            result=shown,
        )
