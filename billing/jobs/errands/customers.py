"""An organization as a customer of a provider: made once, whoever asks first."""

from django.db import transaction

from billing.jobs.errands.outcomes import key
from billing.models import Customer, Errand
from billing.providers.base import PaymentProvider


def ensure(errand: Errand, provider: PaymentProvider) -> str:
    """The customer's id there. Errands side by side use one key, and the row of whoever is first stands."""
    known = _known(errand, provider)
    if known:
        return known
    made = provider.create_customer(
        email=errand.by.email if errand.by else "",
        name=errand.organization.name,
        metadata={"organization": str(errand.organization_id)},
        key=key(errand).replace(str(errand.pk), f"customer:{errand.organization_id}"),
    )
    with transaction.atomic():
        row = Customer(
            organization=errand.organization, provider=provider.name, livemode=provider.livemode, provider_id=made
        )
        Customer.objects.bulk_create([row], ignore_conflicts=True)
    return _known(errand, provider)


def _known(errand: Errand, provider: PaymentProvider) -> str:
    rows = Customer.objects.filter(organization=errand.organization, provider=provider.name, livemode=provider.livemode)
    return rows.values_list("provider_id", flat=True).first() or ""
