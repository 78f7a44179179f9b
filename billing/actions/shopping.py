"""What every act that costs money asks first: with whom it can be paid, and whether this is sold."""

from django.utils.translation import gettext as _

from billing.errors import PaymentRefused
from billing.models import Customer, Price, ProviderPrice, Subscription
from billing.providers.base import PaymentProvider
from billing.providers.registry import providers
from billing.queries.access import subscription_of
from organizations.models import Organization


def open_provider(organization: Organization) -> PaymentProvider:
    """The provider that the organization pays with, or will. Raises PaymentRefused where there is none."""
    if organization.closed_at:
        raise PaymentRefused(_("This organization is closed: nothing is bought for it."), code="closed")
    connected = providers()
    if not connected:
        raise PaymentRefused(_("Payments are switched off at the moment."), code="no_provider")
    known = Customer.objects.filter(organization=organization, provider__in=connected).order_by("-id")
    name = known.values_list("provider", flat=True).first() or next(iter(connected))
    return connected[name]


def mirror_of(price: Price, provider: PaymentProvider) -> ProviderPrice:
    """The price as the provider knows it. Raises PaymentRefused for one that is not sold today."""
    known = price.mirrors.filter(provider=provider.name, livemode=provider.livemode, archived_at__isnull=True)
    mirror: ProviderPrice | None = known.first()
    is_sold = price.retired_at is None and price.item.on_sale and price.service_id is None
    if not is_sold or mirror is None:
        raise PaymentRefused(_("This is not sold at the moment. Look at the prices again."), code="not_sold")
    return mirror


def subscription_in_force(organization: Organization) -> Subscription:
    """The one that can be changed or ended. Raises PaymentRefused where there is none."""
    subscription = subscription_of(organization)
    if subscription is None:
        raise PaymentRefused(_("There is no subscription. Choose a plan first."), code="no_subscription")
    return subscription
